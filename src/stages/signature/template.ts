/**
 * The template of what is signed, such as `v0:[timestamp]:[payload]`. In: its text. Out: tokens, and every mistake in it
 * with its place.
 */
import { quote } from '../../diagnostics/printable.ts';
import { suggest } from '../../diagnostics/suggest.ts';
import { parsePath } from '../json/json-path.ts';
import type { TemplateToken } from '../plans.ts';

export interface TemplateMistake {
  readonly message: string;
  /** Place in the template, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
}

/** How each token is written, by its name. */
const KNOWN_TOKENS: ReadonlyMap<string, string> = new Map([
  ['timestamp', '[timestamp]'],
  ['payload', '[payload]'],
  ['secret', '[secret]'],
  ['method', '[method]'],
  ['url', '[url]'],
  ['path', '[path]'],
  ['header', '[header:NAME]'],
  ['headers', '[headers:NAME]'],
  ['query', '[query:NAME]'],
  ['body', '[body:PATH]'],
  ['form', '[form:sorted]'],
  ['fields', '[fields:NAME,NAME]'],
]);
const QUERY_NAME = /^[A-Za-z0-9._~-]{1,64}$/;
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/;

/** Splits a template into tokens. With mistakes, the tokens are those that could be read. Never throws. */
export function parseTemplate(template: string): {
  readonly tokens: readonly TemplateToken[];
  readonly mistakes: readonly TemplateMistake[];
} {
  const tokens: TemplateToken[] = [];
  const mistakes: TemplateMistake[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('[', at);
    if (open !== at) {
      tokens.push({ kind: 'text', text: template.slice(at, open === -1 ? undefined : open) });
      if (open === -1) break;
    }
    const end = endOfToken(template, open);
    if (end === -1) {
      const message = `the bracket that opens ${quote(template.slice(open, open + 20))} is never closed`;
      mistakes.push({ message, offset: open, length: template.length - open });
      break;
    }
    const token = readToken(template.slice(open + 1, end - 1));
    if (typeof token === 'string') mistakes.push({ message: token, offset: open, length: end - open });
    else tokens.push(token);
    at = end;
  }
  return { tokens, mistakes };
}

/** Index after the bracket that closes the one at `open`; paths hold brackets and quoted names of their own. */
function endOfToken(template: string, open: number): number {
  let depth = 0;
  let quoteMark = '';
  for (let index = open; index < template.length; index += 1) {
    const unit = template.charAt(index);
    if (quoteMark !== '') {
      if (unit === '\\') index += 1;
      else if (unit === quoteMark) quoteMark = '';
    } else if (depth > 1 && (unit === '"' || unit === "'")) {
      quoteMark = unit;
    } else if (unit === '[') {
      depth += 1;
    } else if (unit === ']') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return -1;
}

/** The token between two brackets, or what is wrong with it. */
function readToken(inner: string): TemplateToken | string {
  switch (inner) {
    case 'timestamp':
    case 'payload':
    case 'secret':
    case 'method':
    case 'url':
    case 'path':
      return { kind: inner };
    case 'form:sorted':
      return { kind: 'form' };
  }
  if (inner.startsWith('header:')) {
    const name = inner.slice('header:'.length);
    if (HEADER_NAME.test(name)) return { kind: 'header', name: name.toLowerCase() };
    return `${quote(name)} is not the name of a header; write [header:NAME]`;
  }
  if (inner.startsWith('headers:')) {
    const name = inner.slice('headers:'.length);
    if (HEADER_NAME.test(name)) return { kind: 'headers', name: name.toLowerCase() };
    return `${quote(name)} is not the name of a header; write [headers:NAME]`;
  }
  if (inner.startsWith('query:')) {
    const [name = '', ...more] = inner.slice('query:'.length).split(':');
    const isAnyCase = more.length === 1 && more[0] === 'any-case';
    if (QUERY_NAME.test(name) && (more.length === 0 || isAnyCase))
      return { kind: 'query', name, ...(isAnyCase ? { anyCase: true } : {}) };
    return `${quote(name)} is not the name of a query parameter; write [query:NAME]`;
  }
  if (inner.startsWith('fields:')) {
    const names = inner.slice('fields:'.length).split(',');
    if (names.every((name) => FIELD_NAME.test(name))) return { kind: 'fields', names };
    return `${quote(`[${inner}]`)} does not name members of the body; write [fields:NAME,NAME]`;
  }
  if (inner.startsWith('body:')) {
    const path = inner.slice('body:'.length);
    const problem = checkBodyPath(path);
    return problem === null ? { kind: 'body', path } : problem;
  }
  return `${quote(`[${inner}]`)} is not a token of a template; ${hintFor(inner)}`;
}

function hintFor(inner: string): string {
  const [name = ''] = inner.split(':', 1);
  const meant = KNOWN_TOKENS.get(name) ?? KNOWN_TOKENS.get(suggest(name, KNOWN_TOKENS.keys()) ?? '');
  return meant === undefined
    ? `the tokens are ${[...KNOWN_TOKENS.values()].join(' ')}`
    : `did you mean ${quote(meant)}?`;
}

/** Why a path cannot say where a signature finds one value in the body; null when it can. */
export function checkBodyPath(path: string): string | null {
  const parsed = parsePath(path);
  if (!parsed.ok) return parsed.message;
  if (parsed.plain) return null;
  return `${quote(path)} can name several values; a signature needs exactly one: use members and indexes only`;
}
