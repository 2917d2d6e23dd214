/** Conditions of events, compared by the requests that they take. In: two lists of which all must hold. Never a payload. */
import { canonicalJson } from '../../../bundle/canonical-json.ts';
import { isReference } from '../../../stages/conditions/compare.ts';
import type { ConditionPlan, Operand } from '../../../stages/plans.ts';

/** other: neither takes all that the other one takes, or that cannot be said without knowing the requests. */
export type Comparison = 'same' | 'wider' | 'narrower' | 'other';

/** How the second list compares with the first; presence in the samples is left aside. */
export function compareConditions(
  before: readonly ConditionPlan[],
  after: readonly ConditionPlan[],
): Comparison {
  // All must hold: a list takes no more than another if each of the other's conditions is implied by one of its own.
  const isNarrower = before.every((one) => after.some((other) => implies(other, one)));
  const isWider = after.every((one) => before.some((other) => implies(other, one)));
  if (isNarrower && isWider) return 'same';
  if (isNarrower) return 'narrower';
  return isWider ? 'wider' : 'other';
}

/** True if every request that the first takes is also taken by the second. */
function implies(one: ConditionPlan, other: ConditionPlan): boolean {
  if (one.path !== other.path || one.header !== other.header) return false;
  if (canonicalJson(withoutPresence(one)) === canonicalJson(withoutPresence(other))) return true;
  if (isOpen(one) || isOpen(other)) return false;
  const taken = valuesOf(one);
  if (taken === null) {
    if (one.prefix === undefined) return false;
    return other.exists === true || (other.prefix !== undefined && one.prefix.startsWith(other.prefix));
  }
  const allowed = valuesOf(other);
  if (allowed !== null) return taken.every((value) => allowed.includes(value));
  if (other.exists === true) return taken.every((value) => value !== null);
  return (
    other.prefix !== undefined &&
    taken.every((value) => typeof value === 'string' && value.startsWith(other.prefix as string))
  );
}

/** What it takes cannot be told from the values that it names alone. */
function isOpen({ any, equals, notEquals, notIn, above, below, contains }: ConditionPlan): boolean {
  const others = [any, notEquals, notIn, above, below, contains];
  return isReference(equals) || others.some((one) => one !== undefined);
}

/** The values of which it must be one; null where it is not a matter of values. */
function valuesOf({ equals, in: list }: ConditionPlan): readonly unknown[] | null {
  return list ?? (equals === undefined ? null : [equals]);
}

function withoutPresence({ inEverySample: _, known: __, any, ...condition }: ConditionPlan): unknown {
  return any === undefined ? condition : { any: any.map(withoutPresence) };
}

/** As it stands in the file, such as `$.type equals "paid"`. */
export function describeCondition(condition: ConditionPlan): string {
  const { path, header, equals, in: list, prefix, exists, any } = condition;
  if (any !== undefined) return `any of (${any.map(describeCondition).join(' or ')})`;
  const { notEquals, notIn, above, below, contains } = condition;
  const place = path ?? `header ${header}`;
  if (list !== undefined) return `${place} in ${JSON.stringify(list)}`;
  if (prefix !== undefined) return `${place} starts with ${JSON.stringify(prefix)}`;
  if (exists !== undefined) return `${place} ${exists ? 'exists' : 'is missing'}`;
  if (notEquals !== undefined) return `${place} not equal to ${describeOperand(notEquals)}`;
  if (notIn !== undefined) return `${place} not in ${JSON.stringify(notIn)}`;
  if (above !== undefined) return `${place} above ${describeOperand(above)}`;
  if (below !== undefined) return `${place} below ${describeOperand(below)}`;
  if (contains !== undefined) return `${place} contains ${canonicalJson(contains)}`;
  return `${place} equals ${describeOperand(equals ?? null)}`;
}

function describeOperand(operand: Operand): string {
  if (!isReference(operand)) return canonicalJson(operand);
  return 'path' in operand ? operand.path : `value ${operand.use}`;
}
