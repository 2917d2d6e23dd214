/** Where a path leads in a value: segments in, the JSON pointers of all places that they select out, in document order. */
import type { Segment } from '../json-path-grammar.ts';
import type { JsonValue } from '../json-value.ts';
import { ownMember } from '../own-member.ts';
import { pointerTo } from '../problem.ts';
import { selectKeys } from '../shape/path-steps.ts';

export type Visit = (pointer: string, value: JsonValue) => void;

/** `base` is the pointer of the value itself. With `..` a place may come twice. */
export function locate(value: JsonValue, segments: readonly Segment[], visit: Visit, base = ''): void {
  const [first, ...rest] = segments;
  if (first === undefined) {
    visit(base, value);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (first.kind === 'descent') locate(value, rest, visit, base);
  const keys = first.kind === 'descent' ? Object.keys(value) : selectKeys(first, value);
  for (const key of keys) {
    const child = ownMember(value, key);
    if (child !== undefined)
      locate(child, first.kind === 'descent' ? segments : rest, visit, pointerTo(base, key));
  }
}
