/**
 * Rule: the samples of a connector show one kind of event. A shape learned from several kinds knows none of them: what one
 * kind always has becomes optional, and a card for one can be made from another.
 */
import { quote } from '../../diagnostics/printable.ts';
import { formatName } from '../../stages/json/json-path-grammar.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { ConnectorDraft, DraftSample } from '../draft.ts';
import { nameSamples, noteSamples } from './sample-names.ts';

/** How providers call the field that says which event this is. */
const FIELDS = new Set(
  'action event eventKey eventName eventType event_key event_name event_type kind object_kind topic type webhookEvent'.split(
    ' ',
  ),
);
/** Members of the body that such a field may stand in. */
const ENVELOPES = ['event', 'meta', 'webhook'];
/** `x-github-event`, `x-shopify-topic`, `x-event-key` */
const HEADER = /(^|-)(event|event-type|event-name|event-key|topic)$/;
/** A name, not a text or an id. */
const EVENT_NAME = /^(?!.*\d{4})[A-Za-z][\w.:/-]{1,80}$/;
/** Of two samples, the one with fewer members should share this much of them with the other. */
const MIN_SHARED = 0.5;
/** Of fewer members nothing can be said. */
const MIN_MEMBERS = 3;

export function checkSameEvent(draft: ConnectorDraft): void {
  const { samples, when, hasAllSamples } = draft.parts;
  // Of a batch `when` sees the whole, not the elements that differ.
  if (samples.length < 2 || !hasAllSamples || when === undefined || draft.parts.split !== null) return;
  if (!reportField(draft) && !reportHeader(draft) && when.length === 0) reportMembers(draft);
}

export interface EventField {
  readonly path: string;
  readonly value: string;
}

function reportField(draft: ConnectorDraft): boolean {
  const [first, ...others] = draft.parts.samples.map((sample) => ({
    sample,
    fields: eventFieldsOf(sample.body),
  }));
  for (const { path, value } of first?.fields ?? []) {
    const other = others.find(({ fields }) =>
      fields.some((field) => field.path === path && field.value !== value),
    );
    if (other === undefined || isChosenBy(draft, path)) continue;
    const entry = `{ path: ${path}, in: [...] }`;
    report(
      draft,
      other.sample,
      `${quote(path)} differs, and \`when\` does not say which are meant; add ${entry}`,
    );
    return true;
  }
  return false;
}

function reportHeader(draft: ConnectorDraft): boolean {
  const [first, ...others] = draft.parts.samples;
  for (const [name, value] of first?.headers.entries() ?? []) {
    if (!isEventHeader(name)) continue;
    if (draft.parts.when?.some(({ header }) => header === name)) continue;
    const other = others.find(({ headers }) => headers.all(name).some((one) => one !== value));
    if (other === undefined) continue;
    const entry = `{ header: ${name}, in: [...] }`;
    const what = `the header ${quote(name)} differs, and \`when\` does not say which are meant; add ${entry}`;
    report(draft, other, what);
    return true;
  }
  return false;
}

function reportMembers(draft: ConnectorDraft): void {
  // The members of a map are data.
  if (draft.parts.shape?.shape.values !== undefined) return;
  const [first, ...others] = draft.parts.samples;
  const known = first?.body;
  if (!isJsonObject(known)) return;
  const other = others.find(({ body }) => isJsonObject(body) && !haveMuchInCommon(known, body));
  if (other === undefined) return;
  report(draft, other, 'they have few members in common; keep those of one event, and choose it with `when`');
}

/** True for a header, in lower case, that names the event. */
export function isEventHeader(name: string): boolean {
  return HEADER.test(name);
}

function haveMuchInCommon(left: JsonObject, right: JsonObject): boolean {
  const [fewer = [], more = []] = [Object.keys(left), Object.keys(right)].sort((a, b) => a.length - b.length);
  const shared = fewer.filter((name) => more.includes(name));
  return fewer.length < MIN_MEMBERS || shared.length >= fewer.length * MIN_SHARED;
}

function report(draft: ConnectorDraft, other: DraftSample, what: string): void {
  const first = draft.parts.samples[0] as DraftSample;
  const message = `${nameSamples([first, other])} look like different events: ${what}`;
  draft.report(
    { code: 'samples-differ', pointer: pointerTo('/samples', other.index), message },
    noteSamples([first, other]),
  );
}

/** What in a body names the event, by the names that providers give it. */
export function eventFieldsOf(body: JsonValue): readonly EventField[] {
  if (!isJsonObject(body)) return [];
  const envelopes = ENVELOPES.filter((name) => Object.hasOwn(body, name));
  return [
    ...fieldsOf(body, '$'),
    ...envelopes.flatMap((name) => fieldsOf(body[name] as JsonValue, `$${formatName(name)}`)),
  ];
}

function fieldsOf(object: JsonValue, path: string): readonly EventField[] {
  if (!isJsonObject(object)) return [];
  return Object.entries(object).flatMap(([name, value]) =>
    FIELDS.has(name) && typeof value === 'string' && EVENT_NAME.test(value)
      ? [{ path: `${path}${formatName(name)}`, value }]
      : [],
  );
}

/** `when` compares it, or a script reads it, and can tell the events apart itself. */
function isChosenBy({ parts: { when, mapping, reads } }: ConnectorDraft, path: string): boolean {
  if (when?.some((condition) => condition.path === path)) return true;
  return mapping?.kind === 'script' && reads?.some(({ paths }) => paths.includes(path)) === true;
}
