/** JSONPath: text in, segments out, or what is wrong with it and where. `compile-path.ts` makes an accessor of them. */
import { isBareName, parseSegments, type Segment } from './json-path-grammar.ts';
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

/** Longest path, in UTF-16 units; as in the connector schema. */
export const MAX_PATH_LENGTH = 500;
/** Most segments: bodies nest no deeper than 64, and `..` is a segment of its own. */
export const MAX_PATH_SEGMENTS = 65;
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
  const parsed = parseAnew(text);
  if (judged.size === MAX_JUDGED) judged.clear();
  if (text.length <= MAX_PATH_LENGTH) judged.set(text, parsed);
  return parsed;
}

function parseAnew(text: string): ParsedPath {
  if (text.length > MAX_PATH_LENGTH) {
    const reason = `is longer than ${MAX_PATH_LENGTH} characters`;
    return refuse('path-invalid', `${text.slice(0, 40)}...`, reason, 0, text.length);
  }
  const segments = parseSegments(text);
  if ('code' in segments)
    return refuse(segments.code, text, segments.reason, segments.offset, segments.length);
  for (const [index, segment] of segments.entries()) {
    const problem = checkSegment(segment, segments[index - 1]);
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

function checkSegment(
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

/** Members and indexes. */
export function isPlain(segment: Segment): boolean {
  return segment.kind === 'name' || segment.kind === 'index';
}

/** The members that a segment names. */
export function keysOf(segment: Segment): readonly string[] {
  if (segment.kind === 'name') return [segment.name];
  if (segment.kind === 'index') return [String(segment.index)];
  return segment.kind === 'union' ? segment.members.map(String) : [];
}
