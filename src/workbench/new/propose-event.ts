/**
 * Which event a request is, and what tells it from the next one: samples in, conditions, a list to split, test traffic and
 * event ids out. Of values only those that a condition compares come out.
 */
import { eventFieldsOf, isEventHeader } from '../../compiler/rules/same-event.ts';
import { isJsonObject, type JsonScalar, type JsonValue } from '../../stages/json/json-value.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import { type Leaf, wordsOf } from './leaves.ts';
import type { Proposal } from './propose-targets.ts';

/** A condition as the connector file has it, with its reason. */
export interface ConditionProposal {
  readonly path?: string;
  readonly header?: string;
  /** More than one: any of them. */
  readonly values: readonly JsonScalar[];
  readonly reason: string;
}

/** Members that hold a batch where the body is an object. */
const BATCHES = ['events', 'notifications'];

/** `split`, where the samples are batches; null where each is one event. */
export function proposeSplit(bodies: readonly JsonValue[]): string | null {
  if (bodies.length === 0) return null;
  if (bodies.every(isBatch)) return '$[*]';
  const name = BATCHES.find((one) => bodies.every((body) => isJsonObject(body) && isBatch(body[one])));
  return name === undefined ? null : `$.${name}[*]`;
}

function isBatch(value: JsonValue | undefined): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isJsonObject);
}

/** Conditions on what names the event in all samples, without those that another one says as well. */
export function proposeWhen(samples: readonly EvaluationSample[]): readonly ConditionProposal[] {
  const [first] = samples;
  if (first === undefined) return [];
  const headers = [...first.headers.entries()].flatMap(([header]) => {
    const values = samples.map((sample) => sample.headers.all(header));
    if (!isEventHeader(header) || values.some((one) => one.length !== 1)) return [];
    return [{ header, values: distinct(values.flat()), reason: 'names the event' }];
  });
  const fields = samples.map(({ body }) => eventFieldsOf(body));
  const paths = (fields[0] ?? []).flatMap(({ path }) => {
    const values = fields.map((list) => list.find((field) => field.path === path)?.value);
    if (values.some((value) => value === undefined)) return [];
    return [{ path, values: distinct(values as string[]), reason: 'names the event' }];
  });
  const all = [...headers, ...paths];
  return all.filter(
    (one, index) =>
      !all.some((other, at) => other !== one && says(other, one) && (at < index || !says(one, other))),
  );
}

/** True where each name has the words of the other's: `Merge Request Hook` says all that `merge_request` does. */
function says({ values: more }: ConditionProposal, { values: less }: ConditionProposal): boolean {
  const words = less.map((value) => wordsOf(String(value)));
  return (
    more.length === less.length &&
    words.every((list, index) => {
      const known = wordsOf(String(more[index]));
      return list.length > 0 && list.every((word) => known.includes(word));
    })
  );
}

/** By which the provider marks its own tests, and what it says then. */
const TEST_MARKS: Readonly<Record<string, boolean>> = {
  livemode: false,
  live_mode: false,
  test: true,
  is_test: true,
  test_mode: true,
  testmode: true,
  sandbox: true,
};

export function proposeTestWhen(bodies: readonly JsonValue[]): ConditionProposal | null {
  const [mark] = Object.entries(TEST_MARKS).filter(([name]) =>
    bodies.every((body) => isJsonObject(body) && typeof body[name] === 'boolean'),
  );
  if (mark === undefined || bodies.length === 0) return null;
  const [name, value] = mark;
  return { path: `$.${name}`, values: [value], reason: 'marks test traffic, which then never goes live' };
}

/** Names of an event's own id, by how sure that is. */
const EVENT_IDS: Readonly<Record<string, number>> = {
  event_id: 100,
  webhook_event_id: 100,
  'event.id': 95,
  notification_id: 90,
  delivery_id: 88,
  message_id: 86,
  'meta.event_id': 86,
};

/** Where the payload has an id of the event itself. `isEvent`: something in it names the event, so that its `id` is one. */
export function proposeIdempotency(leaves: readonly Leaf[], isEvent: boolean): readonly Proposal[] {
  return leaves
    .flatMap(({ path, names, values, isInList, optional }) => {
      if (isInList || optional || !values.every(isId)) return [];
      const name = names.map((words) => words.join('_')).join('.');
      const score = name === 'id' && isEvent ? 80 : (EVENT_IDS[name] ?? 0);
      return score > 0 ? [{ path, score, reason: 'the id of the event' }] : [];
    })
    .sort((left, right) => right.score - left.score);
}

function isId(value: JsonScalar): boolean {
  return (
    typeof value === 'number' || typeof value === 'bigint' || (typeof value === 'string' && value !== '')
  );
}

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}
