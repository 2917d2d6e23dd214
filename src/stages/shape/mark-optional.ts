/**
 * Makes a place in a shape one that may be missing or null, as `shape.optional` asks: a shape and a path in, a shape out.
 */
import type { Shape } from '../plans.ts';
import { isAnything } from './json-type.ts';
import { advance, type PathRest } from './path-steps.ts';

/** Marks what the path leads to. A path that the shape does not have changes nothing. */
export function markOptional(shape: Shape, path: PathRest): Shape {
  return mark(shape, [path]);
}

function mark(shape: Shape, rests: readonly PathRest[]): Shape {
  if (rests.length === 0) return shape;
  const { members, optional = [], values, items } = shape;
  const isEnd = rests.some((rest) => rest.length === 0);
  const names = Object.keys(members ?? {});
  const below = new Map(names.map((name) => [name, advance(rests, { member: name })]));
  const newlyOptional = names.filter((name) => below.get(name)?.some((rest) => rest.length === 0));
  const allOptional = [...new Set([...optional, ...newlyOptional])].sort();
  return {
    ...shape,
    ...(isEnd && !isAnything(shape) ? { nullable: true } : {}),
    ...(members && {
      members: Object.fromEntries(
        Object.entries(members).map(([name, member]) => [name, mark(member, below.get(name) ?? [])]),
      ),
    }),
    ...(allOptional.length === 0 ? {} : { optional: allOptional }),
    ...(values && { values: mark(values, advance(rests, 'values')) }),
    ...(items && { items: mark(items, advance(rests, 'items')) }),
  };
}
