/**
 * The text that a signature is over. In: the template's tokens and a request. Out: its pieces, bytes as they came over
 * the wire, the body not copied; or nothing, and whether a header was missing or something was not as it must be.
 */
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { TemplateToken } from '../plans.ts';
import type { RequestHeaders } from '../request.ts';
import { materialiseBodyValue, sortedForm } from './body-values.ts';
import { wireBytes } from './encoding.ts';
import { parametersOf } from './query.ts';

/** Stands where the secret goes: the pieces are gathered once, and hashed once for each secret. */
export const SECRET: unique symbol = Symbol('secret');

/** Strings are UTF-8. */
export type Piece = string | Buffer | typeof SECRET;

export type SignedText =
  | { readonly ok: true; readonly pieces: readonly Piece[] }
  | { readonly ok: false; readonly reason: 'missing' | 'unusable' };

/** What of a request a template may name. */
export interface SignedParts {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly publicUrl?: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
  /** Values of the query that may be signed in lower case are. */
  readonly lowerCase?: boolean;
  /** What values in the body are read from where that is not the body: without its coding, or a multipart's fields. */
  readonly readable?: Buffer;
}

export interface TemplateContext {
  readonly request: SignedParts;
  /** The raw timestamp; undefined where the scheme has none. */
  readonly timestamp: string | undefined;
  /** The parsed body, undefined where it cannot be read or is too large. Called only for [body:PATH]. */
  readonly json: () => JsonValue | undefined;
}

/** undefined: not there. null: there, but not usable. */
type TokenReader = (context: TemplateContext) => Piece | undefined | null;

/** Prepares a template for many requests. Never throws, whatever the request holds. */
export function materialiseTemplate(
  tokens: readonly TemplateToken[],
): (context: TemplateContext) => SignedText {
  const readers = tokens.map(tokenReader);
  return (context) => {
    const pieces: Piece[] = [];
    for (const read of readers) {
      const piece = read(context);
      if (piece === undefined) return { ok: false, reason: 'missing' };
      if (piece === null) return { ok: false, reason: 'unusable' };
      const last = pieces.at(-1);
      // Texts are joined, as each piece costs a call into the hash.
      if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
      else pieces.push(piece);
    }
    return { ok: true, pieces };
  };
}

function tokenReader(token: TemplateToken): TokenReader {
  switch (token.kind) {
    case 'text':
      return () => token.text;
    case 'payload':
      return ({ request }) => request.body;
    case 'timestamp':
      return ({ timestamp }) => timestamp;
    case 'secret':
      return () => SECRET;
    case 'method':
      return ({ request }) => wireBytes(request.method);
    case 'url':
      // Without the configured public URL nothing is proven: the Host header is the caller's to choose.
      return ({ request }) => (request.publicUrl === undefined ? null : wireBytes(request.publicUrl));
    case 'path':
      return ({ request }) => wireBytes(request.url);
    case 'header':
      return ({ request }) => {
        const [value, ...more] = request.headers.all(token.name);
        if (value === undefined) return undefined;
        return more.length > 0 ? null : wireBytes(value);
      };
    case 'headers':
      return ({ request, timestamp }) => listedHeaders(request.headers, token.name, timestamp);
    case 'query':
      return ({ request }) => {
        const [value, ...more] = parametersOf(request.publicUrl ?? request.url).getAll(token.name);
        if (more.length > 0) return null;
        return token.anyCase === true && request.lowerCase === true ? value?.toLowerCase() : value;
      };
    case 'form':
      return ({ request }) => sortedForm(request.readable ?? request.body);
    case 'fields': {
      const names = token.names;
      return ({ json }) => signedFields(json(), names);
    }
    case 'body': {
      const read = materialiseBodyValue(token.path);
      return ({ json }) => {
        const body = json();
        return body === undefined ? null : read(body);
      };
    }
  }
}

/** Headers that one request may list. */
const MAX_LISTED = 32;

/**
 * Names and values of the headers that a header lists, as Contentful signs them: `a:1;b:2` in the order of the list. A list
 * that does not sign itself, or leaves out the time that freshness is judged by, is unusable: either could be renewed.
 */
function listedHeaders(
  headers: RequestHeaders,
  name: string,
  timestamp: string | undefined,
): Piece | undefined | null {
  const [list, ...others] = headers.all(name);
  if (list === undefined) return undefined;
  const names = list.split(',').map((one) => one.trim().toLowerCase());
  const isUnclear = others.length > 0 || names.length > MAX_LISTED || new Set(names).size < names.length;
  if (isUnclear || !names.includes(name)) return null;
  const values: string[] = [];
  for (const one of names) {
    const [value, ...more] = headers.all(one);
    if (value === undefined) return undefined;
    if (more.length > 0) return null;
    values.push(value.trim());
  }
  if (timestamp !== undefined && !values.includes(timestamp)) return null;
  return wireBytes(names.map((one, index) => `${one}:${values[index]}`).join(';'));
}

/**
 * Name and value of each member that is there, a line each, as Amazon SNS signs them. Only the first value may hold a line
 * break: with one in a later value, what is signed could be read in two ways. null for values that are no texts.
 */
function signedFields(body: JsonValue | undefined, names: readonly string[]): string | null {
  if (body === undefined || !isJsonObject(body)) return null;
  let text = '';
  for (const [index, name] of names.entries()) {
    const value = Object.hasOwn(body, name) ? body[name] : undefined;
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' || (index > 0 && /[\r\n]/.test(value))) return null;
    text += `${name}\n${value}\n`;
  }
  return text;
}
