/**
 * A parsed JSONPath becomes an accessor. The only home of jsonpath-plus: members, indexes and wildcards are read directly;
 * slices, unions and descent are selected by jsonpath-plus, one selector at a time, with evaluation switched off.
 * Sees own members of objects and elements of lists only, and gives a bounded number of results.
 */
import { JSONPath } from 'jsonpath-plus';
import { exactMember } from './exact-number.ts';
import { isPlain, keysOf, parsePath } from './json-path.ts';
import { isEmptyAlong } from './json-path-empty.ts';
import type { Segment } from './json-path-grammar.ts';
import type { JsonObject, JsonValue } from './json-value.ts';

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

/** Most values that one path gives: a trigger takes no more targets, a batch no more elements. */
export const MAX_PATH_RESULTS = 10_000;

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
