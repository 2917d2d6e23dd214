/**
 * The steps that change one value: lookup, bands, the decimal point, conversion, time. A plan in, a function from value to
 * value out. What a lookup does not know is missing where there is a default, and fails otherwise.
 */
import { ExactNumber } from '../json/exact-number.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { ExpressionPlan, Scalar, StepsPlan } from '../plans.ts';
import { CONVERSION_WANTS, convertValue, toText } from './convert-value.ts';
import { decimalsOfCurrency } from './currencies.ts';
import { formatDate, formatDateTime, isDummyTime, isDummyValue, readDateTime } from './date-time.ts';
import {
  compareDecimals,
  type Decimal,
  formatDecimal,
  movePoint,
  readDecimal,
  roundDecimal,
} from './decimal.ts';
import { Failed, type Found, isPresent, Many, MISSING, type Scope } from './scope.ts';

/** Compiles an expression inside another one; `place` follows the name of the field in messages. */
export type CompileInner = (plan: ExpressionPlan, place: string) => (scope: Scope) => Found;

export type Each = (value: JsonValue, scope: Scope) => Found;

/** null: nothing changes; `json` is written of the whole. */
export function compileEach(plan: StepsPlan, inner: CompileInner): Each | null {
  const steps = [
    compileMap(plan),
    compileBands(plan),
    compilePoint(plan, inner),
    compileTime(plan) ?? compileAs(plan),
  ];
  const [first, ...others] = steps.filter((step) => step !== null);
  if (first === undefined) return null;
  if (others.length === 0) return first;
  return (value, scope) => {
    let left = first(value, scope);
    for (const step of others) {
      if (!isPresent(left)) return left;
      left = left instanceof Many ? eachOf(left, step, scope) : step(left, scope);
    }
    return left;
  };
}

/** A lookup may give several values. */
function eachOf(many: Many, step: Each, scope: Scope): Found {
  const values: JsonValue[] = [];
  for (const value of many.values) {
    const left = step(value, scope);
    if (left instanceof Failed) return left;
    if (isPresent(left)) values.push(left as JsonValue);
  }
  return values.length === 0 ? MISSING : new Many(values);
}

function unknownIs(plan: StepsPlan, fact: string): Found {
  if ('default' in plan) return MISSING;
  return new Failed(fact);
}

function compileMap(plan: StepsPlan): Each | null {
  if (plan.map === undefined) return null;
  const entries = new Map<string, JsonValue | Many | typeof MISSING>();
  for (const [code, value] of Object.entries(plan.map)) entries.set(code, toFound(value));
  const unknown = unknownIs(plan, 'is none of the codes that `map` knows, and there is no default');
  const noCode = new Failed('is a list or an object, which is no code for `map`');
  return (value): Found => {
    const text = toText(value);
    if (text === undefined) return noCode;
    return entries.get(text) ?? entries.get(plainDigits(value)) ?? unknown;
  };
}

function toFound(value: Scalar | readonly Scalar[]): JsonValue | Many | typeof MISSING {
  if (value === null) return MISSING;
  return typeof value === 'object' ? new Many(value) : value;
}

/** 6.0 is the code 6. */
function plainDigits(value: JsonValue): string {
  return (value as unknown) instanceof ExactNumber
    ? String(Number((value as unknown as ExactNumber).digits))
    : '';
}

interface Band {
  readonly from: Decimal | undefined;
  readonly is: Found;
}

function compileBands(plan: StepsPlan): Each | null {
  if (plan.bands === undefined) return null;
  const bands = plan.bands.map(({ from, is }): Band => ({ from: readDecimal(from), is: toFound(is) }));
  const numbers = plan.bands.map(({ from }) => from);
  const areNumbers = numbers.every((from) => typeof from === 'number');
  const unknown = unknownIs(plan, 'is below every band, and there is no default');
  const noNumber = new Failed('is not a number, which `bands` compares');
  return (value): Found => {
    // Two numbers are in the order of the decimals that they write.
    if (areNumbers && typeof value === 'number')
      return bands[numbers.findIndex((from) => from <= value)]?.is ?? unknown;
    const number = readDecimal(value);
    if (number === undefined) return noNumber;
    const band = bands.find(({ from }) => from !== undefined && compareDecimals(from, number) <= 0);
    return band === undefined ? unknown : band.is;
  };
}

function compilePoint(plan: StepsPlan, inner: CompileInner): Each | null {
  const { point, decimals } = plan;
  if (point === undefined && decimals === undefined) return null;
  const placesOf = compilePlaces(point, inner);
  const noNumber = new Failed(
    `is not a number, which \`${point === undefined ? 'decimals' : 'point'}\` writes`,
  );
  return (value, scope) => {
    const places = placesOf(scope);
    if (typeof places !== 'number') return places;
    const number = readDecimal(value);
    if (number === undefined || number.scale + places > 2_000) return noNumber;
    const moved = movePoint(number, places);
    if (decimals !== undefined) return formatDecimal(roundDecimal(moved, decimals));
    return formatDecimal(moved);
  };
}

function compilePlaces(point: StepsPlan['point'], inner: CompileInner): (scope: Scope) => number | Failed {
  if (point === undefined) return () => 0;
  if (typeof point === 'number') return () => point;
  const readCurrency = inner(point, 'point.currency');
  const noCurrency = new Failed('has no currency beside it, which says where the decimal point stands');
  const unknown = new Failed('is an amount in a currency that ISO 4217 does not have');
  return (scope) => {
    const found = readCurrency(scope);
    if (found instanceof Failed) return found;
    if (typeof found !== 'string') return noCurrency;
    return decimalsOfCurrency(found.trim()) ?? unknown;
  };
}

/** Dummies that mean "never" or "not yet" are missing. */
function compileTime({ as, shift }: StepsPlan): Each | null {
  const isTime = as === 'date-time' || as === 'date' || shift !== undefined;
  if (!isTime) return null;
  const failure = new Failed(`is ${CONVERSION_WANTS['date-time']}`);
  const outOfRange = new Failed('is a time that `plus` or `minus` moves out of the years 0 to 9999');
  return (value) => {
    const time = readDateTime(value);
    if (time === undefined) return isDummyValue(value) ? MISSING : failure;
    if (isDummyTime(time)) return MISSING;
    const moved = shift === undefined ? time : new Date(time.getTime() + shift);
    const year = moved.getUTCFullYear();
    if (!(year >= 0 && year <= 9999)) return outOfRange;
    return as === 'date' ? formatDate(moved) : formatDateTime(moved);
  };
}

function compileAs({ as }: StepsPlan): Each | null {
  if (as === undefined || as === 'json') return null;
  const failure = new Failed(`is ${CONVERSION_WANTS[as]}`);
  return (value) => convertValue(value, as) ?? failure;
}
