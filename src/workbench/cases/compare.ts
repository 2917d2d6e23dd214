/** What a case wants against what came out. Empty: it holds. One entry for each key of `want` that differs. */
import { isDeepStrictEqual } from 'node:util';
import type { CaseWant } from '../../generated/case.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import { httpStatus } from '../../runtime/ingress/answer.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';
import type { AcknowledgePlan } from '../../stages/plans.ts';

export interface CaseOutcome {
  readonly outcome: Outcome;
  readonly paused: boolean;
  /** What the connector's provider insists on. */
  readonly acknowledge?: AcknowledgePlan | undefined;
}

/** A key of `want` that does not hold. */
export interface Mismatch {
  readonly key: keyof CaseWant;
  readonly wanted: unknown;
  /** undefined: nothing of that kind came out. */
  readonly got: unknown;
  /** One line for each thing that differs. */
  readonly lines: readonly string[];
}

export function compareOutcome(want: CaseWant, result: CaseOutcome): Mismatch[] {
  const got = comparedOf(result);
  const mismatches: Mismatch[] = [];
  for (const key of KEYS) {
    const wanted = want[key];
    if (wanted === undefined) continue;
    const lines = compareKey(key, wanted, got[key]);
    if (lines.length > 0) mismatches.push({ key, wanted, got: got[key], lines });
  }
  return mismatches;
}

/** In the order in which people look at them. */
const KEYS = [
  'outcome',
  'code',
  'status',
  'paused',
  'mode',
  'body',
  'trigger',
  'triggers',
  'differences',
] as const satisfies readonly (keyof CaseWant)[];

/** What came out, in the words of `want`; undefined where there is nothing of the kind. */
function comparedOf({
  outcome,
  paused,
  acknowledge,
}: CaseOutcome): Readonly<Record<(typeof KEYS)[number], unknown>> {
  const triggers = 'triggers' in outcome ? outcome.triggers.map((one) => one.trigger) : [];
  return {
    outcome: outcome.outcome,
    code: outcome.code,
    status: httpStatus(outcome, acknowledge),
    paused,
    mode: 'mode' in outcome ? outcome.mode : undefined,
    body: outcome.outcome === 'answered' ? outcome.body : undefined,
    trigger: triggers[0],
    triggers,
    differences: outcome.outcome === 'held' ? outcome.differences.map(({ path }) => path) : [],
  };
}

function compareKey(key: Mismatch['key'], wanted: unknown, got: unknown): readonly string[] {
  const lines: string[] = [];
  if (key === 'trigger') subset('trigger', wanted, got, lines);
  else if (key === 'triggers') {
    const [wantedList, gotList] = [wanted, got] as readonly (readonly unknown[])[] as [unknown[], unknown[]];
    expectSame('number of triggers', wantedList.length, gotList.length, lines);
    for (const [index, trigger] of wantedList.entries())
      subset(`triggers[${index}]`, trigger, gotList[index], lines);
  } else if (key === 'differences') {
    const found = got as readonly string[];
    for (const path of wanted as readonly string[]) {
      if (!found.includes(path)) lines.push(`differences: want ${path} among ${stringifyJson(found)}`);
    }
  } else expectSame(key, wanted, got, lines);
  return lines;
}

function expectSame(name: string, wanted: unknown, got: unknown, lines: string[]): void {
  if (!isDeepStrictEqual(wanted, got))
    lines.push(`${name}: want ${stringifyJson(wanted)}, got ${stringifyJson(got)}`);
}

/** Every member that is wanted must be there with that value; lists are compared whole. */
function subset(path: string, wanted: unknown, got: unknown, lines: string[]): void {
  if (isJsonObject(wanted) && isJsonObject(got)) {
    for (const [name, value] of Object.entries(wanted))
      subset(`${path}.${name}`, value, Object.hasOwn(got, name) ? got[name] : undefined, lines);
    return;
  }
  expectSame(path, wanted, got, lines);
}
