/**
 * What evaluating a path costs. In: a parsed path and a value. Out: how many values it looks at, counted no further than
 * a limit. Members and indexes cost nothing; a wildcard looks at every child, a descent at everything below.
 */

import { keysOf, selectKeys } from '../shape/path-steps.ts';
import type { Segment } from './json-path-grammar.ts';
import type { JsonValue } from './json-value.ts';
import { ownMember } from './own-member.ts';

/** More than `limit` comes back as limit + 1. */
export function countVisits(segments: readonly Segment[], value: JsonValue, limit: number): number {
  let visits = 0;
  const visit = (index: number, at: JsonValue): void => {
    const segment = segments[index];
    if (segment === undefined || typeof at !== 'object' || at === null || visits > limit) return;
    if (segment.kind === 'name' || segment.kind === 'index') {
      const [key = ''] = keysOf(segment);
      const member = ownMember(at, key);
      if (member !== undefined) visit(index + 1, member);
    } else if (segment.kind === 'descent') descend(index + 1, at);
    else for (const key of selectKeys(segment, at)) enter(index + 1, ownMember(at, key));
  };
  const enter = (index: number, member: JsonValue | undefined): void => {
    visits += 1;
    if (member !== undefined) visit(index, member);
  };
  const descend = (index: number, at: JsonValue): void => {
    visit(index, at);
    for (const member of Object.values(at as object) as JsonValue[]) {
      visits += 1;
      if (visits > limit) return;
      if (typeof member === 'object' && member !== null) descend(index, member);
    }
  };
  visit(0, value);
  return Math.min(visits, limit + 1);
}
