/** The fields of the studio's calls, checked as those of the admin API are. */
import { type Field, text } from '../runtime/admin/read-fields.ts';
import type { PageEdit, SaveRequest } from './api.ts';

const MAX_EDITS = 1000;
const MAX_FILES = 300;

/** The name of a connector's folder or file. */
export const name = text(100);

/** Any text, also an empty one. */
export const anyText: Field<string> = {
  kind: 'text',
  isOptional: false,
  read: (value) => (typeof value === 'string' ? value : undefined),
};

/** Of paths or ids; may be empty. */
export const manyTexts: Field<readonly string[]> = {
  kind: 'a list of texts',
  isOptional: false,
  read: (value) =>
    Array.isArray(value) && value.length <= MAX_EDITS && value.every((one) => typeof one === 'string')
      ? (value as string[])
      : undefined,
};

export function oneOf<const Word extends string>(...words: readonly Word[]): Field<Word> {
  return {
    kind: words.map((word) => `"${word}"`).join(' or '),
    isOptional: false,
    read: (value) => words.find((word) => word === value),
  };
}

export const textsByPath: Field<Readonly<Record<string, string>>> = {
  kind: 'an object of texts',
  isOptional: false,
  read: (value) =>
    isObject(value) && Object.values(value).every((one) => typeof one === 'string')
      ? (value as Record<string, string>)
      : undefined,
};

export const edits: Field<readonly PageEdit[]> = {
  kind: 'a list of edits',
  isOptional: false,
  read: (value) =>
    Array.isArray(value) && value.length <= MAX_EDITS && value.every(isEdit)
      ? (value as PageEdit[])
      : undefined,
};

function isEdit(value: unknown): boolean {
  if (!isObject(value) || typeof value.pointer !== 'string') return false;
  switch (value.kind) {
    case 'remove':
      return true;
    case 'insert':
      return Number.isSafeInteger(value.index) && Object.hasOwn(value, 'value');
    case 'set':
      return Object.hasOwn(value, 'value') !== (typeof value.yaml === 'string');
    default:
      return false;
  }
}

export const writes: Field<SaveRequest['writes']> = {
  kind: 'a list of {path, seen, text}',
  isOptional: false,
  read: (value) =>
    Array.isArray(value) && value.length <= MAX_FILES && value.every(isWrite)
      ? (value as SaveRequest['writes'])
      : undefined,
};

function isWrite(value: unknown): boolean {
  const isTextOrNull = (one: unknown): boolean => one === null || typeof one === 'string';
  return (
    isObject(value) && typeof value.path === 'string' && isTextOrNull(value.seen) && isTextOrNull(value.text)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
