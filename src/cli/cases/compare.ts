/** What a case wants against what came out. Empty: it holds. Each line says one thing that differs. */
import { isDeepStrictEqual } from 'node:util';
import type { CaseWant } from '../../generated/case.ts';
import { httpStatus } from '../../runtime/answer.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { isJsonObject } from '../../stages/json-value.ts';

export interface CaseOutcome {
  readonly outcome: Outcome;
  readonly paused: boolean;
  /** What the connector's provider insists on. */
  readonly acknowledge?: 200 | 204 | undefined;
}

export function compareOutcome(want: CaseWant, { outcome, paused, acknowledge }: CaseOutcome): string[] {
  const lines: string[] = [];
  const expect = (name: string, wanted: unknown, got: unknown): void => {
    if (wanted !== undefined && !isDeepStrictEqual(wanted, got))
      lines.push(`${name}: want ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
  };
  expect('outcome', want.outcome, outcome.outcome);
  expect('code', want.code, outcome.code);
  expect('status', want.status, httpStatus(outcome, acknowledge));
  expect('paused', want.paused, paused);
  expect('mode', want.mode, 'mode' in outcome ? outcome.mode : undefined);
  expect('body', want.body, outcome.outcome === 'answered' ? outcome.body : undefined);
  const triggers = 'triggers' in outcome ? outcome.triggers.map((one) => one.trigger) : [];
  if (want.trigger !== undefined) subset('trigger', want.trigger, triggers[0], lines);
  if (want.triggers !== undefined) {
    expect('number of triggers', want.triggers.length, triggers.length);
    for (const [index, trigger] of want.triggers.entries())
      subset(`triggers[${index}]`, trigger, triggers[index], lines);
  }
  if (want.differences !== undefined) {
    const found = outcome.outcome === 'held' ? outcome.differences.map((one) => one.path) : [];
    for (const path of want.differences) {
      if (!found.includes(path)) lines.push(`differences: want ${path} among ${JSON.stringify(found)}`);
    }
  }
  return lines;
}

/** Every member that is wanted must be there with that value; lists are compared whole. */
function subset(path: string, wanted: unknown, got: unknown, lines: string[]): void {
  if (isJsonObject(wanted) && isJsonObject(got)) {
    for (const [name, value] of Object.entries(wanted))
      subset(`${path}.${name}`, value, Object.hasOwn(got, name) ? got[name] : undefined, lines);
    return;
  }
  if (!isDeepStrictEqual(wanted, got))
    lines.push(`${path}: want ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
}
