/**
 * What a command gets from the process: streams, environment and folder, so that a test can hand in its own. What
 * people read goes to standard error or, where it is the answer, to standard output; JSON goes to standard output alone.
 */
import type { Readable, Writable } from 'node:stream';
import { stringifyJson } from '../stages/json/json-text.ts';
import type { JsonValue } from '../stages/json/json-value.ts';
import type { Prompts } from './prompts.ts';

export interface Context {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin?: Readable;
  /** Only where a person is there to answer. */
  readonly prompts?: Prompts;
}

/** Exit codes: CI jobs and deployments rely on them. */
export const EXIT = { clean: 0, problems: 1, usage: 2, internal: 3 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export function print(context: Context, text: string): void {
  context.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}

export function printError(context: Context, text: string): void {
  context.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Says what is wrong with how a command was called. */
export function usage(context: Context, message: string): ExitCode {
  printError(context, message);
  return EXIT.usage;
}

/** Says why a command could not do it. */
export function failed(context: Context, message: string): ExitCode {
  printError(context, message);
  return EXIT.problems;
}

export function printJson(context: Context, value: unknown): void {
  // Integers past 2^53 keep their digits.
  context.stdout.write(`${stringifyJson(value as JsonValue, 2)}\n`);
}

/** Colours only where a person looks at a terminal and has not said no (https://no-color.org). */
export function wantsColour(context: Context, stream: 'stdout' | 'stderr'): boolean {
  if (context.env.NO_COLOR !== undefined && context.env.NO_COLOR !== '') return false;
  return context[stream].isTTY === true;
}
