/**
 * Scalars in, scalars of the same type and form out. Within one set equal values get equal replacements and, as long as
 * their form has enough, different values different ones, none of which is a value that was given. Deterministic.
 */
import type { JsonScalar } from '../../../stages/json/json-value.ts';
import { type Form, formOf, numberForm } from './forms.ts';
import { GIVEN_NAMES, LABEL_WORDS } from './key-words.ts';
import { readableForm } from './readable.ts';

export interface Replacements {
  /** `name`: of the member that holds it. */
  replace<Value extends JsonScalar>(value: Value, name?: string): JsonScalar;
  /** The same for a key that is data: what marks its kind stays, such as the prefix of ids, unless it may be a name. */
  replaceKey(key: string): string;
}

/** What says yes or no, or nothing: it has no other value of its form, and identifies nobody. */
const FLAGS: ReadonlySet<JsonScalar> = new Set<JsonScalar>([null, true, false, '', 0, 1, -1, '0', '1', '-1']);
const FLAG_TEXT = /^(?:true|false)$/i;

/** How many replacements are tried before one is taken that some other value already is. */
const MAX_TRIES = 1_000;

/** Markers of ids that are no words have so many letters. */
const MAX_MARKER = 3;
const ID_PREFIX = /^([A-Za-z][A-Za-z_-]{0,39}?(?:[_-]|(?=\d{5})))(?=.*\d)[A-Za-z0-9]{5,64}$/;

/** `taken` are the values that no replacement may be, as far as there are others: everything that is to be replaced. */
export function createReplacements(taken: ReadonlySet<JsonScalar>): Replacements {
  const made = new Map<JsonScalar, JsonScalar>();
  const used = new Set<JsonScalar>();
  const next = new Map<string, number>();

  const choose = (value: JsonScalar, form: Form, read: (text: string) => JsonScalar): JsonScalar => {
    const start = next.get(form.key) ?? 0;
    let chosen = start;
    let fallback: number | null = null;
    for (let number = start; number < start + MAX_TRIES; number += 1) {
      const candidate = read(form.make(number));
      if (candidate === value) continue;
      fallback ??= number;
      if (taken.has(candidate) || used.has(candidate)) continue;
      fallback = number;
      break;
    }
    chosen = fallback ?? start;
    next.set(form.key, chosen + 1);
    const replacement = read(form.make(chosen));
    used.add(replacement);
    return replacement;
  };

  const formOfText = (text: string, name: string | undefined): Form => {
    const form = formOf(text);
    return (name === undefined ? null : readableForm(name, text, form)) ?? form;
  };

  const replace = (value: JsonScalar, name?: string): JsonScalar => {
    if (isFlag(value)) return value;
    const known = made.get(value);
    if (known !== undefined) return known;
    const replacement =
      typeof value === 'string'
        ? choose(value, formOfText(value, name), (text) => text)
        : choose(value, numberForm(String(value)), typeof value === 'bigint' ? BigInt : Number);
    made.set(value, replacement);
    return replacement;
  };

  return {
    replace,
    replaceKey(key) {
      const found = ID_PREFIX.exec(key)?.[1] ?? '';
      const prefix = isMarker(found) ? found : '';
      return `${prefix}${replace(key.slice(prefix.length))}`;
    },
  };
}

/** `cus_`, `user_`, `custom_field_`; not `kowalski_`. */
function isMarker(prefix: string): boolean {
  const words = prefix.toLowerCase().split(/[_-]/);
  return words.every(
    (word) => (word.length <= MAX_MARKER || LABEL_WORDS.has(word)) && !GIVEN_NAMES.has(word),
  );
}

/** Values that stay as they are. */
export function isFlag(value: JsonScalar): boolean {
  return FLAGS.has(value) || (typeof value === 'string' && (FLAG_TEXT.test(value) || value.trim() === ''));
}
