/** Who could get the card: leaves in, paths for `targetUserIds` out, the likeliest first, each with its reason. */
import type { JsonScalar } from '../../stages/json/json-value.ts';
import type { Leaf } from './leaves.ts';

export interface Proposal {
  readonly path: string;
  /** Higher is likelier. From SURE on it is taken where nobody can be asked. */
  readonly score: number;
  /** Why, in a few words; nothing of a sample's values. */
  readonly reason: string;
  /** A person in a role that an event may not have: without one there is nobody to tell. */
  readonly mayBeNobody?: true;
}

/** Proposals below this are guesses. */
export const SURE = 60;

/** The last word of a member that holds a person, and how likely that person is whom the event is for. */
const ROLES: Readonly<Record<string, number>> = {
  recipient: 90,
  assignee: 88,
  assigned: 88,
  reviewer: 88,
  approver: 86,
  user: 85,
  patient: 82,
  student: 82,
  employee: 82,
  customer: 80,
  caller: 78,
  requester: 78,
  contact: 76,
  member: 75,
  subscriber: 75,
  buyer: 75,
  payer: 70,
  reporter: 66,
  owner: 64,
  client: 62,
  guest: 60,
  profile: 60,
  person: 60,
  submitter: 45,
  author: 45,
  creator: 45,
  agent: 45,
  sender: 74,
  actor: 74,
  pusher: 40,
};
/** People who made the event happen. Senders and actors are in every event, which whoever it is assigned to is not. */
const ACTORS = new Set(['submitter', 'author', 'creator', 'agent', 'sender', 'actor', 'pusher']);
/** Who a thing is assigned to says its state, which there may be nobody for; at the top of an event it is what happened. */
const ASSIGNED = /(?:assignee|assigned|reviewer|approver)s?(?: to)?$/;
const COST_OF_STATE = 16;
/** What an event belongs to rather than what it is about: their owners are seldom meant. */
const CONTEXTS = new Set(
  'repository repo organization organisation enterprise team workspace account installation app company milestone'.split(
    ' ',
  ),
);
const METADATA = /^(metadata|meta|custom|custom_data|custom_attributes|custom_fields|tags|labels)$/;
const ID = /^(id|uuid|uid|guid|gid|key|sys_id|external_id|ref|reference)$/;
const LOGIN = /^(login|username|user_name|nickname|handle)$/;
const MAX_PROPOSALS = 8;
/** An id in UTF-16 units. */
const MAX_ID = 200;

export function proposeTargets(leaves: readonly Leaf[]): readonly Proposal[] {
  return leaves
    .flatMap((leaf) => {
      const found = leaf.values.length > 0 && leaf.values.every(canBeId) ? rate(leaf) : null;
      if (found === null) return [];
      return [
        { path: leaf.path, ...lower(found, leaf), ...(mayBeNobody(leaf) && { mayBeNobody: true as const }) },
      ];
    })
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score)
    .slice(0, MAX_PROPOSALS);
}

/** Somebody in a role, or a member that is named like one's id, rather than an id that one's own system put there. */
function mayBeNobody({ names, isInList }: Leaf): boolean {
  const isMetadata = names.slice(0, -1).some((words) => METADATA.test(words.join('_')));
  return (
    !isInList && !isMetadata && names.some((words) => roleOf(words) !== null || USER_ID.test(words.join('_')))
  );
}

const USER_ID = /(^|_)(user_?id|uid)$/;

interface Judgement {
  readonly score: number;
  readonly reason: string;
}

function rate(leaf: Leaf): Judgement | null {
  const last = leaf.names.at(-1) ?? [];
  const name = last.join('_');
  const parent = leaf.names.at(-2) ?? [];
  const isMetadata = leaf.names.slice(0, -1).some((words) => METADATA.test(words.join('_')));
  if (USER_ID.test(name)) {
    return isMetadata
      ? { score: 100, reason: 'a user id that your own system put into the metadata' }
      : { score: 92, reason: 'named like a user id' };
  }
  const inside = roleOf(parent);
  if (inside !== null && ID.test(name)) return { score: inside.score, reason: inside.reason };
  if (inside !== null && LOGIN.test(name))
    return { score: inside.score - 20, reason: `the login name of ${inside.role}` };
  if (inside !== null && name === 'email')
    return { score: inside.score - 25, reason: `the address of ${inside.role}` };
  const named = roleOf(last);
  if (named !== null) {
    const score = named.score + (isMetadata ? 10 : last.at(-1) === 'id' ? 0 : -12);
    return { score, reason: named.reason };
  }
  if (LOGIN.test(name)) return { score: 50, reason: 'a login name' };
  if (name === 'object_id') return { score: 62, reason: 'the object that the event is about' };
  if (/(^|_)email$/.test(name)) return { score: 35, reason: 'an address' };
  return null;
}

/** `assignees`, `requested_reviewer`, `assigned_to` and `caller_id` name roles by their last word that says something. */
function roleOf(all: readonly string[]): (Judgement & { readonly role: string }) | null {
  const words = /^(id|to)$/.test(all.at(-1) ?? '') ? all.slice(0, -1) : all;
  const last = words.at(-1) ?? '';
  const role = [last, last.replace(/s$/, '')].find((one) => Object.hasOwn(ROLES, one));
  if (role === undefined) return null;
  const reason = ACTORS.has(role) ? `the ${words.join(' ')}, who made it happen` : `the ${words.join(' ')}`;
  return { score: ROLES[role] as number, reason, role: `the ${words.join(' ')}` };
}

function lower({ score, reason }: Judgement, leaf: Leaf): Judgement {
  const isInContext = leaf.names
    .slice(0, -1)
    .some((words) => CONTEXTS.has(words.at(-1) ?? '') && roleOf(words) === null);
  const cost =
    Math.max(0, leaf.names.length - 2) +
    (leaf.isInList ? 8 : 0) +
    (leaf.optional ? 40 : 0) +
    (leaf.names.length > 2 && ASSIGNED.test(reason) ? COST_OF_STATE : 0) +
    (isInContext ? 30 : 0);
  return { score: score - cost, reason: leaf.optional ? `${reason}; not in every sample` : reason };
}

function canBeId(value: JsonScalar): boolean {
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return true;
  return typeof value === 'string' && value.length <= MAX_ID && /^[^\s/]+$/.test(value);
}
