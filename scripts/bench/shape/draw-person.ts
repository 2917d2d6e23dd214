/**
 * What a mapping of a sender that nobody knows could read, drawn blindly: samples in, a draw out. These definitions stand
 * before anything is counted, and know no source by name.
 *
 * Recipient: a scalar outside of lists, at most four names deep, that every sample has, not blank: an id, key, login or
 * address inside an object whose name is a role of people, or a member whose own name is such a role or an address.
 * Variables: four other scalars of the first sample, one of them with a default.
 */
import type { JsonObject } from '../../../src/stages/json/json-value.ts';
import { wordsOf } from '../../../src/workbench/new/leaves.ts';
import { type Draw, listLeaves, type Place, valueAt } from './draw.ts';
import { type Choose, pick } from './random.ts';

const ROLES =
  /^(user|users|actor|sender|author|assignee|assigned|reporter|creator|owner|member|customer|contact|recipient|requester|agent|person|voter|subscriber|employee|invitee|reviewer|committer|pusher|lead|client|buyer|payer|profile)$/;
const IDS = /^(id|uid|uuid|key|ref|login|username|email|address|account|mail)$/;
const ADDRESSES = /^(email|mail|recipient|username)$/;

export function drawPerson(samples: readonly JsonObject[], choose: Choose): Draw | null {
  const [first] = samples;
  if (first === undefined) return null;
  const leaves = listLeaves(first);
  const isIn = (place: Place, sample: JsonObject): boolean => {
    const value = valueAt(sample, place);
    return (typeof value === 'string' && value.trim() !== '') || typeof value === 'number';
  };
  const people = leaves.filter((place) => isPerson(place) && samples.every((sample) => isIn(place, sample)));
  const [required] = pick(choose, people, 1);
  if (required === undefined) return null;
  const others = pick(
    choose,
    leaves.filter((place) => place !== required),
    4,
  );
  return { required, mapped: others.slice(0, 3), withDefault: others.slice(3) };
}

/** `user.id`, `customer_id`, `assigneeEmail`, `email`, `recipient`. */
export function isPerson(place: Place): boolean {
  const own = wordsOf(place.at(-1) ?? '');
  const above = wordsOf(place.at(-2) ?? '');
  const last = own.at(-1) ?? '';
  if (ADDRESSES.test(last)) return true;
  if (!IDS.test(last)) return false;
  const isOwn = own.length === 1 || own[0] === 'account';
  return own.slice(0, -1).some((word) => ROLES.test(word)) || (isOwn && ROLES.test(above.at(-1) ?? ''));
}
