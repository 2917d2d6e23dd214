/** Every scalar of sample payloads by its path: what proposals choose from. In: payloads of one event. Out: leaves. */
import { formatName } from '../../stages/json/json-path-grammar.ts';
import type { JsonScalar, JsonValue } from '../../stages/json/json-value.ts';
import { isForbiddenKey, ownMember } from '../../stages/json/own-member.ts';
import { classifyKey } from '../samples/redact/classify-key.ts';

export interface Leaf {
  /** JSONPath, ready to paste. */
  readonly path: string;
  /** The members that lead to it, as words in lower case: `pull_request.mergedBy` is [[pull, request], [merged, by]]. */
  readonly names: readonly (readonly string[])[];
  /** What the payloads have there, null left out. */
  readonly values: readonly JsonScalar[];
  /** A key on the way looks like data: the path holds it, and leads nowhere in the next payload. */
  readonly isBelowData: boolean;
  /** The path has a wildcard: there may be several values in one payload. */
  readonly isInList: boolean;
  /** Missing or null in a payload. */
  readonly optional: boolean;
}

/** Leaves of a payload beyond this many are not looked at: nobody maps the thousandth. */
const MAX_LEAVES = 5_000;

interface Place {
  readonly names: readonly string[];
  readonly isInList: boolean;
  readonly values: JsonScalar[];
  readonly payloads: Set<number>;
}

/** In the order of the payloads. */
export function listLeaves(payloads: readonly JsonValue[]): readonly Leaf[] {
  const places = new Map<string, Place>();
  for (const [index, payload] of payloads.entries()) visit(payload, '$', [], false, index, places);
  return [...places].map(([path, { names, isInList, values, payloads: seen }]) => ({
    path,
    names: names.map(wordsOf),
    isBelowData: names.some((name) => classifyKey(name) !== null),
    values,
    isInList,
    optional: seen.size < payloads.length,
  }));
}

/** `assignedTo`, `assigned_to` and `assigned-to` are the same two words. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function visit(
  value: JsonValue,
  path: string,
  names: readonly string[],
  isInList: boolean,
  payload: number,
  places: Map<string, Place>,
): void {
  if (Array.isArray(value)) {
    for (const element of value) visit(element, `${path}[*]`, names, true, payload, places);
    return;
  }
  if (typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value)) {
      if (isForbiddenKey(name)) continue;
      const member = ownMember(value, name) as JsonValue;
      visit(member, `${path}${formatName(name)}`, [...names, name], isInList, payload, places);
    }
    return;
  }
  let place = places.get(path);
  if (place === undefined) {
    if (places.size >= MAX_LEAVES) return;
    place = { names, isInList, values: [], payloads: new Set() };
    places.set(path, place);
  }
  if (value === null) return;
  place.values.push(value as JsonScalar);
  place.payloads.add(payload);
}
