/** The ways in which a sender changes a field: a payload and a place in, a changed copy out. */
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/stages/json/json-value.ts';
import type { Place } from './draw.ts';

export const MUTATIONS = ['rename', 'drop', 'null', 'retype', 'wrap in a list', 'wrap in an object'] as const;
export type Mutation = (typeof MUTATIONS)[number];

/**
 * The payload with one place changed. `seen` are the values that genuine payloads have there: retype chooses a type that
 * none of them has. null where the change would be none.
 */
export function mutate(
  payload: JsonObject,
  place: Place,
  mutation: Mutation,
  seen: readonly JsonValue[],
): JsonObject | null {
  const value = place.reduce<JsonValue | undefined>(
    (at, name) => (isJsonObject(at) ? at[name] : undefined),
    payload,
  );
  if (value === undefined || value === null) return null;
  const name = place.at(-1) as string;
  switch (mutation) {
    case 'rename':
      return edit(payload, place, (parent) =>
        Object.fromEntries(
          Object.entries(parent).map(([key, one]) => [key === name ? `${name}_renamed` : key, one]),
        ),
      );
    case 'drop':
      return edit(payload, place, ({ [name]: _, ...rest }) => rest);
    case 'null':
      return edit(payload, place, (parent) => ({ ...parent, [name]: null }));
    case 'retype': {
      const types = new Set(seen.map((one) => typeof one));
      const other = ['text', 12, true].find((one) => !types.has(typeof one as 'string'));
      return other === undefined ? null : edit(payload, place, (parent) => ({ ...parent, [name]: other }));
    }
    case 'wrap in a list':
      return edit(payload, place, (parent) => ({ ...parent, [name]: [value] }));
    case 'wrap in an object':
      return edit(payload, place, (parent) => ({ ...parent, [name]: { value } }));
  }
}

/** The payload with another value at a place that it has. */
export function replaceAt(payload: JsonObject, place: Place, value: JsonValue): JsonObject {
  const name = place.at(-1) as string;
  return edit(payload, place, (parent) => ({ ...parent, [name]: value }));
}

function edit(payload: JsonObject, place: Place, change: (parent: JsonObject) => JsonObject): JsonObject {
  const [name, ...rest] = place;
  if (name === undefined || rest.length === 0) return change(payload);
  return { ...payload, [name]: edit(payload[name] as JsonObject, rest, change) };
}
