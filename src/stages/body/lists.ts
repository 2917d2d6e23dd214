/**
 * What a form or an XML document cannot say: whether one is one, or a list that happens to have one element. In: the bodies
 * of samples. Out: the names (forms) or paths (XML) that some sample repeats, and samples in which these are lists.
 */
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { BodyPlan } from '../plans.ts';
import { isListField } from './form-body.ts';

/** Sorted; empty for kinds of bodies that have lists of their own. */
export function findLists(kind: BodyPlan['body'], bodies: readonly JsonValue[]): readonly string[] {
  if (kind !== 'form' && kind !== 'xml') return [];
  const found = new Set<string>();
  for (const body of bodies) collect(body, '', kind === 'xml', found);
  return [...found].sort();
}

function collect(value: JsonValue, path: string, isDeep: boolean, found: Set<string>): void {
  if (Array.isArray(value)) {
    found.add(path);
    if (isDeep) for (const item of value) collect(item, path, isDeep, found);
  } else if (isJsonObject(value) && (isDeep || path === '')) {
    for (const [name, member] of Object.entries(value)) {
      collect(member, path === '' ? name : `${path}/${name}`, isDeep, found);
    }
  }
}

/** The body as a request of the same content is read: what is a list anywhere is a list here. */
export function withLists(kind: BodyPlan['body'], body: JsonValue, lists: readonly string[]): JsonValue {
  if (kind === 'xml') return lists.length === 0 ? body : withListsAt(body, '', new Set(lists));
  if (kind !== 'form' || !isJsonObject(body)) return body;
  const names = new Set(lists);
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      isListField(name, names) && !Array.isArray(value) ? [value] : value,
    ]),
  );
}

function withListsAt(value: JsonValue, path: string, lists: ReadonlySet<string>): JsonValue {
  if (Array.isArray(value)) return value.map((item) => withListsAt(item, path, lists));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const at = path === '' ? name : `${path}/${name}`;
      const inner = withListsAt(member, at, lists);
      return [name, lists.has(at) && !Array.isArray(inner) ? [inner] : inner];
    }),
  );
}
