/**
 * JSONPath: text in, an accessor out. The only home of jsonpath-plus. Members, indexes and wildcards are read directly;
 * slices, unions and descent are selected by jsonpath-plus, one selector at a time, with evaluation switched off.
 * Sees own members of objects and elements of lists only, and gives a bounded number of results.
 */
import { JSONPath } from 'jsonpath-plus';
import { exactMember } from './exact-number.ts';
import { isEmptyAlong } from './json-path-empty.ts';
import { isBareName, parseSegments, type Segment } from './json-path-grammar.ts';
import type { JsonObject, JsonValue } from './json-value.ts';
import { isForbiddenKey } from './own-member.ts';

export type ParsedPath =
  | {
      readonly ok: true;
      readonly segments: readonly Segment[];
      /** Only members and indexes: the path names one value. */
      readonly plain: boolean;
    }
  | {
      readonly ok: false;
      readonly code: 'path-invalid' | 'path-filter-refused' | 'path-key-forbidden';
      readonly message: string;
      /** Place in the path's text, in UTF-16 units. */
      readonly offset: number;
      readonly length: number;
    };

export interface CompiledPath {
  readonly text: string;
  /** Only members and indexes: the path names one value. */
  readonly plain: boolean;
  /** The first value found, null included; undefined when there is none. */
  first(value: JsonValue): JsonValue | undefined;
  /** All values found, in document order, at most MAX_PATH_RESULTS + 1: one more than the limit means too many. */
  all(value: JsonValue): readonly JsonValue[];
  /** The same, where numbers keep the digits that were sent: for the mapping, which knows what ExactNumber is. */
  firstExact(value: JsonValue): JsonValue | undefined;
  allExact(value: JsonValue): readonly JsonValue[];
  /** When nothing was found: true if that is because the lists on the way are there, but empty. */
  isEmpty(value: JsonValue): boolean;
  /** Only for a plain path followed by a final [*] or .*: the value of the plain part. */
  withoutLastWildcard?(value: JsonValue): JsonValue | undefined;
}

/** Longest path, in UTF-16 units; as in the connector schema. */
export const MAX_PATH_LENGTH = 500;
/** Most segments: bodies nest no deeper than 64, and `..` is a segment of its own. */
export const MAX_PATH_SEGMENTS = 65;
/** Most values that one path gives: a trigger takes no more targets, a batch no more elements. */
export const MAX_PATH_RESULTS = 10_000;

/** jsonpath-plus looks for script expressions inside quotes too. */
const UNION_REFUSED = /[()\p{Cc}]/u;

/** `$$` is the whole body: whether a path starts there, and the path as seen from where it starts. */
export function splitRoot(text: string): { readonly isRoot: boolean; readonly path: string } {
  return text.startsWith('$$') ? { isRoot: true, path: text.slice(1) } : { isRoot: false, path: text };
}

/** As parsePath, for places where a path may start with `$$`. */
export function parseScopedPath(text: string): ParsedPath {
  const { isRoot, path } = splitRoot(text);
  const parsed = parsePath(path);
  if (!isRoot || parsed.ok) return parsed;
  const message = parsed.message.replace(JSON.stringify(path), JSON.stringify(text));
  return { ...parsed, message, offset: parsed.offset + 1 };
}

/** Paths that were judged lately: a connector's rules come to the same ones again and again. */
const judged = new Map<string, ParsedPath>();
const MAX_JUDGED = 500;

/** Judges a path's text. Never throws. */
export function parsePath(text: string): ParsedPath {
  const known = judged.get(text);
  if (known !== undefined) return known;
  const parsed = judgePath(text);
  if (judged.size === MAX_JUDGED) judged.clear();
  if (text.length <= MAX_PATH_LENGTH) judged.set(text, parsed);
  return parsed;
}

function judgePath(text: string): ParsedPath {
  if (text.length > MAX_PATH_LENGTH) {
    const reason = `is longer than ${MAX_PATH_LENGTH} characters`;
    return refuse('path-invalid', `${text.slice(0, 40)}...`, reason, 0, text.length);
  }
  const segments = parseSegments(text);
  if ('code' in segments)
    return refuse(segments.code, text, segments.reason, segments.offset, segments.length);
  for (const [index, segment] of segments.entries()) {
    const problem = judgeSegment(segment, segments[index - 1]);
    if (problem !== null) return refuse(problem.code, text, problem.reason, segment.offset, segment.length);
  }
  if (segments.length > MAX_PATH_SEGMENTS) {
    return refuse('path-invalid', text, `has more than ${MAX_PATH_SEGMENTS} segments`, 0, text.length);
  }
  // A second one would visit every value once for each of its ancestors.
  if (segments.filter(({ kind }) => kind === 'descent').length > 1) {
    return refuse('path-invalid', text, 'has more than one ..; name the way to the value', 0, text.length);
  }
  return { ok: true, segments, plain: segments.every(isPlain) };
}

