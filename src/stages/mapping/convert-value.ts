/**
 * The conversions that `as` names: a value of the payload in, the converted value out, or undefined where it has no such
 * form. Strict: half a number is no number. Reads no clock and no locale, so that the same payload gives the same trigger.
 */

import { digitsOf, ExactNumber } from '../json/exact-number.ts';
import { stringifyJson } from '../json/json-text.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { Conversion } from '../plans.ts';
import { formatDate, formatDateTime, readDateTime } from './date-time.ts';
import { compareDecimals, readDecimal } from './decimal.ts';

type Converted = string | number | boolean;

/** Converts a value that is not null. */
export function convertValue(value: JsonValue | ExactNumber, conversion: Conversion): Converted | undefined {
  if (!(value instanceof ExactNumber)) return CONVERTERS[conversion](value);
  const isText = conversion === 'string' || conversion === 'url' || conversion === 'json';
  return isText ? value.digits : CONVERTERS[conversion](Number(value.digits));
}

/** How a scalar stands in a text; undefined for null, lists and objects. */
export function toText(value: JsonValue | ExactNumber | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof ExactNumber) return value.digits;
  return typeof value === 'object' || value === undefined ? undefined : String(value);
}

/**
 * The same value with decimal texts in place of numbers that JavaScript does not hold: integers past 2^53, decimals with
 * more digits than a number has. The value itself where it has none.
 */
export function withoutBigints(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof ExactNumber) return plainNumber(value.digits);
  if (typeof value !== 'object' || value === null) return value;
  const inside = (key: string, member: unknown): unknown => {
    const digits = typeof member === 'number' ? digitsOf(value, key) : undefined;
    return digits === undefined ? withoutBigints(member) : plainNumber(digits);
  };
  if (Array.isArray(value)) {
    const items = value.map((item, index) => inside(String(index), item));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const members = Object.entries(value).map(([key, member]) => [key, inside(key, member)] as const);
  const isSame = members.every(([key, member]) => member === (value as Record<string, unknown>)[key]);
  return isSame ? value : Object.fromEntries(members);
}

/** A number where it is the same number, otherwise its digits. */
function plainNumber(digits: string): number | string {
  const number = Number(digits);
  const [held, sent] = [readDecimal(number), readDecimal(digits)];
  return held !== undefined && sent !== undefined && compareDecimals(held, sent) === 0 ? number : digits;
}

/** What a conversion wants, for messages: follows "is". */
export const CONVERSION_WANTS: Readonly<Record<Conversion, string>> = {
  string: 'not a text, number or boolean',
  number: 'not a number that can be held exactly',
  integer: 'not an integer that can be held exactly',
  boolean: 'not true, false, 1 or 0; other words take a `map`, such as { yes: true, no: false }',
  json: 'not a value',
  'date-time': 'not a time (ISO 8601, a mail or HTTP date, or seconds or milliseconds since 1970)',
  date: 'not a time (ISO 8601, a mail or HTTP date, or seconds or milliseconds since 1970)',
  url: 'not a text, number or boolean',
};

const CONVERTERS: Readonly<Record<Conversion, (value: JsonValue) => Converted | undefined>> = {
  string: toText,
  number: toNumber,
  integer(value) {
    const number = toNumber(value);
    return Number.isSafeInteger(number) ? number : undefined;
  },
  boolean: (value) => BOOLEANS.get(typeof value === 'string' ? value.toLowerCase() : value),
  json: (value) => stringifyJson(value),
  'date-time': (value) => {
    const time = readDateTime(value);
    return time && formatDateTime(time);
  },
  date: (value) => {
    const time = readDateTime(value);
    return time && formatDate(time);
  },
  url: (value) => {
    const text = toText(value);
    return text?.isWellFormed() ? encodeURIComponent(text) : undefined;
  },
};

const BOOLEANS: ReadonlyMap<JsonValue, boolean> = new Map<JsonValue, boolean>([
  [true, true],
  ['true', true],
  [1, true],
  ['1', true],
  [false, false],
  ['false', false],
  [0, false],
  ['0', false],
]);

/** The grammar of JSON's numbers; short enough to be held. */
const NUMBER = /^-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?$/;

/** Integers past 2^53 have no exact number: `as: string` keeps their digits. */
function toNumber(value: JsonValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !NUMBER.test(value)) return undefined;
  const number = Number(value);
  const isExact = !Number.isInteger(number) || Number.isSafeInteger(number);
  return Number.isFinite(number) && isExact ? number : undefined;
}
