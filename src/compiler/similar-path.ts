/**
 * What somebody probably meant by a path that no sample has. In: the path and the values it was looked for in. Out: the
 * end of a message, and the place of the similar key. Work is bounded: a suggestion is a courtesy.
 */
import { quote } from '../diagnostics/printable.ts';
import { suggest, suggestSurely } from '../diagnostics/suggest.ts';
import { parsePath } from '../stages/json/json-path.ts';
import { formatName, type Segment } from '../stages/json/json-path-grammar.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../stages/json/json-value.ts';
import { pointerTo } from '../stages/problem.ts';

export interface SimilarPath {
  /** Begins with "; ". */
  readonly hint: string;
  /** What stands at the place, and where: index into the values, and JSON pointer into that value. */
  readonly note: string;
  readonly value: number;
  readonly pointer: string;
  readonly part: 'key' | 'value';
  /** The path that the hint asks about; it resolves. */
  readonly suggested?: string;
  /** The path that was meant beyond doubt. */
  readonly meant?: string;
}

const MAX_VALUES = 20;
const MAX_ELEMENTS = 20;
const MAX_KEYS = 8;
/** Objects that are searched for the same names elsewhere. */
const MAX_OBJECTS = 2000;

export function findSimilarPath(path: string, values: readonly JsonValue[]): SimilarPath | null {
  const parsed = parsePath(path);
  if (!parsed.ok || parsed.segments.some(({ kind }) => kind === 'descent')) return null;
  const { segments } = parsed;
  const deadEnds = values.slice(0, MAX_VALUES).flatMap((value, index) => {
    const end = followPath(segments, 0, value, '');
    return end === null ? [] : [{ ...end, index }];
  });
  const [end] = deadEnds.toSorted((left, right) => right.depth - left.depth);
  const segment = end === undefined ? undefined : segments[end.depth];
  if (end === undefined || segment === undefined) return null;

  const before = path.slice(0, segment.offset);
  const rest = path.slice(segment.offset);
  const here = { value: end.index, pointer: end.pointer, part: 'value' as const };
  if (segment.kind === 'name' && Array.isArray(end.value)) {
    const hint = `; ${quote(before)} is a list: name an element, such as ${quote(`${before}[0]${rest}`)}`;
    return { hint, note: 'the list is here', ...here };
  }
  if (segment.kind === 'name' && isJsonObject(end.value)) {
    const names = Object.keys(end.value);
    const withName = (name: string): string => `${before}${formatName(name)}${rest.slice(segment.length)}`;
    const suggestAt = (name: string, suggested: string) => ({
      hint: `; did you mean ${quote(suggested)}?`,
      note: `${quote(name)} is here`,
      value: end.index,
      pointer: pointerTo(end.pointer, name),
      part: 'key' as const,
      suggested,
    });
    const near = names.filter((name) => suggest(segment.name, [name]) !== undefined);
    const best = suggest(
      segment.name,
      near.filter((name) => resolves(withName(name), values)),
    );
    if (best !== undefined) {
      const isSure = suggestSurely(segment.name, names) === best;
      return { ...suggestAt(best, withName(best)), ...(isSure ? { meant: withName(best) } : {}) };
    }
    // A second slip further on: the path is mended up to here, and looked at again.
    const nearest = suggest(segment.name, near);
    const mended = nearest === undefined ? null : findSimilarPath(withName(nearest), values);
    if (mended?.suggested !== undefined) {
      const { meant: _, ...unsure } = mended;
      return unsure;
    }
    // `$.customer.id` where there is `customerId`.
    const single = suggest(rest.replace(/[^\p{L}\d]/gu, ''), namesOfScalars(end.value));
    if (single !== undefined) return suggestAt(single, `${before}${formatName(single)}`);
    const elsewhere = findElsewhere(segments.slice(end.depth), values[end.index] as JsonValue);
    if (elsewhere !== null) {
      const meant = `${elsewhere.path}${rest}`;
      const pointer = pointerTo(elsewhere.pointer, segment.name);
      return {
        hint: `; did you mean ${quote(meant)}?`,
        note: 'it is here',
        value: end.index,
        pointer,
        part: 'key',
        suggested: meant,
      };
    }
  }
  const note = before === '$' ? 'it was looked for here' : `${quote(before)} is here`;
  return { hint: `; ${quote(before)} ${describe(end.value)}`, note, ...here };
}

function namesOfScalars(value: JsonObject): readonly string[] {
  return Object.keys(value).filter((name) => typeof value[name] !== 'object');
}

function resolves(path: string, values: readonly JsonValue[]): boolean {
  const parsed = parsePath(path);
  return (
    parsed.ok &&
    values.slice(0, MAX_VALUES).some((value) => followPath(parsed.segments, 0, value, '') === null)
  );
}

interface DeadEnd {
  /** Index of the segment that finds nothing. */
  readonly depth: number;
  /** Where it finds nothing. */
  readonly value: JsonValue;
  readonly pointer: string;
}

/** The deepest place at which following the path ends; null when it resolves. */
function followPath(
  segments: readonly Segment[],
  depth: number,
  value: JsonValue,
  pointer: string,
): DeadEnd | null {
  const segment = segments[depth];
  if (segment === undefined) return null;
  let deepest: DeadEnd = { depth, value, pointer };
  for (const [key, member] of stepsOf(segment, value).slice(0, MAX_ELEMENTS)) {
    const end = followPath(segments, depth + 1, member, pointerTo(pointer, key));
    if (end === null) return null;
    if (end.depth > deepest.depth) deepest = end;
  }
  return deepest;
}

function stepsOf(segment: Segment, value: JsonValue): readonly (readonly [string, JsonValue])[] {
  const members = membersOf(value);
  switch (segment.kind) {
    case 'name':
      return Array.isArray(value) ? [] : members.filter(([key]) => key === segment.name);
    case 'index':
      return Array.isArray(value) ? members.filter(([key]) => key === String(segment.index)) : [];
    case 'union':
      return members.filter(([key]) => segment.members.some((member) => String(member) === key));
    default:
      return members;
  }
}

/** The nearest object, breadth first, in which the rest of the path resolves. */
function findElsewhere(rest: readonly Segment[], root: JsonValue): { path: string; pointer: string } | null {
  const waiting = [{ value: root, path: '$', pointer: '' }];
  for (let seen = 0; seen < MAX_OBJECTS; seen += 1) {
    const next = waiting.shift();
    if (next === undefined) return null;
    if (isJsonObject(next.value) && followPath(rest, 0, next.value, '') === null) return next;
    for (const [key, member] of membersOf(next.value).slice(0, MAX_ELEMENTS)) {
      if (typeof member !== 'object' || member === null) continue;
      const step = Array.isArray(next.value) ? `[${key}]` : formatName(key);
      waiting.push({ value: member, path: `${next.path}${step}`, pointer: pointerTo(next.pointer, key) });
    }
  }
  return null;
}

function membersOf(value: JsonValue): readonly (readonly [string, JsonValue])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function describe(value: JsonValue): string {
  if (value === null) return 'is null there';
  if (Array.isArray(value))
    return value.length === 0 ? 'is an empty list there' : `is a list of ${value.length} there`;
  if (!isJsonObject(value)) return 'is a single value there';
  const keys = Object.keys(value);
  if (keys.length === 0) return 'is an empty object there';
  const more = keys.length > MAX_KEYS ? ` and ${keys.length - MAX_KEYS} more` : '';
  return `has ${keys.slice(0, MAX_KEYS).map(quote).join(', ')}${more}`;
}
