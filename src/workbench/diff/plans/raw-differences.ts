/**
 * Two plans in, the JSON pointer of every place where they differ out. Knows nothing of what a plan means, so that it
 * misses nothing: what no rule explains is reported by its pointer. Lists are compared whole.
 */
import { canonicalJson } from '../../../bundle/canonical-json.ts';
import { isJsonObject } from '../../../stages/json/json-value.ts';
import { pointerTo } from '../../../stages/problem.ts';

export interface RawDifference {
  readonly pointer: string;
  /** null: absent. */
  readonly before: unknown;
  readonly after: unknown;
}

/** In the order of names. A member that is undefined is absent, as in canonical JSON. */
export function findRawDifferences(before: unknown, after: unknown, pointer = ''): readonly RawDifference[] {
  if (isJsonObject(before) && isJsonObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) =>
      findRawDifferences(ownOf(before, name), ownOf(after, name), pointerTo(pointer, name)),
    );
  }
  if (textOf(before) === textOf(after)) return [];
  return [{ pointer, before: before ?? null, after: after ?? null }];
}

/** True for a pointer that is one of these, or below one of them. */
export function isExplained(pointer: string, explained: readonly string[]): boolean {
  return explained.some((one) => pointer === one || pointer.startsWith(`${one}/`));
}

/** True where two values are the same JSON; absent equals absent only. */
export function isSame(before: unknown, after: unknown): boolean {
  return textOf(before) === textOf(after);
}

function ownOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Absent is not null: `equals: null` is a condition. */
function textOf(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalJson(value);
}
