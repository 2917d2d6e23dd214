/**
 * Forms of texts, and of numbers that are times: a value in, what it looks like out; the forms of the samples and a value in,
 * whether its meaning may have changed out. Every rule is one sentence in docs/shape.md. Never keeps or shows a value.
 */
import type { JsonValue } from '../json/json-value.ts';
import type { Form } from '../plans.ts';

/** Longer texts are texts or addresses: nothing else is looked for in them. */
const MAX_LOOKED_AT = 400;

const UUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;
const EMAIL = /^[^\s@:/<>]{1,128}@[^\s@:/<>]+\.[^\s@:/<>.]{2,}$/;
/** Also `git@host:path`, and what stands without a scheme where browsers show it. */
const URL_FORM = /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/\S+|www\.\S+\.\S+|[\w.-]+@[\w.-]+\.[\w.-]+:\S+)$/i;
const TIME_OF_DAY = String.raw`\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[ap]m)?`;
const ZONE = String.raw`(?: ?(?:z|utc|gmt|[a-z]{3,4}|[+-]\d\d:?(?:\d\d)?))?(?: ?\([^)]{1,40}\))?(?:\[[^\]]{1,40}\])?`;
const DAY = String.raw`(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?(?:\d{1,2} [a-z]{3,9}\.?,? \d{4}|[a-z]{3,9}\.? \d{1,2},? \d{4}))`;
const DATE_TIME = new RegExp(
  `^(?:${DAY}(?:[t ]|, | at )${TIME_OF_DAY}${ZONE}|\\d{8}t\\d{6}z?|[a-z]{3} [a-z]{3} \\d{1,2} ${TIME_OF_DAY}${ZONE} \\d{4})$`,
  'i',
);
const DATE = new RegExp(`^${DAY}$`, 'i');
const TIME = new RegExp(`^${TIME_OF_DAY}$`, 'i');
const DIGITS = /^\d+$/;
const DECIMAL = /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:[.,]\d+)?$/;
/** Digests and object ids; shorter ones are words, as commits in messages are. */
const LONG_HEX = /^(?:0x)?(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{16,}$/i;
/** `cus_9s6XKzkNRiz8i3`, `U061F7AUR`, `dGhpcyBpcyBhIHRva2Vu`: letters and digits that nobody would read aloud. */
const PREFIXED = /^[A-Za-z]{1,12}[_-](?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])[A-Za-z0-9_-]{8,}$/;
const CAPITALS = /^(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{7,}$/;
const MIXED = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_-]{12,}={0,2}$/;
/** What a token can look like that happens to have no digit. */
const LIKE_TOKEN =
  /^(?:[A-Z]{6,}|[A-Za-z]{1,12}[_-][A-Za-z0-9]{8,}|(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9_-]{12,})$/;
const LONG_DIGITS = /^\d{16,}$/;

/** Whole values that programs and people write for nothing, in exactly this case. Samples may have them all the same. */
const NOTHING: ReadonlySet<string> = new Set(
  (
    'null NULL Null undefined none None NONE nil NIL NaN nan N/A n/a NA #N/A (null) (none) <nil> <null> - -- --- ? . ' +
    '[REDACTED] [redacted] REDACTED redacted <redacted> <REDACTED> [FILTERED] [Filtered] [filtered] *** **** ***** ****** ' +
    '******** [object%Object] {} [] unknown Unknown UNKNOWN deleted [deleted] [removed] [hidden] hidden ' +
    '00000000-0000-0000-0000-000000000000'
  )
    .split(' ')
    .map((word) => word.replace('%', ' ')),
);

/** In March 2001 and May 2033: times of events, not counters. */
const SECONDS = [984_000_000, 2_000_000_000] as const;

const STRONG: ReadonlySet<Form> = new Set<Form>([
  'date-time',
  'date',
  'time',
  'email',
  'url',
  'uuid',
  'digits',
  'decimal',
  'hex',
  'token',
]);

/** What a plain word or text turns into only when something else was put there. */
const FOREIGN: ReadonlySet<Form> = new Set<Form>(['email', 'url', 'uuid', 'date-time', 'time']);

/** The form of a text or of a number that looks like a time; null for what has none. */
export function formOf(value: JsonValue): Form | null {
  if (typeof value === 'string') return formOfText(value);
  return typeof value === 'number' ? formOfNumber(value) : null;
}

