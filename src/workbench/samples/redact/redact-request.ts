/**
 * A request in, a sample out that shows its form and none of its data: values replaced, only the headers that the
 * connector uses, of a batch only the elements that are asked for. What the connector compares stays, or the sample
 * would be another event's; so does what its author chose to keep.
 */
import type { Condition } from '../../../generated/connector.ts';
import { parsePath } from '../../../stages/json/json-path.ts';
import type { Segment } from '../../../stages/json/json-path-grammar.ts';
import {
  isJsonObject,
  type JsonObject,
  type JsonScalar,
  type JsonValue,
} from '../../../stages/json/json-value.ts';
import { ownMember } from '../../../stages/json/own-member.ts';
import type { UnwrapPlan } from '../../../stages/plans.ts';
import { pointerTo } from '../../../stages/problem.ts';
import { isCredentialHeader } from '../../../stages/script/script-request.ts';
import { learnShape } from '../../../stages/shape/learn.ts';
import { keysOf } from '../../../stages/shape/path-steps.ts';
import { patternOf, type TrailStep } from '../../../stages/shape/trail.ts';
import { unwrapBody, wrapBody } from '../../../stages/unwrap.ts';
import { listElements } from './list-elements.ts';
import { locate } from './locate.ts';
import { tellsEventsApart } from './readable.ts';
import { collectTaken, keepStart, type RedactedBody, type RedactPlan, redactBody } from './redact-body.ts';
import { createReplacements, isFlag, type Replacements } from './replacements.ts';

