/** Two shapes in, what the second has that the first has not out: what one more sample makes acceptable. Never a value. */
import type { Shape } from '../plans.ts';
import { describeShape } from './json-type.ts';
import { patternOf, type TrailStep } from './trail.ts';

export interface ShapeChange {
  readonly path: string;
  /** Such as "string", "string, may be missing", "nothing". */
  readonly before: string;
  readonly after: string;
}

/** In the order of names. What is inside of something new is not listed; null: there was no shape. */
export function diffShapes(before: Shape | null, after: Shape): readonly ShapeChange[] {
  if (before === null) return [{ path: '$', before: NOTHING, after: describe(after, false) }];
  const changes: ShapeChange[] = [];
  compare(before, after, false, false, [], changes);
  return changes;
}

const NOTHING = 'nothing';
/** Shown as [*]. */
const ANY = 0;

function compare(
  before: Shape,
  after: Shape,
  couldMiss: boolean,
  mayMiss: boolean,
  trail: readonly TrailStep[],
  changes: ShapeChange[],
): void {
  const [was, is] = [describe(before, couldMiss), describe(after, mayMiss)];
  if (was !== is) changes.push({ path: patternOf(trail), before: was, after: is });
  if (before.items !== undefined && after.items !== undefined)
    compare(before.items, after.items, false, false, [...trail, ANY], changes);
  else if (after.items !== undefined && before.types.includes('array'))
    changes.push({ path: patternOf([...trail, ANY]), before: NOTHING, after: describe(after.items, false) });
  if (before.values !== undefined && after.values !== undefined)
    compare(before.values, after.values, false, false, [...trail, ANY], changes);
  if (before.members === undefined || after.members === undefined) return;
  for (const [name, member] of Object.entries(after.members)) {
    const optional = after.optional?.includes(name) === true;
    const known = Object.hasOwn(before.members, name) ? before.members[name] : undefined;
    if (known !== undefined) {
      compare(known, member, before.optional?.includes(name) === true, optional, [...trail, name], changes);
    } else {
      changes.push({ path: patternOf([...trail, name]), before: NOTHING, after: describe(member, optional) });
    }
  }
}

function describe(shape: Shape, mayMiss: boolean): string {
  const isOnlyNull = shape.types.length === 0 && shape.nullable === true;
  const type = isOnlyNull ? 'only null' : describeShape(shape);
  const keys = shape.values === undefined ? '' : ' with any keys';
  return `${type}${keys}${mayMiss ? ', may be missing' : ''}`;
}
