/** The connector file as plain values, as the server has read it. Nothing here knows YAML. */
import type { JsonValue } from '../../stages/json/json-value.ts';

type JsonMap = { readonly [key: string]: JsonValue };

export function isMap(value: JsonValue | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function memberOf(value: JsonValue | undefined, ...keys: readonly string[]): JsonValue | undefined {
  let current = value;
  for (const key of keys) {
    if (Array.isArray(current)) current = current[Number(key)] as JsonValue | undefined;
    else current = isMap(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return current;
}

/** A step of a JSON pointer. */
export function escapeStep(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** A value as somebody types it: texts as they are, unless they would be read as something else. */
export function writeLiteral(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^(?:true|false|null|-?[0-9].*|["'[{].*|)$/.test(value) ? JSON.stringify(value) : value;
}

/** The reverse: true, 12 and null are what they say, quotes make a text of anything. */
export function readLiteral(text: string): JsonValue {
  if (/^(?:true|false|null|-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?|".*")$/s.test(text)) {
    try {
      return JSON.parse(text) as JsonValue;
    } catch {
      return text;
    }
  }
  return text;
}
