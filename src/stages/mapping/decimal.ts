/**
 * Exact decimal numbers: a number or its text in, digits and a scale out, and back. No floating point on the way, no
 * grouping characters, no locale. Bounded: what is longer than a body may hold is no number here.
 */
import { ExactNumber } from '../json/exact-number.ts';
import type { JsonValue } from '../json/json-value.ts';

/** digits / 10^scale; `digits` has no sign and may start with zeros. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  /** Not below 0. */
  readonly scale: number;
}

const NUMBER = /^([+-]?)(\d{1,1000})(?:\.(\d{1,1000}))?(?:[eE]([+-]?\d{1,3}))?$/;
/** Digits after the point that the result of a step may have. */
export const MAX_DECIMALS = 20;

/** The number that a value is, or that its text writes; undefined for anything else. */
export function readDecimal(value: JsonValue): Decimal | undefined {
  if (typeof value === 'string') return parse(value);
  if (Number.isSafeInteger(value))
    return { negative: (value as number) < 0, digits: String(Math.abs(value as number)), scale: 0 };
  if ((value as unknown) instanceof ExactNumber) return parse((value as unknown as ExactNumber).digits);
  return typeof value === 'number' || typeof value === 'bigint' ? parse(String(value)) : undefined;
}

function parse(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = '', exponent] = NUMBER.exec(text) ?? [];
  if (sign === undefined) return undefined;
  const scale = fraction.length - Number(exponent ?? 0);
  const digits = whole + fraction;
  const negative = sign === '-';
  return scale >= 0
    ? { negative, digits, scale }
    : { negative, digits: digits + '0'.repeat(-scale), scale: 0 };
}

/** Negative, zero or positive, as for sorting. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale);
  const [one, other] = [unitsAt(left, scale), unitsAt(right, scale)];
  return one < other ? -1 : one > other ? 1 : 0;
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return fromUnits(BigInt(unitsAt(left, scale)) + BigInt(unitsAt(right, scale)), scale);
}

/** The value divided by 10^places: only the point moves. */
export function movePoint(value: Decimal, places: number): Decimal {
  return { ...value, scale: value.scale + places };
}

/** With this many digits after the point; half is rounded away from zero. */
export function roundDecimal(value: Decimal, scale: number): Decimal {
  if (value.scale <= scale) {
    return { ...value, digits: value.digits + '0'.repeat(scale - value.scale), scale };
  }
  const dropped = value.scale - scale;
  const padded = value.digits.padStart(dropped + 1, '0');
  const kept = padded.slice(0, -dropped);
  const isUp = (padded.at(-dropped) ?? '0') >= '5';
  return { negative: value.negative, digits: isUp ? String(BigInt(kept) + 1n) : kept, scale };
}

/** Plain digits, such as "-0.50": never an exponent, never a negative zero, no zeros in front. */
export function formatDecimal({ negative, digits, scale }: Decimal): string {
  const padded = digits.padStart(scale + 1, '0');
  const left = padded.slice(0, padded.length - scale);
  const whole = left.startsWith('0') ? left.replace(/^0+(?=\d)/, '') : left;
  const text = scale === 0 ? whole : `${whole}.${padded.slice(-scale)}`;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}

/** So many digits are a number exactly. */
const NUMBER_DIGITS = 15;

/** A number where that is exact: what compares the two kinds compares their values. */
function unitsAt({ negative, digits, scale }: Decimal, wanted: number): bigint | number {
  const text = wanted === scale ? digits : digits + '0'.repeat(wanted - scale);
  const units = text.length <= NUMBER_DIGITS ? Number(text) : BigInt(text);
  return negative ? -units : units;
}

function fromUnits(units: bigint, scale: number): Decimal {
  const negative = units < 0n;
  return { negative, digits: String(negative ? -units : units), scale };
}
