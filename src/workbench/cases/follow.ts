/**
 * What came out, cut down to what a case wants to know: the other side of a comparison, and what `--update` writes. In: a
 * value of `want` and what came out instead. Out: the same keys with what came out; undefined where nothing did.
 */
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import type { Mismatch } from './compare.ts';

export function followWant({ key, wanted, got }: Mismatch): JsonValue | undefined {
  if (key === 'differences') return (got as readonly string[]).length === 0 ? undefined : (got as JsonValue);
  if (key !== 'triggers') return follow(wanted as JsonValue, got as JsonValue | undefined);
  const wantedList = wanted as readonly JsonValue[];
  // A trigger more than was wanted says the same fields as the others.
  const like = wantedList.at(-1) ?? { targetUserIds: null };
  return (got as readonly JsonValue[]).map((one, index) => follow(wantedList[index] ?? like, one) ?? {});
}

function follow(wanted: JsonValue, got: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(wanted) || !isJsonObject(got)) return got;
  const members = Object.keys(wanted).flatMap((name) => {
    const value = Object.hasOwn(got, name)
      ? follow(wanted[name] as JsonValue, got[name] as JsonValue)
      : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(members);
}
