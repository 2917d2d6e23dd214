/**
 * Why a path found nothing: because a list on its way is there but empty (nobody to tell), or because something is
 * missing (the payload has changed). A parsed path and a value in, true only for the first. Runs only when nothing was found.
 */
import type { Segment } from './json-path-grammar.ts';
import type { JsonObject, JsonValue } from './json-value.ts';
import { ownMember } from './own-member.ts';

/** True when every way that the segments lead ends in a list or object without elements, and none in a missing member. */
export function isEmptyAlong(segments: readonly Segment[], value: JsonValue, index = 0): boolean {
  const segment = segments[index];
  if (segment === undefined) return false;
  const children = childrenAlong(segment, value);
  return children?.every((child) => isEmptyAlong(segments, child, index + 1)) ?? false;
}

/** What the segment selects of the value; undefined when that says nothing, or when a named member is missing. */
function childrenAlong(segment: Segment, value: JsonValue): readonly JsonValue[] | undefined {
  if (segment.kind === 'descent') return undefined;
  if (segment.kind === 'name' || segment.kind === 'index') {
    const key = segment.kind === 'name' ? segment.name : String(segment.index);
    const member = ownMember(value, key);
    return member === undefined ? undefined : [member];
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (segment.kind === 'wildcard') return Object.values(value as JsonObject);
  if (!Array.isArray(value)) return undefined;
  if (segment.kind === 'slice') {
    const step = segment.step ?? 1;
    const chosen: readonly JsonValue[] = value.slice(segment.start, segment.end);
    return chosen.filter((_, position) => position % step === 0);
  }
  return value.length === 0 ? [] : undefined;
}
