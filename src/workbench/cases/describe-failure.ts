/**
 * Why a case does not hold, for people. In: its result. Out: lines without controls, each with what it is, so that a
 * terminal can colour them: each key of `want` in words, what the outcome means, and triggers as a diff.
 */
import { escapeControls } from '../../diagnostics/printable.ts';
import { OUTCOME_CODES } from '../../outcomes/codes.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import type { Mismatch } from './compare.ts';
import { followWant } from './follow.ts';
import type { Observation } from './observe.ts';
import type { CaseResult } from './run-case.ts';
import { unifiedDiff } from './unified-diff.ts';

export interface FailureLine {
  readonly kind: 'fact' | 'hint' | 'wanted' | 'got' | 'context';
  readonly text: string;
}

/** Most differences of a shape that are listed. */
const MAX_LISTED = 10;

export function describeFailure(result: CaseResult): readonly FailureLine[] {
  if (!result.ran) return [line('fact', result.message)];
  const { mismatches, observation } = result;
  const { outcome } = result.result;
  const facts = mismatches.flatMap(describeMismatch);
  const isOutcomeWrong = mismatches.some(({ key }) => HINTED.has(key));
  return isOutcomeWrong ? [...facts, ...explain(outcome, observation)] : facts;
}

/** Keys whose difference asks why the outcome is what it is. */
const HINTED: ReadonlySet<Mismatch['key']> = new Set(['outcome', 'code', 'status', 'paused', 'differences']);

function describeMismatch(mismatch: Mismatch): readonly FailureLine[] {
  const { key, wanted, got, lines } = mismatch;
  if (key !== 'trigger' && key !== 'triggers') return lines.map((text) => line('fact', text));
  const isNothing = got === undefined || (Array.isArray(got) && got.length === 0);
  if (isNothing) return [line('fact', `${key}: there is none`)];
  return [
    line('fact', `${key}: - wanted, + came out`),
    ...unifiedDiff(wanted, followWant(mismatch)).map(({ mark, text }) => {
      const kind = mark === '-' ? 'wanted' : mark === '+' ? 'got' : 'context';
      return line(kind, `${mark} ${text}`.trimEnd());
    }),
  ];
}

/** What came out, in words, and the details that the stages gave. */
function explain(outcome: Outcome, observation: Observation): readonly FailureLine[] {
  const name = outcome.code === outcome.outcome ? outcome.code : `${outcome.outcome}, ${outcome.code}`;
  const head = line('hint', `${name}: ${OUTCOME_CODES[outcome.code].meaning}`);
  const differences = outcome.outcome === 'held' ? outcome.differences : [];
  const listed = differences
    .slice(0, MAX_LISTED)
    .map(({ path, expected, found }) => line('hint', `  ${path}: expected ${expected}, found ${found}`));
  const rest = differences.length - listed.length;
  if (rest > 0) listed.push(line('hint', `  and ${rest} more`));
  const detail = outcome.outcome === 'rejected' ? outcome.detail : undefined;
  const messages = detail === undefined ? reasonsOf(observation) : [detail];
  return [head, ...listed, ...messages.map((message) => line('hint', `  ${message}`))];
}

/** What the mapping or the script said; what the shape said stands in the differences. */
function reasonsOf({ evaluation, judged }: Observation): readonly string[] {
  const results = [evaluation, ...judged.map(({ result }) => result)];
  const messages = results.flatMap((result) =>
    result?.kind === 'held' && result.differences.length === 0 ? [result.message] : [],
  );
  return [...new Set(messages)].slice(0, MAX_LISTED);
}

function line(kind: FailureLine['kind'], text: string): FailureLine {
  return { kind, text: escapeControls(text) };
}
