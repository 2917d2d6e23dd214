/**
 * The types of JSON values, and how they are called in messages: a value or a shape in, a word out. Never a value.
 */
import type { JsonValue } from '../json/json-value.ts';
import type { JsonType, Shape } from '../plans.ts';

export type ShapeType = Shape['types'][number];

const WORDS: Readonly<Record<JsonType, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  object: 'object',
  array: 'list',
  null: 'null',
};

/** Order in which several types are named: the most common first, null last. */
const WORD_ORDER: readonly ShapeType[] = ['string', 'number', 'boolean', 'object', 'array'];

/** The type of a value; integers past 2^53 (bigint) are numbers as all others. */
export function jsonTypeOf(value: JsonValue): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'bigint' ? 'number' : (type as Exclude<JsonType, 'null' | 'array'>);
}

/** True when the value's own type is one that the shape has; what is inside is not looked at. */
export function hasTypeOf(shape: Shape, value: JsonValue): boolean {
  if (isAnything(shape)) return true;
  const type = jsonTypeOf(value);
  return type === 'null' ? shape.nullable === true : shape.types.includes(type);
}

/** PHP writes an object without members as an empty list: everything that would be in it is missing. */
export function isEmptyObject(shape: Shape, value: JsonValue): boolean {
  return Array.isArray(value) && value.length === 0 && shape.types.includes('object');
}

/** True for a shape that takes any value: the samples have only null there, or it lies deeper than shapes are learned. */
export function isAnything(shape: Shape): boolean {
  return shape.types.length === 0;
}

/** What a value is, such as "object" or "list". */
export function describeType(value: JsonValue): string {
  return WORDS[jsonTypeOf(value)];
}

/** What a shape takes, such as "string", "number or null", "a value". */
export function describeShape(shape: Shape): string {
  if (isAnything(shape)) return 'a value';
  const words = WORD_ORDER.filter((type) => shape.types.includes(type)).map((type) => WORDS[type]);
  if (shape.nullable) words.push(WORDS.null);
  const last = words.pop() as string;
  return words.length === 0 ? last : `${words.join(', ')} or ${last}`;
}
