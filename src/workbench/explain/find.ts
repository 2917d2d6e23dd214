/**
 * Every word that Sluice uses as a code, by group. In: a code. Out: what each group says about it: some codes name a
 * problem of a file and what became of a request. Adds nothing to the tables.
 */

import { CODES, type Code, type CodeEntry } from '../../diagnostics/codes.ts';
import { showSide } from '../../diagnostics/examples/example.ts';
import { EXAMPLES } from '../../diagnostics/examples/examples.ts';
import { OUTCOME_CODES, type CodeEntry as OutcomeCodeEntry } from '../../outcomes/codes.ts';
import { KINDS, type KindEntry } from '../diff/plans/kinds.ts';
import { GATES, type GateEntry } from './gates.ts';

export type Explained =
  | ({ readonly group: 'problems' } & CodeEntry & { readonly wrong?: string; readonly right?: string })
  | ({ readonly group: 'outcomes' } & OutcomeTexts)
  | ({ readonly group: 'gates' } & GateEntry)
  | ({ readonly group: 'changes' } & KindEntry);

/** What of a row is for people. */
type OutcomeTexts = Pick<OutcomeCodeEntry, 'outcome' | 'meaning' | 'fix'>;

const OUTCOMES: Readonly<Record<string, OutcomeTexts>> = Object.fromEntries(
  Object.entries(OUTCOME_CODES).map(([code, { outcome, meaning, fix }]) => [code, { outcome, meaning, fix }]),
);

export const GROUPS = {
  problems: { title: 'Problems of files, which `check` reports', entries: CODES },
  outcomes: { title: 'Outcomes of requests, in answers, holds, logs and cases', entries: OUTCOMES },
  gates: { title: 'Gates of `diff --gate`', entries: GATES },
  changes: { title: 'Changes that `diff` reports', entries: KINDS },
} as const;

export function listCodes(): readonly string[] {
  return Object.values(GROUPS).flatMap(({ entries }) => Object.keys(entries));
}

/** Empty where no group knows the code. */
export function findExplanations(code: string): readonly Explained[] {
  const found: Explained[] = [];
  const problem = entryOf<CodeEntry>(CODES, code);
  if (problem !== null) found.push({ group: 'problems', ...problem, ...examplesOf(code as Code) });
  const outcome = entryOf(OUTCOMES, code);
  if (outcome !== null) found.push({ group: 'outcomes', ...outcome });
  const gate = entryOf<GateEntry>(GATES, code);
  if (gate !== null) found.push({ group: 'gates', ...gate });
  const change = entryOf<KindEntry>(KINDS, code);
  if (change !== null) found.push({ group: 'changes', ...change });
  return found;
}

function entryOf<Entry>(table: Readonly<Record<string, Entry>>, code: string): Entry | null {
  return Object.hasOwn(table, code) ? (table[code] ?? null) : null;
}

function examplesOf(code: Code): { wrong?: string; right?: string } {
  const example = EXAMPLES[code];
  return typeof example === 'string'
    ? {}
    : { wrong: showSide(example.wrong), right: showSide(example.right) };
}
