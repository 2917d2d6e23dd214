/**
 * Digits of numbers as they were sent, where a JavaScript number does not show them: 49.90, 1.234567890123456789, 1e21. The
 * parser notes them beside the object that holds the number; whoever reads a value for people asks here.
 */
import type { JsonValue } from './json-value.ts';

/** A number with the digits that were sent: exists on its way through a mapping only. */
export class ExactNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

const noted = new WeakMap<object, Map<string, string>>();
/** Most bodies have no such number: then nothing is looked up. */
let isAnyNoted = false;

export function noteDigits(holder: object, key: string, digits: string): void {
  isAnyNoted = true;
  const known = noted.get(holder);
  if (known === undefined) noted.set(holder, new Map([[key, digits]]));
  else known.set(key, digits);
}

/** The digits of a member or element, where they differ from those that its number writes. */
export function digitsOf(holder: object, key: string): string | undefined {
  return isAnyNoted ? noted.get(holder)?.get(key) : undefined;
}

/** The value with its digits. Only the mapping knows what this is: it is no JSON value. */
export function exactMember(holder: object, key: string, value: JsonValue): JsonValue {
  if (typeof value !== 'number') return value;
  const digits = digitsOf(holder, key);
  return digits === undefined ? value : (new ExactNumber(digits) as unknown as JsonValue);
}
