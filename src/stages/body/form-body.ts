/**
 * An application/x-www-form-urlencoded body in, an object of texts out; a repeated field becomes a list of texts.
 * Strict where browsers are lenient: bad percent escapes and bytes that are not UTF-8 are refused, not replaced.
 */
import { isUtf8 } from 'node:buffer';
import type { ParsedBody } from '../json/json-text.ts';
import type { JsonObject } from '../json/json-value.ts';

/** Most fields of one form: far more than providers send, few enough to be cheap. */
export const MAX_FORM_FIELDS = 1_000;

const NO_LISTS: ReadonlySet<string> = new Set();

/**
 * Parses a form. Field names are only data: one named __proto__ is an own property like any other. A field is a list where
 * it comes repeatedly, where its name ends in [], and where `lists` has its name: how often it comes is data, not shape.
 */
export function parseFormBody(body: Buffer, lists: ReadonlySet<string> = NO_LISTS): ParsedBody<JsonObject> {
  if (body.length === 0) return malformed('the body is empty');
  if (!isUtf8(body)) return malformed('the body is not valid UTF-8');
  const fields = new Map<string, string | string[]>();
  const pairs = body.toString('utf8', startOf(body)).split('&', MAX_FORM_FIELDS + 1);
  if (pairs.length > MAX_FORM_FIELDS) return malformed(`the form has more than ${MAX_FORM_FIELDS} fields`);
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined) {
      return malformed('the form has a percent escape that is not valid UTF-8');
    }
    const present = fields.get(name);
    if (Array.isArray(present)) present.push(value);
    else if (present !== undefined) fields.set(name, [present, value]);
    else fields.set(name, isListField(name, lists) ? [value] : value);
  }
  return { ok: true, value: Object.fromEntries(fields) };
}

/** True for a field that is a list however often it comes. */
export function isListField(name: string, lists: ReadonlySet<string>): boolean {
  return name.endsWith('[]') || lists.has(name);
}

/** Behind a byte order mark, which some senders put before everything. */
function startOf(body: Buffer): number {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function malformed(detail: string): ParsedBody<JsonObject> {
  return { ok: false, code: 'body-malformed', detail };
}
