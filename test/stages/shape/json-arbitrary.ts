/** Random payloads for properties: JSON with hostile keys, large integers, and lists whose elements differ. */
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/stages/json/json-value.ts';

const KEYS = [
  'id',
  'name',
  'a b',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '0',
  'length',
  '\u2028`$ {"\'\\',
];

export const key = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...KEYS) }, fc.string({ maxLength: 6 }));

const scalar: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }),
  fc.string({ maxLength: 8 }),
);

export const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

export const jsonObject: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(key, json), { minLength: 1, maxLength: 6 })
  .map((entries) => Object.fromEntries(entries));

/** The same value with the keys of all its objects, and the elements of its lists, in another order. */
export function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(reversed).reverse();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value) as [string, JsonValue][];
  return Object.fromEntries(entries.reverse().map(([name, member]) => [name, reversed(member)]));
}
