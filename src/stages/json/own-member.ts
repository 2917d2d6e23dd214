/**
 * How every stage reads and names members: own members of objects and elements of lists, nothing that a prototype has.
 * Keys that could reach a prototype are refused in paths and in results.
 */
import type { JsonObject, JsonValue } from './json-value.ts';

const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];

/** True for a key that neither a path nor a mapped result may name. (In a payload such a key is only data.) */
export function isForbiddenKey(key: string): boolean {
  return FORBIDDEN_KEYS.includes(key);
}

/** The member of an object, or the element of a list ("0", "1", ...); undefined for anything else, a list's length too. */
export function ownMember(value: JsonValue, key: string): JsonValue | undefined {
  if (key.startsWith('-') && Array.isArray(value)) return value[value.length + Number(key)];
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  if (key === 'length' && Array.isArray(value)) return undefined;
  return (value as JsonObject)[key];
}
