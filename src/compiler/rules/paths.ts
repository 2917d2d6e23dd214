/** Rule: the paths that the connector reads exist in a sample, and what a template needs exists in every one. */
import { quote } from '../../diagnostics/printable.ts';
import { compilePath } from '../../stages/json/compile-path.ts';
import { parsePath, splitRoot } from '../../stages/json/json-path.ts';
import { parseJsonBody } from '../../stages/json/json-text.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { materialiseConditions } from '../../stages/match-when.ts';
import type { IdempotencyPlan } from '../../stages/plans.ts';
import { pointerTo, replaceBy } from '../../stages/problem.ts';
import type { ConnectorDraft, DraftRead, DraftSample } from '../draft.ts';
import { findSimilarPath } from '../similar-path.ts';
import { noteSamples } from './sample-names.ts';

/** Searching a large sample takes some 20 ms; whoever has more problems than that has another one. */
const MAX_SUGGESTIONS = 100;

/** A value to look in, and the sample that holds it. */
export interface Payload {
  readonly sample: DraftSample;
  readonly value: JsonValue;
}

export function checkPaths(draft: ConnectorDraft): void {
  const all = draft.parts.samples.flatMap((sample) => sample.payloads.map((value) => ({ sample, value })));
  if (all.length === 0 || !draft.parts.hasAllSamples) return;
  const bodies = draft.parts.samples.map((sample) => ({ sample, value: sample.body }));
  for (const read of listReads(draft)) {
    const outer = read.root ? bodies : all;
    const payloads = read.chosen === undefined ? outer : outer.flatMap((one) => elementsOf(one, read));
    // That a list has no elements, or the list none that are chosen, is said of the list.
    if (payloads.length === 0) continue;
    for (const [index, path] of read.paths.entries()) {
      const compiled = compilePath(path);
      if (payloads.some(({ value }) => compiled.first(value) !== undefined)) continue;
      const written = read.root ? `$${path}` : path;
      reportPathNotInSample(draft, placeOf(draft, read, written, index), path, payloads);
    }
    if (read.within !== undefined && !read.optional) checkTemplateRead(draft, read, payloads);
  }
}

/** The elements that a read is about. */
function elementsOf({ sample, value }: Payload, { chosen = [] }: DraftRead): readonly Payload[] {
  let elements: readonly JsonValue[] = [value];
  for (const { path: text, where } of chosen) {
    const path = compilePath(text);
    const matches = materialiseConditions(where);
    elements = elements
      .flatMap((one) => path.all(one))
      .flatMap((one) => (path.plain && Array.isArray(one) ? (one as readonly JsonValue[]) : [one]))
      .filter((one) => one !== null && matches(one, sample.headers, sample.body).kind === 'match');
  }
  return elements.map((one) => ({ sample, value: one }));
}

/** What the file says is read of a payload: by the mapping, as event id, and for the shape. */
function listReads(draft: ConnectorDraft): readonly DraftRead[] {
  const { mapping, reads = [], idempotency } = draft.parts;
  // A script's reads were seen on the samples; what else it may read is declared as optional.
  const isScript = mapping?.kind === 'script';
  const settings = (isScript ? ['required', 'maps'] : ['required', 'optional', 'maps']).flatMap((name) => {
    const paths = (draft.valueAt(`/shape/${name}`) ?? []) as readonly string[];
    return paths.map((path, index) => namedRead(path, pointerTo(`/shape/${name}`, index)));
  });
  const named = draft.rawValueAt('/idempotency') === undefined ? [] : idReads(idempotency);
  return [
    ...(isScript ? [] : reads),
    ...named,
    ...settings.filter(({ paths: [path = ''] }) => parsePath(path).ok),
  ];
}

function idReads(idempotency: IdempotencyPlan | undefined): readonly DraftRead[] {
  if (idempotency?.kind === 'path') return [namedRead(idempotency.path, '/idempotency/path')];
  if (idempotency?.kind !== 'parts') return [];
  return idempotency.parts.flatMap((part, index) =>
    'path' in part ? [namedRead(part.path, pointerTo(pointerTo('/idempotency', index), 'path'))] : [],
  );
}

function namedRead(text: string, pointer: string): DraftRead {
  const { isRoot, path } = splitRoot(text);
  const read = { paths: [path], pointer, required: false, optional: true };
  return isRoot ? { ...read, root: true } : read;
}

type Place = Pick<DraftRead, 'pointer' | 'within'>;

/** The place of one of a read's paths: an entry of a list, a piece of a template, or the whole text. */
function placeOf(draft: ConnectorDraft, read: DraftRead, path: string, index: number): Place {
  const value = draft.rawValueAt(read.pointer);
  if (Array.isArray(value)) return { pointer: pointerTo(read.pointer, index) };
  if (read.within === undefined || typeof value !== 'string') return read;
  const offset = value.indexOf(path, read.within.offset);
  return offset === -1 ? read : { pointer: read.pointer, within: { offset, length: path.length } };
}

