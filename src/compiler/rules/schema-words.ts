/**
 * JSON Schema errors in words. In: one error of ajv with the value it is about. Out: code, message and the part of the
 * pair (key or value) that it points at. Quotes what was written, and lists what is allowed.
 */
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Code } from '../../diagnostics/codes.ts';
import { quote, quoteList } from '../../diagnostics/printable.ts';
import { didYouMean, suggestSurely } from '../../diagnostics/suggest.ts';
import { pointerTo, type Remedy, replaceBy, stepsOfPointer } from '../../stages/problem.ts';

export interface SchemaProblem {
  readonly code: Code;
  readonly pointer: string;
  readonly part: 'key' | 'value';
  readonly message: string;
  /** Another problem is its cause: it is only to be known that the value cannot be used. */
  readonly isExplained?: true;
  readonly remedy?: Remedy;
  /** A second place. */
  readonly note?: { readonly pointer: string; readonly message: string };
}

/** What a pattern asks for. For others the key's description has to do. */
export const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$':
    'lower-case letters, digits and dashes, at most 63, not starting or ending with a dash',
  '^[A-Za-z0-9_-]{1,128}$': 'letters, digits, "_" and "-", at most 128',
  '^\\$': 'a path, which starts with "$", such as "$.id"',
  "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$": 'the name of an HTTP header, such as "x-github-event"',
  '\\.(?:m?js|ts)$': 'the name of a JavaScript or TypeScript file, such as "mapping.js"',
  '^[A-Za-z_][A-Za-z0-9_]{0,127}$': 'the name of an environment variable, such as "SLUICE_SECRET_STRIPE"',
  '^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$': 'the name of a file, without folders',
  '^[A-Z]{1,16}$': 'an HTTP method in capitals, such as "POST"',
  '\\S': 'a reason in words',
};

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'an object (key: value)',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};

/** `pointer` is the place of the value in the file. */
export function describeError(error: ErrorObject, pointer: string): SchemaProblem {
  const name = nameOf(pointer);
  const invalid = (message: string): SchemaProblem => ({
    code: 'value-invalid',
    pointer,
    part: 'value',
    message,
  });
  const { params, data, keyword } = error;
  switch (keyword) {
    case 'additionalProperties': {
      const key = params.additionalProperty as string;
      const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
      const hint = didYouMean(key, known) || `; known here: ${known.toSorted().join(', ')}`;
      const message = `unknown key ${quote(key)}${hint}`;
      const place = pointerTo(pointer, key);
      return { code: 'key-unknown', pointer: place, part: 'key', message, ...renameKey(error, key, known) };
    }
    case 'required': {
      const key = params.missingProperty as string;
      const message = `${pointer === '' ? 'the file' : name} has no ${quote(key)}; add it`;
      return { code: 'key-missing', pointer: pointerTo(pointer, key), part: 'key', message };
    }
    case 'type': {
      const wanted = [params.type as string | string[]].flat().map((type) => TYPE_WORDS[type] ?? type);
      const isText = typeof data === 'number' && wanted[0] === TYPE_WORDS.string;
      const hint = isText ? '; put it in quotes' : '';
      const problem = invalid(`${name} must be ${wanted.join(' or ')}, not ${describeValue(data)}${hint}`);
      return isText && !isDelicate(pointer) ? { ...problem, remedy: { kind: 'quote' } } : problem;
    }
    case 'enum': {
      const allowed = params.allowedValues as readonly unknown[];
      const texts = allowed.filter((one) => typeof one === 'string');
      const hint = typeof data === 'string' ? didYouMean(data, texts) : '';
      const meant = typeof data === 'string' && !isDelicate(pointer) ? suggestSurely(data, texts) : undefined;
      return {
        ...invalid(`${describeValue(data)} is not allowed for ${name}; use ${quoteList(allowed)}${hint}`),
        ...replaceBy(meant),
      };
    }
    case 'const':
      return invalid(`${describeValue(data)} is not allowed for ${name}; use ${quote(params.allowedValue)}`);
    case 'pattern': {
      const words = PATTERN_WORDS[params.pattern as string] ?? String(error.parentSchema?.description);
      return invalid(`${quote(data)} is not allowed for ${name}; use ${words}`);
    }
    case 'format':
      return invalid(`${quote(data)} is not a time such as "2025-01-31T08:00:00Z"`);
    case 'minLength':
    case 'maxLength':
      return invalid(
        `${name} must be at ${bound(keyword)} ${count(params.limit as number, 'character')} long`,
      );
    case 'minItems':
    case 'maxItems':
      return invalid(
        `${name} must have at ${bound(keyword)} ${count(params.limit as number, 'entry', 'entries')}`,
      );
    case 'minimum':
    case 'maximum':
      return invalid(`${quote(data)} is not allowed for ${name}; use at ${bound(keyword)} ${params.limit}`);
    case 'uniqueItems': {
      const [first, second] = [params.j as number, params.i as number].sort((left, right) => left - right);
      const place = pointerTo(pointer, second ?? 0);
      const message = `${quote((data as readonly unknown[])[second ?? 0])} stands twice in ${name}; remove one`;
      return {
        ...invalid(message),
        pointer: place,
        remedy: { kind: 'remove' },
        note: { pointer: pointerTo(pointer, first ?? 0), message: 'it stands here first' },
      };
    }
    case 'not': {
      const both = (error.schema as { required?: readonly string[] }).required ?? [];
      const second = pointerTo(pointer, both[0] ?? '');
      return {
        ...invalid(`${quoteList(both, 'and')} exclude each other; keep one`),
        pointer: second,
        part: 'key',
      };
    }
    default:
      return invalid(`${name} ${error.message ?? 'is not allowed'}`);
  }
}

/** What a guess must not decide: who may call, and whether cards are real. */
function isDelicate(pointer: string): boolean {
  return /^\/(?:security|status)(?:\/|$)/.test(pointer);
}

function renameKey(
  { data, instancePath }: ErrorObject,
  key: string,
  known: readonly string[],
): Pick<SchemaProblem, 'remedy'> {
  const meant = suggestSurely(key, known);
  if (meant === undefined || Object.hasOwn(data as object, meant)) return {};
  // That only the case differs is no guess.
  const isCertain = instancePath.startsWith('/security') && key.toLowerCase() === meant.toLowerCase();
  return isDelicate(pointerTo(instancePath, meant)) && !isCertain ? {} : replaceBy(meant);
}

/** A value as a sentence names it. */
export function describeValue(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : quote(value);
}

/** The key that a pointer ends with, quoted; of an entry of a list, the list's. */
export function nameOf(pointer: string): string {
  const segments = [...stepsOfPointer(pointer)];
  const key = segments.pop();
  if (key === undefined) return 'the file';
  if (!/^\d+$/.test(key)) return quote(key);
  return segments.length === 0
    ? `entry ${Number(key) + 1}`
    : `an entry of ${nameOf(`/${segments.join('/')}`)}`;
}

function bound(keyword: string): string {
  return keyword.startsWith('min') ? 'least' : 'most';
}

function count(amount: number, noun: string, plural = `${noun}s`): string {
  return `${amount} ${amount === 1 ? noun : plural}`;
}
