/**
 * Tells a member that was left out from one that was renamed: where the first missing step of a path is looked for, is
 * there a member that no sample has? A path in, and what samples have on its way; never a value, never a name out.
 */
import { parsePath } from '../json/json-path.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { ownMember } from '../json/own-member.ts';
import { keysOf } from '../shape/path-steps.ts';

/** The members that the values have at each step of a plain path, sorted; null where none is an object. */
export function knownAlong(
  path: string,
  values: readonly JsonValue[],
): readonly (readonly string[] | null)[] | undefined {
  const parsed = parsePath(path);
  if (!parsed.ok || !parsed.plain) return undefined;
  let current = values;
  return parsed.segments.flatMap(keysOf).map((key) => {
    const objects = current.filter(isJsonObject);
    const names = objects.length === 0 ? null : [...new Set(objects.flatMap(Object.keys))].sort();
    current = current.flatMap((value) => ownMember(value, key) ?? []);
    return names;
  });
}

/** Makes the function that says whether something new stands beside the first missing step. */
export function compileNewMember(
  path: string,
  known: readonly (readonly string[] | null)[],
): (value: JsonValue) => boolean {
  const parsed = parsePath(path);
  const keys = parsed.ok ? parsed.segments.flatMap(keysOf) : [];
  const names = known.map((list) => (list === null ? null : new Set(list)));
  return (value) => {
    let current = value;
    for (const [index, key] of keys.entries()) {
      const next = ownMember(current, key);
      if (next === undefined) {
        const expected = names[index];
        return (
          expected != null &&
          isJsonObject(current) &&
          Object.keys(current).some((name) => !expected.has(name))
        );
      }
      if (next === null) return false;
      current = next;
    }
    return false;
  };
}