/** Whether a value may stand where the samples have these forms. Of no forms, everything may. */
export function isFormKnown(forms: readonly Form[], value: JsonValue): boolean {
  const form = formOf(value);
  if (form === null || forms.includes(form)) return true;
  if (typeof value !== 'string')
    return form === 'seconds' ? !forms.includes('milliseconds') : !forms.includes('seconds');
  const texts = forms.filter((one) => one !== 'seconds' && one !== 'milliseconds' && one !== 'blank');
  if (form === 'blank' || form === 'nothing') return texts.length === 0 && form !== 'blank';
  if (texts.length === 0) return true;
  if (texts.some((one) => !STRONG.has(one))) return !FOREIGN.has(form);
  return texts.some((one) => isSameKind(one, form, value));
}

/** Forms that no id of a person has, unless a sample has it. */
const NO_ID: ReadonlySet<Form | null> = new Set<Form>([
  'text',
  'blank',
  'nothing',
  'date-time',
  'date',
  'time',
  'url',
  'seconds',
  'milliseconds',
]);

/** Whether a value may be one of those that the samples have, under another name: stricter than isFormKnown. */
export function couldBe(forms: readonly Form[], value: JsonValue): boolean {
  const form = formOf(value);
  return form === null || forms.includes(form) || (!NO_ID.has(form) && isFormKnown(forms, value));
}

/** Makes the test of the hot path: most values have the form that most samples have. */
export function compileForms(forms: readonly Form[]): (value: JsonValue) => boolean {
  const known = forms.length === 1 ? QUICK[forms[0] as Form] : undefined;
  const isPlain = forms.some((form) => form === 'word' || form === 'text');
  return (value) => {
    if (typeof value === 'string') {
      if (known?.test(value) === true) return !NOTHING.has(value) || forms.includes('nothing');
      if (isPlain && value.length !== UUID_LENGTH && PLAIN.test(value))
        return !NOTHING.has(value) || forms.includes('nothing');
    }
    return isFormKnown(forms, value);
  };
}

/** What can only be a word, a text or a token: without @ and colon it is no address and no time. */
const PLAIN = /^(?!www\.)[A-Za-z][^@:]*$/;
const UUID_LENGTH = 36;

const QUICK: Readonly<Partial<Record<Form, RegExp>>> = {
  uuid: UUID,
  email: EMAIL,
  url: /^https?:\/\/\S+$/,
  digits: DIGITS,
  hex: LONG_HEX,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/,
};

/** Forms in words, such as "email", "digits or token". */
export function describeForms(forms: readonly Form[]): string {
  return forms.join(' or ');
}

function formOfText(text: string): Form {
  if (text.length > MAX_LOOKED_AT) return URL_FORM.test(text) ? 'url' : /\s/.test(text) ? 'text' : 'word';
  if (text.trim() === '') return 'blank';
  if (NOTHING.has(text)) return 'nothing';
  for (const [form, pattern] of PATTERNS) if (pattern.test(text)) return form;
  return /\s/.test(text) ? 'text' : 'word';
}

const PATTERNS: readonly (readonly [Form, RegExp])[] = [
  ['digits', DIGITS],
  ['decimal', DECIMAL],
  ['date-time', DATE_TIME],
  ['date', DATE],
  ['time', TIME],
  ['uuid', UUID],
  ['email', EMAIL],
  ['url', URL_FORM],
  ['hex', LONG_HEX],
  ['token', PREFIXED],
  ['token', CAPITALS],
  ['token', MIXED],
];

function formOfNumber(number: number): Form | null {
  const [from, to] = SECONDS;
  if (number >= from && number < to) return 'seconds';
  return number >= from * 1000 && number < to * 1000 ? 'milliseconds' : null;
}

/** Numbers in texts with and without a fraction; digests and ids that happen to have no letter or no digit. */
function isSameKind(known: Form, form: Form, value: string): boolean {
  if (known === 'digits' || known === 'decimal') return form === 'digits' || form === 'decimal';
  if (known === 'hex') return LONG_DIGITS.test(value);
  return known === 'token' && (LIKE_TOKEN.test(value) || form === 'hex' || LONG_DIGITS.test(value));
}
