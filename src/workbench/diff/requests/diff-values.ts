/** Two JSON values in, the places where they differ out: as people read a trigger, member by member. Bounded. */

import { isJsonObject } from '../../../stages/json/json-value.ts';
import { isSame } from '../plans/raw-differences.ts';

export interface ValueDifference {
  /** Such as `variables.amount` or `targetUserIds[0]`; empty: the whole. */
  readonly path: string;
  /** Absent: not there. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Differences of one value that are told apart; a trigger has few fields. */
const MAX_DIFFERENCES = 50;

export function diffValues(before: unknown, after: unknown): readonly ValueDifference[] {
  const found: ValueDifference[] = [];
  compare(before, after, '', found);
  return found.slice(0, MAX_DIFFERENCES);
}

function compare(before: unknown, after: unknown, path: string, found: ValueDifference[]): void {
  if (found.length > MAX_DIFFERENCES || isSame(before, after)) return;
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const step = path === '' ? name : `${path}.${name}`;
      compare(ownOf(before, name), ownOf(after, name), step, found);
    }
    return;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [index, value] of before.entries()) compare(value, after[index], `${path}[${index}]`, found);
    return;
  }
  found.push({
    path,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

function ownOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
