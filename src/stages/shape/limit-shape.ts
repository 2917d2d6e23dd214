/**
 * Keeps a shape from growing without bound: a shape in, the same or one that ends at a certain depth out. Cuts at one
 * depth everywhere, so that the result does not depend on any order.
 */
import type { Shape } from '../plans.ts';

/** Most nodes (paths) of one shape. Real payloads have some hundreds; GitHub's largest about 1,500. */
export const MAX_SHAPE_NODES = 10_000;

/** Cuts the shape above the first depth at which it has more than MAX_SHAPE_NODES nodes. What is cut takes anything. */
export function limitShape(shape: Shape): Shape {
  let level: readonly Shape[] = [shape];
  let nodes = 0;
  for (let depth = 0; level.length > 0; depth++) {
    nodes += level.length;
    if (nodes > MAX_SHAPE_NODES) return cutBelow(shape, depth - 1);
    level = level.flatMap(childrenOf);
  }
  return shape;
}

function childrenOf({ members, values, items }: Shape): readonly Shape[] {
  return [
    ...Object.values(members ?? {}),
    ...(values === undefined ? [] : [values]),
    ...(items === undefined ? [] : [items]),
  ];
}

function cutBelow(shape: Shape, depth: number): Shape {
  const { types, nullable, members, optional, values, items } = shape;
  const own = { types, ...(nullable ? { nullable } : {}) };
  if (depth === 0) return own;
  return {
    ...own,
    ...(members && {
      members: Object.fromEntries(
        Object.entries(members).map(([name, member]) => [name, cutBelow(member, depth - 1)]),
      ),
    }),
    ...(optional && { optional }),
    ...(values && { values: cutBelow(values, depth - 1) }),
    ...(items && { items: cutBelow(items, depth - 1) }),
  };
}
