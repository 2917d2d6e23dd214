/**
 * What a target brings along: its settings, and how it is opened with their values. The configuration, the command line's
 * options and their help are made from this. A new target is a file of its own and a line in targets.ts.
 */
import type { Setting, ValuesOf } from '../settings/setting.ts';
import type { Target } from './target.ts';

/** What every target may use of the runtime that opens it. */
export interface TargetSurroundings {
  readonly stateDir: string;
  readonly userAgent: string;
  /** Takes one line for people; no values of a payload in it. */
  readonly announce: (text: string) => void;
}

export type TargetResult =
  | { readonly ok: true; readonly target: Target }
  /** Every problem; no secrets. */
  | { readonly ok: false; readonly problems: readonly string[] };

export interface TargetDefinition<Table> {
  /** What it is, for whoever chooses: a sentence. */
  readonly title: string;
  readonly settings: Table;
  /** Settings without which it cannot be opened. */
  readonly needs: readonly (keyof Table & string)[];
  /** What is missing, for people, where one of these is not set. */
  readonly without?: Readonly<Partial<Record<keyof Table & string, string>>>;
  /** Never throws; connects to nothing before the first trigger. */
  open(values: ValuesOf<Table>, surroundings: TargetSurroundings): TargetResult;
}

export function defineTarget<const Table extends Readonly<Record<string, Setting>>>(
  definition: TargetDefinition<Table>,
): TargetDefinition<Table> {
  return definition;
}

/** What is wrong with a URL of a target. The URL itself is not quoted: keys stand in URLs. */
export function urlProblems(what: string, url: string | null): readonly string[] {
  if (url === null) return [];
  if (!URL.canParse(url)) return [`${what} is not a URL: give one such as https://example.com/hook`];
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:')
    return [`${what} is not a web address: give http or https`];
  if (username !== '' || password !== '') return [`${what} holds credentials: leave them out`];
  return [];
}
