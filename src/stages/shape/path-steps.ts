/**
 * How a path's segments apply where there is no payload yet: to the members, elements and values of a shape or of what is
 * being learned. Paths that a step can still lead to in, the rest of those paths out.
 */
import { parsePath } from '../json/json-path.ts';
import type { Segment } from '../json/json-path-grammar.ts';
import type { JsonValue } from '../json/json-value.ts';

/** The segments of a path that are still ahead. */
export type PathRest = readonly Segment[];

/** The segments of a path that was checked; throws for one that parsePath refuses: that is a bug of the caller. */
export function segmentsOf(path: string): PathRest {
  const parsed = parsePath(path);
  if (!parsed.ok) throw new Error(`a path was used unchecked: ${parsed.message}`);
  return parsed.segments;
}

/** One step down: into a member by its name, into a list's elements, or into the values of a map. */
export type Step = { readonly member: string } | 'items' | 'values';

/** What remains of each path after the step; paths that lead elsewhere drop out. */
export function advance(rests: readonly PathRest[], step: Step): readonly PathRest[] {
  return rests.flatMap((rest) => {
    const [segment, next] = rest;
    if (segment === undefined) return [];
    if (segment.kind !== 'descent') return isStep(segment, step) ? [rest.slice(1)] : [];
    // Somewhere below, a name means a member: that some map could have such a key says nothing.
    const isNamedKey = step === 'values' && next?.kind !== 'wildcard';
    return next !== undefined && !isNamedKey && isStep(next, step) ? [rest, rest.slice(2)] : [rest];
  });
}

function isStep(segment: Segment, step: Step): boolean {
  // Which keys a map has is not known: any name may be one.
  if (segment.kind === 'wildcard' || step === 'values') return true;
  if (segment.kind === 'slice') return step === 'items';
  const keys = keysOf(segment);
  return step === 'items' ? keys.some((key) => /^-?\d+$/.test(key)) : keys.includes(step.member);
}

/** The keys that a segment names; none for those that select by position or take everything. */
export function keysOf(segment: Segment): readonly string[] {
  if (segment.kind === 'name') return [segment.name];
  if (segment.kind === 'index') return [String(segment.index)];
  return segment.kind === 'union' ? segment.members.map(String) : [];
}

/**
 * The keys of an object or list that a segment selects. A single name or index is given even when it is missing: that is
 * what then has to be said; all others select what is there.
 */
export function selectKeys(segment: Segment, value: JsonValue): readonly string[] {
  if (segment.kind === 'index' && segment.index < 0 && Array.isArray(value)) {
    const index = value.length + segment.index;
    return index < 0 ? keysOf(segment) : [String(index)];
  }
  if (segment.kind === 'name' || segment.kind === 'index') return keysOf(segment);
  if (typeof value !== 'object' || value === null) return [];
  if (segment.kind === 'union') return keysOf(segment).filter((key) => Object.hasOwn(value, key));
  const keys = Object.keys(value);
  if (segment.kind !== 'slice') return keys;
  if (!Array.isArray(value)) return [];
  const { start, end, step = 1 } = segment;
  return keys.slice(start, end).filter((_, position) => position % step === 0);
}

/** True when whatever `path` leads to lies at or below what `outer` leads to. */
export function isAtOrBelow(path: PathRest, outer: PathRest): boolean {
  if (outer.length > path.length) return false;
  return outer.every((segment, index) => covers(segment, path[index] as Segment));
}

function covers(outer: Segment, inner: Segment): boolean {
  if (inner.kind === 'descent' || outer.kind === 'descent') return inner.kind === outer.kind;
  if (outer.kind === 'wildcard') return true;
  const keys = keysOf(outer);
  const innerKeys = keysOf(inner);
  return innerKeys.length > 0 && innerKeys.every((key) => keys.includes(key));
}
