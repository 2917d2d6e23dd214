/**
 * The comparisons of a condition: its plan in, a function that compares one value out. Texts, numbers and flags are compared
 * without conversion; what is read elsewhere in the request is compared as text, as ids come in both forms.
 */
import type { JsonScalar, JsonValue } from '../json/json-value.ts';
import { toText } from '../mapping/convert-value.ts';
import { compareDecimals, type Decimal, readDecimal } from '../mapping/decimal.ts';
import { compileScoped, isPresent, Many, type Scope } from '../mapping/scope.ts';
import type { ConditionPlan, Operand, Scalar } from '../plans.ts';

/** no-number: it is there, but above and below compare numbers. */
export type Compared = boolean | 'no-number';
export type Comparison = (value: JsonValue, scope: Scope) => Compared;

/** For whatever is there and not null; what `exists` says is judged before. */
export function compileComparison(plan: ConditionPlan): Comparison {
  const { equals, notEquals, prefix, above, below, contains } = plan;
  if (equals !== undefined) return compileEquals(equals);
  if (notEquals !== undefined) return not(compileEquals(notEquals));
  if (plan.in !== undefined) return among(plan.in);
  if (plan.notIn !== undefined) return not(among(plan.notIn));
  if (prefix !== undefined) return (value) => typeof value === 'string' && value.startsWith(prefix);
  if (above !== undefined) return compileOrder(above, (order) => order > 0);
  if (below !== undefined) return compileOrder(below, (order) => order < 0);
  if (contains !== undefined) return (value) => isWithin(value, contains);
  return (value) => value !== null;
}

/** True for comparisons that hold for what is not there. */
export function isNegative({ notEquals, notIn }: ConditionPlan): boolean {
  return notEquals !== undefined || notIn !== undefined;
}

export function isReference(operand: Operand | undefined): operand is Exclude<Operand, Scalar> {
  return typeof operand === 'object' && operand !== null;
}

/** Without conversion: 1 and "1" differ. A bigint is the same as the number of its value. */
function isSame(value: JsonValue, expected: JsonScalar): boolean {
  if (typeof value !== 'bigint' || typeof expected !== 'number') return value === expected;
  return Number.isInteger(expected) && BigInt(expected) === value;
}

function compileEquals(operand: Operand): Comparison {
  if (!isReference(operand)) return (value) => isSame(value, operand);
  const read = compileReference(operand);
  return (value, scope) => {
    const text = toText(value);
    return text !== undefined && read(scope).some((one) => toText(one) === text);
  };
}

function among(candidates: readonly Scalar[]): Comparison {
  const known = new Set<JsonValue>(candidates);
  return (value) =>
    known.has(value) || (typeof value === 'bigint' && candidates.some((one) => isSame(value, one)));
}

function not(comparison: Comparison): Comparison {
  return (value, scope) => comparison(value, scope) === false;
}

function compileOrder(operand: Operand, holds: (order: number) => boolean): Comparison {
  const fixed = isReference(operand) ? undefined : readDecimal(operand);
  const readLimit: (scope: Scope) => Decimal | undefined = isReference(operand)
    ? compileLimit(operand)
    : () => fixed;
  return (value, scope) => {
    const [number, limit] = [readDecimal(value), readLimit(scope)];
    if (number === undefined || limit === undefined) return 'no-number';
    return holds(compareDecimals(number, limit));
  };
}

function compileLimit(operand: Exclude<Operand, Scalar>): (scope: Scope) => Decimal | undefined {
  const read = compileReference(operand, true);
  return (scope) => {
    const [first, ...others] = read(scope);
    return first === undefined || others.length > 0 ? undefined : readDecimal(first);
  };
}

/** A part of a text, or an element of a list. */
function isWithin(value: JsonValue, part: Scalar): boolean {
  if (typeof value === 'string') return value.includes(String(part));
  if (!Array.isArray(value)) return isSame(value, part);
  return value.some((element: JsonValue) => isSame(element, part));
}

/** The values that are read elsewhere in the request, without null. */
function compileReference(
  operand: Exclude<Operand, Scalar>,
  isSize = false,
): (scope: Scope) => readonly JsonValue[] {
  if ('path' in operand) {
    const path = compileScoped(operand.path);
    const all = isSize ? path.allExact : path.all;
    return (scope) => all(path.of(scope)).filter((value) => value !== null);
  }
  return (scope) => {
    const found = scope.named?.get(operand.use);
    if (found === undefined || !isPresent(found)) return [];
    return found instanceof Many ? found.values : [found];
  };
}
