/** Two shapes in, the places where both say what texts look like, and say it differently, out. Never a value. */
import type { Shape } from '../plans.ts';
import type { ShapeChange } from './diff-shapes.ts';
import { describeForms } from './forms.ts';
import { patternOf, type TrailStep } from './trail.ts';

/** In the order of names. A place that is mapped now, and was not, has no forms to compare. */
export function diffForms(
  before: Shape,
  after: Shape,
  trail: readonly TrailStep[] = [],
): readonly ShapeChange[] {
  const [was, is] = [before.forms, after.forms];
  const isChanged = was !== undefined && is !== undefined && was.join() !== is.join();
  const own = isChanged
    ? [{ path: patternOf(trail), before: describeForms(was), after: describeForms(is) }]
    : [];
  const items =
    before.items !== undefined && after.items !== undefined
      ? diffForms(before.items, after.items, [...trail, 0])
      : [];
  const members = Object.entries(before.members ?? {}).flatMap(([name, member]) => {
    const other =
      after.members !== undefined && Object.hasOwn(after.members, name) ? after.members[name] : undefined;
    return other === undefined ? [] : diffForms(member, other, [...trail, name]);
  });
  return [...own, ...items, ...members];
}