/** Turns a path that parsePath takes into its accessor. Throws for any other: that is a bug of the caller. */
export function compilePath(text: string): CompiledPath {
  const parsed = parsePath(text);
  if (!parsed.ok) throw new Error(`a path was used unchecked: ${parsed.message}`);
  const { segments, plain } = parsed;
  if (plain) {
    const first = compileMembers(segments);
    const all = (value: JsonValue) => {
      const found = first(value);
      return found === undefined ? [] : [found];
    };
    const firstExact = compileMembers(segments, true);
    const allExact = (value: JsonValue) => {
      const found = firstExact(value);
      return found === undefined ? [] : [found];
    };
    return { text, plain, first, all, firstExact, allExact, isEmpty: () => false };
  }
  const visit = compileVisit(segments, false);
  let exact: Visit | undefined;
  const visitExact: Visit = (value, emit) => {
    exact ??= compileVisit(segments, true);
    exact(value, emit);
  };
  const compiled: CompiledPath = {
    text,
    plain,
    first: (value) => collect(visit, value, 1)[0],
    all: (value) => collect(visit, value, MAX_PATH_RESULTS + 1),
    firstExact: (value) => collect(visitExact, value, 1)[0],
    allExact: (value) => collect(visitExact, value, MAX_PATH_RESULTS + 1),
    isEmpty: (value) => isEmptyAlong(segments, value),
  };
  const head = segments.slice(0, -1);
  if (segments.at(-1)?.kind !== 'wildcard' || !head.every(isPlain)) return compiled;
  return { ...compiled, withoutLastWildcard: compileMembers(head) };
}

type Emit = (value: JsonValue) => void;
type Visit = (value: JsonValue, emit: Emit) => void;

/** Thrown to leave jsonpath-plus early; it has no other way out. */
const ENOUGH = new Error('enough results');

function collect(visit: Visit, value: JsonValue, limit: number): readonly JsonValue[] {
  const found: JsonValue[] = [];
  try {
    visit(value, (one) => {
      found.push(one);
      if (found.length === limit) throw ENOUGH;
    });
  } catch (error) {
    if (error !== ENOUGH) throw error;
  }
  return found;
}

/** Walks segment by segment, depth first, so that results come in document order and nothing is gathered in between. */
function compileVisit(segments: readonly Segment[], isExact: boolean): Visit {
  const plainLength = segments.findIndex((segment) => !isPlain(segment));
  if (plainLength !== 0) {
    const isLast = plainLength < 0;
    const read = compileMembers(isLast ? segments : segments.slice(0, plainLength), isExact && isLast);
    const next = isLast ? passOn : compileVisit(segments.slice(plainLength), isExact);
    return (value, emit) => {
      const found = read(value);
      if (found !== undefined) next(found, emit);
    };
  }
  const taken = segments[0]?.kind === 'descent' ? 2 : 1;
  const rest = segments.slice(taken);
  const isEnd = rest.length === 0;
  const next = isEnd ? passOn : compileVisit(rest, isExact);
  if (segments[0]?.kind === 'wildcard') return compileWildcard(next, isExact && isEnd);
  return compileSelector(segments.slice(0, taken), next, isExact && isEnd);
}

/** As jsonpath-plus has it, at a tenth of the cost: the lists that mappings read are nearly always named so. */
function compileWildcard(next: Visit, isExact: boolean): Visit {
  return (value, emit) => {
    if (typeof value !== 'object' || value === null) return;
    const keys = Array.isArray(value) ? null : Object.keys(value);
    const length = keys === null ? (value as readonly JsonValue[]).length : keys.length;
    for (let index = 0; index < length; index += 1) {
      const key = keys === null ? index : (keys[index] as string);
      const found = (value as JsonObject)[key] as JsonValue;
      next(isExact && typeof found === 'number' ? exactMember(value, String(key), found) : found, emit);
    }
  };
}

function passOn(value: JsonValue, emit: Emit): void {
  emit(value);
}

function compileSelector(segments: readonly Segment[], next: Visit, isExact: boolean): Visit {
  const path = `$${segments.map(formatSelector).join('')}`;
  const query = JSONPath({ path, json: {}, eval: false, autostart: false });
  return (value, emit) => {
    if (typeof value !== 'object' || value === null) return;
    query.evaluate(undefined, value, (found: JsonValue, _, { parent, parentProperty }) => {
      // jsonpath-plus also looks into texts, and takes a list's length for a member.
      if (typeof parent !== 'object' || (parentProperty === 'length' && Array.isArray(parent))) return;
      const isNumber = isExact && typeof found === 'number' && parent !== null;
      next(isNumber ? exactMember(parent, String(parentProperty), found) : found, emit);
    });
  };
}