export interface RedactRequest {
  readonly body: JsonValue;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What the connector's files say. Paths may be ones that parsePath refuses: they then select nothing. */
export interface RedactContext {
  readonly when: readonly Condition[];
  readonly testWhen: Condition | null;
  readonly split: string | null;
  /** As in learnShape. */
  readonly maps: readonly string[];
  /** Payloads of the samples that there are: with them objects are recognised whose keys are all data. */
  readonly known: readonly JsonValue[];
  /** These are what is redacted here: what they have in common is in no repository yet. */
  readonly isKnownNew?: true;
  readonly usesHeader: (name: string) => boolean;
  /** Texts of the body that hold JSON: redacted inside, and texts again in the sample. */
  readonly unwrap?: readonly UnwrapPlan[];
  /** True for what the mapping compares: it stays. Numbers are asked for by their text. */
  readonly isScriptText: (text: string) => boolean;
  readonly isKnownKey: RedactPlan['isKnownKey'];
}

export interface RedactChoice {
  /** Paths in the body, or in the elements of a batch, whose values stay. All must be ones that parsePath takes. */
  readonly keep: readonly string[];
  /** Elements of a batch that the sample shows; null: all. */
  readonly elements: readonly number[] | null;
}

/** Something that stays as it was. */
export interface Kept {
  /** A path, or "header" with a name. */
  readonly path: string;
  /** Who wants it. */
  readonly by: 'when' | 'testWhen' | 'script' | 'word' | 'keep' | 'samples';
}

export interface Redacted {
  /** As it stands in a sample file. */
  readonly sample: JsonValue;
  readonly body: JsonValue;
  readonly kept: readonly Kept[];
  /** Keys that look like data and stay all the same: a person says whether they may. */
  readonly keys: RedactedBody['staying'];
  readonly renamed: RedactedBody['renamed'];
  /** Of the paths to keep, those that nothing is at. */
  readonly unresolved: readonly string[];
}

export function redactRequest(
  { body: sent, headers }: RedactRequest,
  context: RedactContext,
  choice: RedactChoice,
): Redacted {
  const unwrap = context.unwrap ?? [];
  const body = unwrap.length === 0 ? sent : unwrapBody(unwrap, structuredClone(sent));
  const elements = listElements(body, context.split);
  const chosen = new Set(choice.elements ?? elements.keys());
  const kept: Kept[] = [];
  const keep = new Map<string, true | number>();
  for (const [by, condition] of listConditions(context)) {
    if (condition.path === undefined) continue;
    let found = false;
    locate(body, segmentsOf(condition.path), (pointer, value) => {
      const part = keptPart(condition, value);
      if (part === null) return;
      found = true;
      if (keep.get(pointer) !== true) keep.set(pointer, part);
    });
    if (found) kept.push({ path: condition.path, by });
  }
  const unresolved = choice.keep.filter((path) => {
    const before = keep.size;
    let found = 0;
    const visit = (pointer: string): void => {
      found += 1;
      keep.set(pointer, true);
    };
    locate(body, segmentsOf(path), visit);
    for (const { pointer, value } of elements) locate(value, segmentsOf(path), visit, pointer);
    if (found > 0) kept.push({ path, by: 'keep' });
    return found === 0 && keep.size === before;
  });

  const paths = new Set<string>();
  const words = new Set<string>();
  visitTexts(body, '', [], (pointer, trail, text) => {
    if (keep.get(pointer) === true) return;
    const isCompared = context.isScriptText(text);
    const name = trail.at(-1);
    if (!isCompared && !(typeof name === 'string' && tellsEventsApart(name, text))) return;
    keep.set(pointer, true);
    (isCompared ? paths : words).add(patternOf(trail));
  });
  for (const path of paths) kept.push({ path, by: 'script' });
  for (const path of words) kept.push({ path, by: 'word' });

  const payloads = elements.filter((_, index) => chosen.has(index));
  const common = new Set<string>();
  for (const { pointer, value } of payloads)
    visitTexts(value, pointer, [], (at, trail, text) => {
      if (context.isKnownNew || keep.has(at) || isFlag(text) || !isInAll(context.known, trail, text)) return;
      keep.set(at, true);
      common.add(patternOf(trail));
    });
  for (const path of common) kept.push({ path, by: 'samples' });
  const shape = learnShape([...context.known, ...payloads.map(({ value }) => value)], context.maps);
  const plan: RedactPlan = {
    keep,
    omit: new Set(elements.filter((_, index) => !chosen.has(index)).map(({ pointer }) => pointer)),
    payloads: new Set(payloads.map(({ pointer }) => pointer)),
    shape,
    isKnownKey: context.isKnownKey,
    keptNames: new Set(choice.keep.flatMap((path) => segmentsOf(path).flatMap(keysOf))),
  };
  const taken = new Set<JsonScalar>(headers.map(([, value]) => value));
  collectTaken(body, taken);
  const replacements = createReplacements(taken);
  const redacted = redactBody(body, plan, replacements);
  const used = redactHeaders(headers, context, replacements, kept);
  const written = unwrap.length === 0 ? redacted.body : wrapBody(unwrap, structuredClone(redacted.body));
  const { renamed, staying: keys } = redacted;
  return { sample: sampleOf(written, used), body: redacted.body, kept, keys, renamed, unresolved };
}

/** A request as a sample file has it; the bare body where no header matters and it cannot be mistaken. */
export function sampleOf(body: JsonValue, headers: JsonObject): JsonValue {
  const looksLikeRequest =
    isJsonObject(body) && Object.hasOwn(body, 'body') && Object.hasOwn(body, 'headers');
  return Object.keys(headers).length === 0 && !looksLikeRequest ? body : { headers, body };
}

function redactHeaders(
  headers: RedactRequest['headers'],
  context: RedactContext,
  replacements: Replacements,
  kept: Kept[],
): JsonObject {
  const used = new Map<string, string[]>();
  for (const [name, value] of headers) {
    if (isCredentialHeader(name) || !context.usesHeader(name)) continue;
    const parts = listConditions(context)
      .filter(([, condition]) => condition.header?.toLowerCase() === name)
      .map(([by, condition]) => ({ by, part: keptPart(condition, value) }))
      .filter(({ part }) => part !== null);
    for (const { by } of parts) kept.push({ path: `header ${name}`, by });
    const isWhole = context.isScriptText(value) || parts.some(({ part }) => part === true);
    const start = Math.max(0, ...parts.map(({ part }) => (typeof part === 'number' ? part : 0)));
    const text = isWhole ? value : keepStart(value, start, replacements);
    used.set(name, [...(used.get(name) ?? []), text]);
  }
  const entries = [...used].map(([name, values]) => [
    name,
    values.length === 1 ? (values[0] as string) : values,
  ]);
  return Object.fromEntries(entries);
}

function listConditions({ when, testWhen }: RedactContext): readonly (readonly [Kept['by'], Condition])[] {
  const test = testWhen === null ? [] : [['testWhen', testWhen] as const];
  return [...when.map((condition) => ['when', condition] as const), ...test];
}

/** What of a value must stay for the condition to hold as it does: all, so many characters, or nothing. */
function keptPart({ equals, in: candidates, prefix }: Condition, value: JsonValue): true | number | null {
  if (prefix !== undefined)
    return typeof value === 'string' && value.startsWith(prefix) ? prefix.length : null;
  const compared: readonly unknown[] = equals !== undefined ? [equals] : (candidates ?? []);
  const text = typeof value === 'bigint' ? Number(value) : value;
  return compared.includes(text) ? true : null;
}

function visitTexts(
  value: JsonValue,
  pointer: string,
  trail: readonly TrailStep[],
  visit: (pointer: string, trail: readonly TrailStep[], text: string) => void,
): void {
  if (typeof value === 'string' || typeof value === 'number') visit(pointer, trail, String(value));
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    visitTexts(ownMember(value, key) as JsonValue, pointerTo(pointer, key), [...trail, step], visit);
  }
}

/** True for what every sample has at this place: it names the kind of event, and is in git already. Not inside of lists. */
function isInAll(known: readonly JsonValue[], trail: readonly TrailStep[], text: string): boolean {
  return (
    known.length > 0 &&
    trail.every((step) => typeof step === 'string') &&
    known.every((payload) => {
      const value = trail.reduce<JsonValue | undefined>(
        (inside, step) => (inside === undefined ? undefined : ownMember(inside, String(step))),
        payload,
      );
      return typeof value !== 'object' && value !== undefined && String(value) === text;
    })
  );
}

function segmentsOf(path: string): readonly Segment[] {
  const parsed = parsePath(path);
  // A name that leads nowhere: the path is refused elsewhere.
  return parsed.ok ? parsed.segments : [{ kind: 'union', members: [], offset: 0, length: 0 }];
}
