/**
 * Tells a renamed member from one that only came along: may this new member hold what is missing? A rename keeps the value,
 * so something in the new member must have the type and the form of what the samples have at the end of the path.
 */
import type { Segment } from '../json/json-path-grammar.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Shape } from '../plans.ts';
import { couldBe } from './forms.ts';
import { isAnything } from './json-type.ts';
import { keysOf } from './path-steps.ts';
import { memberShape } from './shape-steps.ts';

/** Values of a new member that are looked at; one that has more may hold anything. */
const MAX_LOOKED_AT = 1_000;

/** `inside`: of the step that is missing; `rest`: the segments after it. Where the samples say nothing, it may. */
export function mayStandFor(member: JsonValue, inside: Shape | undefined, rest: readonly Segment[]): boolean {
  const wanted = inside === undefined ? undefined : shapeAtEnd(inside, rest);
  if (wanted === undefined || isAnything(wanted)) return true;
  const { types, forms = [] } = wanted;
  const pending = [member];
  for (let looked = 0; pending.length > 0; looked++) {
    if (looked > MAX_LOOKED_AT) return true;
    const value = pending.pop() as JsonValue;
    if (typeof value === 'object' && value !== null) pending.push(...(Object.values(value) as JsonValue[]));
    else if (isLike(value, types, forms)) return true;
  }
  return false;
}

function isLike(value: JsonValue, types: Shape['types'], forms: NonNullable<Shape['forms']>): boolean {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  // A sender that renames an id may also write it as a text, or no longer.
  if (isNumber) return types.includes('number') ? couldBe(forms, value) : forms.includes('digits');
  if (typeof value === 'string')
    return types.includes('string') ? couldBe(forms, value) : types.includes('number') && /^\d+$/.test(value);
  return typeof value === 'boolean' && types.includes('boolean');
}

/** Elements of a list are asked, not the list. */
function shapeAtEnd(shape: Shape, [segment, ...rest]: readonly Segment[]): Shape | undefined {
  if (shape.items !== undefined && (segment === undefined || segment.kind !== 'descent'))
    return shapeAtEnd(
      shape.items,
      isOfList(segment) ? rest : ([segment, ...rest].filter(Boolean) as Segment[]),
    );
  if (segment === undefined) return shape;
  const [key, ...others] = keysOf(segment);
  if (segment.kind === 'descent' || others.length > 0) return undefined;
  const inside = shape.values ?? (key === undefined ? undefined : memberShape(shape, key));
  return inside === undefined ? undefined : shapeAtEnd(inside, rest);
}

function isOfList(segment: Segment | undefined): boolean {
  return segment !== undefined && segment.kind !== 'name';
}
