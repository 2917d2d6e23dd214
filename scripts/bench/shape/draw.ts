/**
 * What somebody could have mapped: samples in, the reads of a plausible mapping out. One path that says who gets the card,
 * three that the card shows, and one that has a default.
 */

import { formatName } from '../../../src/stages/json/json-path-grammar.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../src/stages/json/json-value.ts';
import type { PathRead } from '../../../src/stages/plans.ts';
import { type Choose, pick } from './random.ts';

/** Names of the members on the way. */
export type Place = readonly string[];

export interface Draw {
  readonly required: Place;
  /** Mapped without a default. */
  readonly mapped: readonly Place[];
  readonly withDefault: readonly Place[];
}

/** person: the recipient's id is that of a user, as in a mapping; account: or of an organisation; any: from any field. */
export type Recipient = 'person' | 'account' | 'any';

/** Mappings seldom reach deeper, such as $.pull_request.head.repo.full_name. */
const MAX_DEPTH = 4;
/** What no card shows: ids of another interface, and addresses of the API. */
const TECHNICAL = /^(node_id|gravatar_id|url)$|(?<!^html)_url$/;
const IDENTIFYING = new Set(['id', 'login', 'email', 'username']);

/** null where no field of the samples could name a recipient. */
export function drawMapping(
  samples: readonly JsonObject[],
  recipient: Recipient,
  choose: Choose,
): Draw | null {
  const [first] = samples;
  if (first === undefined) return null;
  const leaves = listLeaves(first);
  // A sample without it would be refused: nobody would get its card.
  const common = leaves.filter((place) => samples.every((sample) => valueAt(sample, place) != null));
  const candidates =
    recipient === 'any' ? common : common.filter((place) => isRecipient(first, place, recipient));
  const [required] = pick(choose, candidates, 1);
  if (required === undefined) return null;
  const others = pick(
    choose,
    leaves.filter((place) => place !== required),
    4,
  );
  return { required, mapped: others.slice(0, 3), withDefault: others.slice(3) };
}

export function readsOf({ required, mapped, withDefault }: Draw): readonly PathRead[] {
  const read = (place: Place, isRequired: boolean, optional: boolean): PathRead => ({
    paths: [formatPlace(place)],
    required: isRequired,
    optional,
  });
  return [
    read(required, true, false),
    ...mapped.map((place) => read(place, false, false)),
    ...withDefault.map((place) => read(place, false, true)),
  ];
}

export function formatPlace(place: Place): string {
  return `$${place.map(formatName).join('')}`;
}

/** Scalars outside of lists that are worth mapping, in the order of the payload. */
export function listLeaves(payload: JsonObject): readonly Place[] {
  const leaves: Place[] = [];
  const visit = (object: JsonObject, place: Place): void => {
    for (const [name, value] of Object.entries(object)) {
      if (value === null || Array.isArray(value) || TECHNICAL.test(name)) continue;
      if (!isJsonObject(value)) leaves.push([...place, name]);
      else if (place.length + 1 < MAX_DEPTH) visit(value, [...place, name]);
    }
  };
  visit(payload, []);
  return leaves;
}

export function valueAt(payload: JsonValue, place: Place): JsonValue | undefined {
  let value: JsonValue | undefined = payload;
  for (const name of place)
    value = isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  return value;
}

/** An id inside an account of a user or a bot, or inside whoever has an address of mail; organisations get no cards. */
function isRecipient(payload: JsonObject, place: Place, recipient: Recipient): boolean {
  const parent = valueAt(payload, place.slice(0, -1));
  if (!isJsonObject(parent) || !IDENTIFYING.has(place.at(-1) ?? '')) return false;
  if (Object.hasOwn(parent, 'email')) return true;
  if (!Object.hasOwn(parent, 'login')) return false;
  return recipient === 'account' || parent.type === 'User' || parent.type === 'Bot';
}