/** A template never has holes: what some sample lacks needs a default. */
function checkTemplateRead(draft: ConnectorDraft, read: DraftRead, payloads: readonly Payload[]): void {
  const paths = read.paths.map(compilePath);
  const resolves = ({ value }: Payload): boolean =>
    paths.some((path) => (path.first(value) ?? null) !== null);
  const lacking = payloads.find((payload) => !resolves(payload));
  // One that no sample has was reported as such.
  if (lacking === undefined || !payloads.some(resolves)) return;
  const text = read.paths.join(' ?? ');
  const message = `${quote(text)} is missing or null in the sample ${quote(lacking.sample.name)}; give a default: {{ ${text} ?? "..." }}`;
  draft.report(
    { code: 'template-default-missing', pointer: read.pointer, message, ...withinOf(read) },
    noteSamples([lacking.sample]),
  );
}

/** Reports a path that resolves in none of the payloads, with the key that was probably meant. */
export function reportPathNotInSample(
  draft: ConnectorDraft,
  place: Place,
  path: string,
  payloads: readonly Payload[],
): void {
  draft.parts.unknownPaths.add(path);
  const isCourteous = draft.diagnostics.length < MAX_SUGGESTIONS;
  const similar = isCourteous
    ? findSimilarPath(
        path,
        payloads.map(({ value }) => value),
      )
    : null;
  const payload = similar === null ? undefined : payloads[similar.value];
  const base = payload === undefined ? null : pointerOf(payload.sample.body, payload.value, '');
  const notes =
    similar === null || payload === undefined || base === null
      ? []
      : [{ message: similar.note, span: payload.sample.spanOf(`${base}${similar.pointer}`, similar.part) }];
  const where = draft.parts.samples.length === 1 ? 'the sample' : 'any sample';
  const elsewhere = isCourteous ? lookElsewhere(path, payloads) : null;
  const message = `${quote(path)} is not in ${where}${elsewhere ?? similar?.hint ?? ''}`;
  const { pointer } = place;
  const remedy = elsewhere === null ? replaceBy(similar?.meant) : {};
  draft.report({ code: 'path-not-in-sample', pointer, message, ...withinOf(place), ...remedy }, notes);
}

/** Of a batch it may stand beside the list; and on the way may be a text that holds JSON. */
function lookElsewhere(path: string, payloads: readonly Payload[]): string | null {
  const parsed = parsePath(path);
  if (!parsed.ok) return null;
  const isSplit = payloads.some(({ value, sample }) => value !== sample.body);
  const compiled = compilePath(path);
  if (isSplit && payloads.some(({ sample }) => (compiled.first(sample.body) ?? null) !== null))
    return `, which \`split\` makes an element of the list; the whole body has it: write ${quote(`$${path}`)}`;
  for (const { offset } of parsed.segments) {
    const way = path.slice(0, offset);
    if (!/^\$./.test(way) || isSplit || !parsePath(way).ok) continue;
    const before = compilePath(way);
    const texts = payloads
      .map(({ value }) => before.first(value))
      .filter((value) => typeof value === 'string');
    const from = texts.map(holdsJson).find((kind) => kind !== null);
    if (from !== undefined && from !== null)
      return `; ${quote(way)} is a text that holds JSON: unwrap it, with unwrap: [${from === 'plain' ? quote(way) : `{ path: ${quote(way)}, from: base64 }`}]`;
  }
  return null;
}

function holdsJson(text: string): 'plain' | 'base64' | null {
  const isObject = (bytes: Buffer): boolean => {
    const parsed = parseJsonBody(bytes);
    return parsed.ok && typeof parsed.value === 'object' && parsed.value !== null;
  };
  if (isObject(Buffer.from(text))) return 'plain';
  return /^[\w+/-]{4,}={0,2}$/.test(text) && isObject(Buffer.from(text, 'base64')) ? 'base64' : null;
}

function withinOf({ within }: Place): Pick<Place, 'within'> {
  return within === undefined ? {} : { within };
}

/** The pointer of a payload inside the body that it was split from, by identity; null where that cannot tell. */
function pointerOf(root: JsonValue, payload: JsonValue, pointer: string): string | null {
  if (root === payload) return pointer;
  if (typeof root !== 'object' || root === null || typeof payload !== 'object') return null;
  for (const [key, member] of Object.entries(root) as [string, JsonValue][]) {
    const found = pointerOf(member, payload, pointerTo(pointer, key));
    if (found !== null) return found;
  }
  return null;
}
