/** Changes a copy of a JSON value at plain paths: how a case says "this sample, but without that field". */

import { suggest } from '../../diagnostics/suggest.ts';
import { parsePath } from '../../stages/json/json-path.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';

export interface Edit {
  readonly set: Readonly<Record<string, unknown>>;
  readonly remove: readonly string[];
}

type Edited =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly message: string };
type Mutable = JsonValue[] | Record<string, JsonValue>;

/** Paths must be plain (members and indexes), and everything above the last step must exist. */
export function editJson(value: JsonValue, edit: Edit): Edited {
  let copy = structuredClone(value) as JsonValue;
  for (const [path, replacement] of Object.entries(edit.set)) {
    const steps = plainSteps(path);
    if (steps === null) return { ok: false, message: `set: "${path}" is not a plain path such as $.a.b[0]` };
    if (steps.length === 0) {
      copy = replacement as JsonValue;
      continue;
    }
    const parent = walk(copy, steps.slice(0, -1));
    if (parent === null) return { ok: false, message: `set: nothing holds "${path}" in the body` };
    Object.defineProperty(parent, steps.at(-1) as string | number, {
      value: replacement,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  }
  for (const path of edit.remove) {
    const steps = plainSteps(path);
    const last = steps?.at(-1);
    const parent = steps === null || last === undefined ? null : walk(copy, steps.slice(0, -1));
    if (parent === null || last === undefined || !Object.hasOwn(parent, last)) {
      return { ok: false, message: `remove: "${path}" is not in the body` };
    }
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
  }
  return { ok: true, value: copy };
}

/** Paths of `set` that `value` does not have, and that an edit adds; `meant` is a member beside it that is spelt alike. */
export function findAdded(
  value: JsonValue,
  { set }: Edit,
): readonly { readonly path: string; readonly meant: string | undefined }[] {
  return Object.keys(set).flatMap((path) => {
    const steps = plainSteps(path);
    const last = steps?.at(-1);
    const parent = steps === null || last === undefined ? null : walk(value, steps.slice(0, -1));
    if (parent === null || last === undefined || Object.hasOwn(parent, last)) return [];
    return [{ path, meant: suggest(String(last), Object.keys(parent)) }];
  });
}

function plainSteps(path: string): (string | number)[] | null {
  const parsed = parsePath(path);
  if (!parsed.ok || !parsed.plain) return null;
  return parsed.segments.map((segment) => {
    if (segment.kind === 'name') return segment.name;
    if (segment.kind === 'index') return segment.index;
    throw new Error(`a plain path has only names and indexes, not ${segment.kind}`);
  });
}

function walk(value: JsonValue, steps: readonly (string | number)[]): Mutable | null {
  let current: JsonValue | undefined = value;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return null;
    current = (current as Record<string | number, JsonValue>)[step];
  }
  return typeof current === 'object' && current !== null ? (current as Mutable) : null;
}
