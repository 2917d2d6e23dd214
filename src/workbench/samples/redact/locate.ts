/** Where a path leads in a value: segments in, the JSON pointers of all places that they select out, in document order. */
import type { Segment } from '../../../stages/json/json-path-grammar.ts';
import type { JsonValue } from '../../../stages/json/json-value.ts';
import { ownMember } from '../../../stages/json/own-member.ts';
import { pointerTo } from '../../../stages/problem.ts';
import { selectKeys } from '../../../stages/shape/path-steps.ts';

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
