/**
 * What a setting of the runtime is: its flag, its variable, its form, its default and its help. Each is declared once, where
 * it belongs: by a target, or in the table of the others.
 */
import type { Parser } from './parse-value.ts';

export interface Setting<T = unknown> {
  /** Without the dashes; the variable is SLUICE_ and the flag in capitals. */
  readonly flag: string;
  /** What stands for the value in the help. */
  readonly value: string;
  readonly help: string;
  /** Taken when nothing is set; goes through the parser like anything else. */
  readonly fallback?: string;
  /** Never a flag (a process list shows flags to everybody), never printed. */
  readonly secret?: true;
  readonly parse: Parser<T>;
  /** Where the variable has another name. */
  readonly variable?: string;
  /** The text that was given, for a message, where it may hold a secret. */
  readonly mask?: (text: string) => string;
  /** How it is printed, where the value itself says too much. */
  show?(value: T): string;
}

/** A setting that always has a value. */
export interface DefaultedSetting<T> extends Setting<T> {
  readonly fallback: string;
}

/** The value of each setting of a table; null where it is not set and has no default. */
export type ValuesOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends DefaultedSetting<infer T>
    ? T
    : Table[Name] extends Setting<infer T>
      ? T | null
      : never;
};

export function setting<T>(one: DefaultedSetting<T>): DefaultedSetting<T>;
export function setting<T>(one: Setting<T>): Setting<T>;
export function setting<T>(one: Setting<T>): Setting<T> {
  return one;
}

export function environmentVariable(setting: Pick<Setting, 'flag' | 'variable'>): string {
  return setting.variable ?? `SLUICE_${setting.flag.toUpperCase().replaceAll('-', '_')}`;
}

/** The name under which the command line hands over the value of a flag. */
export function optionName(setting: Pick<Setting, 'flag'>): string {
  return setting.flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Where a query may carry a key, only its presence is printed. */
export function showUrl(text: string): string {
  const { origin, pathname, search } = new URL(text);
  return `${origin}${pathname}${search === '' ? '' : '?...'}`;
}