/** The segment in the notation of jsonpath-plus, whose only escapes are those of the quote and the backslash. */
function formatSelector(segment: Segment): string {
  switch (segment.kind) {
    case 'descent':
      return '..';
    case 'name':
      return segment.name;
    case 'index':
      return segment.index < 0
        ? `[${segment.index}:${segment.index === -1 ? '' : segment.index + 1}:1]`
        : `[${segment.index}]`;
    case 'wildcard':
      return '[*]';
    case 'slice':
      return `[${segment.start ?? ''}:${segment.end ?? ''}:${segment.step ?? 1}]`;
    case 'union': {
      const quote = (member: string) => `'${member.replace(/['\\]/g, '\\$&')}'`;
      return `[${segment.members.map((member) => (typeof member === 'string' ? quote(member) : member)).join(',')}]`;
    }
  }
}

/** Direct access along members and indexes. This is the hot path: most mappings consist of nothing else. */
function compileMembers(
  segments: readonly Segment[],
  isExact = false,
): (value: JsonValue) => JsonValue | undefined {
  const keys = segments.flatMap((segment) => keysOf(segment));
  const last = keys.at(-1) ?? '';
  const fromEnd = new Set(
    segments.flatMap((segment) => (segment.kind === 'index' && segment.index < 0 ? keysOf(segment) : [])),
  );
  if (fromEnd.size === 0) return compileNames(keys, isExact);
  return (value) => {
    let current = value;
    let holder: object | undefined;
    for (const key of keys) {
      if (fromEnd.has(key) && Array.isArray(current)) {
        holder = current;
        current = (current as readonly JsonValue[])[current.length + Number(key)] ?? null;
        if ((holder as readonly JsonValue[]).length + Number(key) < 0) return undefined;
        continue;
      }
      if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
      if (key === 'length' && Array.isArray(current)) return undefined;
      holder = current;
      current = (current as JsonObject)[key] as JsonValue;
    }
    if (!isExact || typeof current !== 'number' || holder === undefined) return current;
    const place = fromEnd.has(last) && Array.isArray(holder) ? String(holder.length + Number(last)) : last;
    return exactMember(holder, place, current);
  };
}

/** The same, without elements that are counted from the end. */
function compileNames(
  keys: readonly string[],
  isExact: boolean,
): (value: JsonValue) => JsonValue | undefined {
  const last = keys.at(-1) ?? '';
  return (value) => {
    let current = value;
    let holder: object | undefined;
    for (const key of keys) {
      if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
      if (key === 'length' && Array.isArray(current)) return undefined;
      holder = current;
      current = (current as JsonObject)[key] as JsonValue;
    }
    const isNumber = isExact && typeof current === 'number' && holder !== undefined;
    return isNumber ? exactMember(holder as object, last, current) : current;
  };
}

function judgeSegment(
  segment: Segment,
  previous: Segment | undefined,
): Pick<Refused, 'code' | 'reason'> | null {
  const keys = keysOf(segment);
  const forbidden = keys.find(isForbiddenKey);
  if (forbidden !== undefined) {
    return { code: 'path-key-forbidden', reason: `names "${forbidden}", which no path may go through` };
  }
  if (segment.kind === 'union' && keys.some((key) => UNION_REFUSED.test(key))) {
    return { code: 'path-invalid', reason: 'has a name with parentheses in a list of names; name it alone' };
  }
  if (
    segment.kind === 'name' &&
    previous?.kind === 'descent' &&
    (!isBareName(segment.name) || segment.name === '$')
  ) {
    return {
      code: 'path-invalid',
      reason: 'has a name that needs brackets after ..; name the way to the value',
    };
  }
  return null;
}

interface Refused {
  readonly code: 'path-invalid' | 'path-filter-refused' | 'path-key-forbidden';
  readonly reason: string;
}

function refuse(
  code: Refused['code'],
  text: string,
  reason: string,
  offset: number,
  length: number,
): ParsedPath {
  return { ok: false, code, message: `${JSON.stringify(text)} ${reason}`, offset, length };
}

function isPlain(segment: Segment): boolean {
  return segment.kind === 'name' || segment.kind === 'index';
}

function keysOf(segment: Segment): readonly string[] {
  if (segment.kind === 'name') return [segment.name];
  if (segment.kind === 'index') return [String(segment.index)];
  return segment.kind === 'union' ? segment.members.map(String) : [];
}
