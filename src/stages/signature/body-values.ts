/**
 * What a signature needs from inside the body: single values of it, and the fields of a form in sorted order.
 * In: raw bytes that nothing vouches for yet, read by the same parsers as later, so that what is proven is what is used.
 * Out: texts, or nothing. Never throws.
 */
import { parseFormBody } from '../body/form-body.ts';
import { parseBody } from '../body/parse-body.ts';
import { type CompiledPath, compilePath } from '../json/compile-path.ts';
import { parsePath } from '../json/json-path.ts';
import { parseJsonBody } from '../json/json-text.ts';
import type { JsonValue } from '../json/json-value.ts';
import type { BodyPlan } from '../plans.ts';

/** Largest body that is parsed before anything proves who sent it. */
export const MAX_UNVERIFIED_JSON = 64 * 1024;

/** The value of a body of at most `limit` bytes; undefined when it is larger or malformed. */
export function parseForSignature(reading: BodyPlan, body: Buffer, limit: number): JsonValue | undefined {
  if (body.length > limit) return undefined;
  const parsed = parseBody(reading, body);
  return parsed.ok ? parsed.value : undefined;
}

/**
 * Reads the value at a plain path (members and indexes) as text: numbers in their shortest form. A path may lead into a text
 * that is JSON, as in a form's field. Empty when it is missing or null; null when it is an object or a list.
 */
export function materialiseBodyValue(path: string): (body: JsonValue) => string | null {
  const { first } = compilePath(path);
  const inside = pathsInside(path);
  return (body) => {
    const value = first(body) ?? firstInside(inside, body);
    if (value === undefined || value === null) return '';
    return typeof value === 'object' ? null : String(value);
  };
}

type InsidePath = readonly [text: CompiledPath, rest: CompiledPath];

/** Each way to cut a plain path in two: up to a text, and from there on. */
function pathsInside(path: string): readonly InsidePath[] {
  const parsed = parsePath(path);
  const ends = parsed.ok ? parsed.segments.map(({ offset, length }) => offset + length).slice(0, -1) : [];
  return ends.map((end) => [compilePath(path.slice(0, end)), compilePath(`$${path.slice(end)}`)]);
}

function firstInside(paths: readonly InsidePath[], body: JsonValue): JsonValue | undefined {
  for (const [text, rest] of paths) {
    const found = text.first(body);
    if (typeof found !== 'string') continue;
    const parsed = parseJsonBody(Buffer.from(found));
    return parsed.ok ? rest.first(parsed.value) : undefined;
  }
  return undefined;
}

/**
 * Names and values of a form, decoded, sorted by name and joined without separators, as Twilio and Mandrill sign them
 * (https://www.twilio.com/docs/usage/webhooks/webhooks-security). Of a repeated name, equal values count once. Null for
 * bytes that are not a well-formed form.
 */
export function sortedForm(body: Buffer): string | null {
  const form = parseFormBody(body);
  if (!form.ok) return null;
  return Object.entries(form.value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([name, value]) => [...new Set([value].flat())].sort().map((one) => `${name}${one}`))
    .join('');
}
