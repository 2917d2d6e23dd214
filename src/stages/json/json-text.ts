/**
 * JSON text in both directions: raw body in, value out, and back. Refuses what is not strict JSON in UTF-8, and nesting
 * and numbers that would be dear to handle, before it parses. Never quotes the body: it may hold personal data.
 */
import { isUtf8 } from 'node:buffer';
import { noteDigits } from './exact-number.ts';
import { listExactPlaces } from './exact-places.ts';
import type { JsonValue } from './json-value.ts';

export type ParsedBody<Value = JsonValue> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false;
      readonly code: 'body-malformed';
      /** What is wrong, for people; nothing of the body's content. */
      readonly detail: string;
    };

/** Deepest nesting of lists and objects: real payloads stay under 20, and recursive work is bounded by it. */
export const MAX_NESTING = 64;
/** Deepest nesting of what wraps a body: a sample in an answer of the admin API. */
export const MAX_WRAPPED_NESTING = MAX_NESTING + 8;
/** Longest run of digits in a number: reading n digits exactly takes more than linear time. */
export const MAX_DIGITS = 1_000;
/** Members of all objects together: an object with very many is dear to parse, to compare and to copy. */
export const MAX_MEMBERS = 100_000;
/** A number with fewer digits than 2^53 is read exactly by JSON.parse. */
const EXACT_DIGITS = 15;

/**
 * Parses a JSON body. Integers past 2^53 become bigint, so that ids keep their digits. Of members with the same name the
 * last one wins, as everywhere in JavaScript. A member named __proto__ is an own property like any other. What wraps a body
 * that was accepted (a sample, an answer of the admin API) may nest a little deeper: `maxNesting`.
 */
export function parseJsonBody(body: Buffer, maxNesting: number = MAX_NESTING): ParsedBody {
  if (body.length === 0) return malformed('the body is empty');
  if (!isUtf8(body)) return malformed('the body is not valid UTF-8');
  const start = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  const scan = scanText(body, start, maxNesting);
  if (scan !== 'plain' && scan !== 'exact') return malformed(scan.detail);
  const text = body.toString('utf8', start);
  try {
    return scan === 'plain' ? { ok: true, value: JSON.parse(text) } : parseExactly(text);
  } catch (error) {
    return malformed(`the body is not valid JSON${describePlace(error)}`);
  }
}

/** Writes a value as JSON; bigints with all their digits. */
export function stringifyJson(value: unknown, space?: number): string {
  try {
    // A replacer takes several times as long, and hardly any value has a bigint.
    return JSON.stringify(value, null, space);
  } catch {
    return JSON.stringify(value, writeBigint, space);
  }
}

function writeBigint(_key: string, member: unknown): unknown {
  return typeof member === 'bigint' ? JSON.rawJSON(member.toString()) : member;
}

/**
 * One pass over the bytes, outside strings: how deep does it nest, and are there numbers that JSON.parse would change?
 * Bytes of UTF-8 sequences are all over 0x7f, so that none is mistaken for a bracket or a quote.
 */
function scanText(
  body: Buffer,
  start: number,
  maxNesting: number,
): 'plain' | 'exact' | { readonly detail: string } {
  let depth = 0;
  let digits = 0;
  /** Inside a number, behind its point: a last 0 would be lost. */
  let isFraction = false;
  let exact = false;
  let members = 0;
  for (let index = start; index < body.length; index += 1) {
    const byte = body[index] as number;
    if (byte >= 0x30 && byte <= 0x39) {
      digits += 1;
      if (isFraction && byte === 0x30) exact = true;
      if (digits <= EXACT_DIGITS) continue;
      if (digits > MAX_DIGITS) return { detail: `the body has a number of more than ${MAX_DIGITS} digits` };
      exact = true;
    } else if (byte === QUOTE) {
      digits = 0;
      isFraction = false;
      index = skipString(body, index + 1);
    } else if (byte === 0x2e) {
      isFraction = true;
    } else if (byte === 0x5b || byte === 0x7b) {
      digits = 0;
      isFraction = false;
      depth += 1;
      if (depth > maxNesting) return { detail: `the body is nested deeper than ${maxNesting} levels` };
    } else {
      // 1e999 is a number in JSON, but none in JavaScript.
      if (digits > 0 && (byte | 0x20) === 0x65) exact = true;
      digits = 0;
      isFraction = false;
      if (byte === 0x5d || byte === 0x7d) depth -= 1;
      else if (byte === COLON) {
        members += 1;
        if (members > MAX_MEMBERS) return { detail: `the body has more than ${MAX_MEMBERS} members` };
      }
    }
  }
  return exact ? 'exact' : 'plain';
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/** The index of the quote that ends the string, or the end of the text. */
function skipString(body: Buffer, start: number): number {
  let index = start;
  while (index < body.length && body[index] !== QUOTE) index += body[index] === BACKSLASH ? 2 : 1;
  return index;
}

const INTEGER = /^-?\d+$/;

function parseExactly(text: string): ParsedBody {
  // Wrapped, so that a number alone has a place like any other.
  const whole = { '': JSON.parse(text) as JsonValue };
  for (const { holder, key, source } of listExactPlaces(text, whole)) {
    if (!Number.isFinite(Number(source))) return malformed('the body has a number that is out of range');
    if (INTEGER.test(source)) holder[key] = BigInt(source);
    else noteDigits(holder, key, source);
  }
  return { ok: true, value: whole[''] };
}

/** V8 quotes the text in its messages; only the place at the end of some of them is taken over. */
function describePlace(error: unknown): string {
  const message = error instanceof SyntaxError ? error.message : '';
  if (message === 'Unexpected end of JSON input') return ': it ends too early';
  const position = / at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message)?.[1];
  return position === undefined ? '' : ` (at character ${Number(position) + 1})`;
}

function malformed(detail: string): ParsedBody & { readonly ok: false } {
  return { ok: false, code: 'body-malformed', detail };
}
