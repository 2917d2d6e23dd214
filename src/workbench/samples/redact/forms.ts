/**
 * The forms that texts have, and another text of the same form: a text in, a maker of replacements out. Nothing of the
 * text gets into them but its form: kinds of characters, and lengths up to a limit. No digest either: those of short
 * values can be guessed.
 */
import { isIP } from 'node:net';
import { readDateTime } from '../../../stages/mapping/date-time.ts';

export interface Form {
  /** Equal for texts that have the same replacements. */
  readonly key: string;
  /** The replacement with this number, from 0; other numbers give others until the form has no more. */
  make(number: number): string;
}

/** Longer texts are cut, in UTF-16 units: a sample shows what there is, not how much of it. */
const MAX_TEXT = 200;

const DATE_OR_TIME =
  /^\d{4}-\d\d(?:-\d\d(?:([T ])\d\d:\d\d(:\d\d(?:([.,])(\d{1,9}))?)?( ?)(Z|[+-]\d\d(:?)(\d\d)?)?)?)?$/i;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})$/;
const SLASH_DATE = /^\d{1,2}([/.])\d{1,2}\1(?:\d{4}|\d\d)$/;
const DURATION = /^P(?=.)(?:\d+(?:[.,]\d+)?[YMWD])*(?:T(?=.)(?:\d+(?:[.,]\d+)?[HMS])+)?$/;
const EMAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const ULID = /^[0-7](?=.*[A-Z])[0-9A-HJKMNP-TV-Z]{25}$/;
const WEB_ADDRESS = /^(https?|wss?|ftp):\/\//i;
const HEX = /^(?=.*[a-f])(?=.*\d)[0-9a-f]{12,}$/i;

/** The form of a text that is not empty. */
export function formOf(text: string): Form {
  const short = text.length <= MAX_TEXT ? text : text.slice(0, MAX_TEXT).toWellFormed();
  return timeForm(short) ?? namedForm(short) ?? characterForm(short);
}

function timeForm(text: string): Form | null {
  const isYearAndMonth = /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text);
  if (DATE_OR_TIME.test(text) && (isYearAndMonth || readDateTime(text) !== undefined)) return isoForm(text);
  const [, zone] = HTTP_DATE.exec(text) ?? [];
  if (zone !== undefined) {
    const offset = zone === 'GMT' ? zone : '+0000';
    return {
      key: `http-date ${offset}`,
      make: (number) => atSecond(number).toUTCString().replace('GMT', offset),
    };
  }
  const [, separator] = SLASH_DATE.exec(text) ?? [];
  if (separator === undefined) return null;
  const years = text.length - text.lastIndexOf(separator) - 1;
  // The first twelve days of a month are the same in both orders.
  return {
    key: `date ${separator} ${years}`,
    make: (number) =>
      [
        '01',
        pad((number % 12) + 1, 2),
        `20${pad((25 + Math.floor(number / 12)) % 100, 2)}`.slice(-years),
      ].join(separator),
  };
}

/** Years from 2025 on, precise to what the text is precise to. */
function isoForm(text: string): Form {
  const [, letter, seconds, point, fraction = '', gap = '', zone = '', colon = '', minutes] =
    DATE_OR_TIME.exec(text) ?? [];
  const offset = /^[+-]/.test(zone) ? `+00${colon}${minutes === undefined ? '' : '00'}` : zone;
  const part = fraction === '' ? '' : `${point}${'0'.repeat(fraction.length)}`;
  const make = (number: number): string => {
    if (letter === undefined) {
      const isDay = text.length === 10;
      const date = isDay ? Date.UTC(2025, 0, 1 + number) : Date.UTC(2025, number, 1);
      return new Date(date).toISOString().slice(0, isDay ? 10 : 7);
    }
    const time = atSecond(seconds === undefined ? number * 60 : number).toISOString();
    const clock = time.slice(11, seconds === undefined ? 16 : 19);
    return `${time.slice(0, 10)}${letter}${clock}${part}${gap}${offset}`;
  };
  return { key: make(0), make };
}

function atSecond(number: number): Date {
  return new Date(Date.UTC(2025, 0, 1) + number * 1000);
}

function namedForm(text: string): Form | null {
  if (EMAIL.test(text)) return { key: 'email', make: (number) => `user${number + 1}@example.com` };
  if (UUID.test(text))
    return { key: 'uuid', make: (number) => `00000000-0000-4000-8000-${pad(number + 1, 12)}` };
  if (ULID.test(text)) return { key: 'ulid', make: (number) => `01J${pad(number + 1, 23)}` };
  const [, scheme] = WEB_ADDRESS.exec(text) ?? [];
  if (scheme !== undefined) {
    const known = scheme.toLowerCase();
    return { key: `url ${known}`, make: (number) => `${known}://example.com/${number + 1}` };
  }
  const version = isIP(text);
  // Addresses for documentation: RFC 5737, RFC 3849.
  if (version === 4) return { key: 'ipv4', make: (number) => `192.0.2.${(number % 254) + 1}` };
  if (version === 6)
    return { key: 'ipv6', make: (number) => `2001:db8::${((number % 65_535) + 1).toString(16)}` };
  if (HEX.test(text)) {
    const letter = /[A-F]/.test(text) ? 'A' : 'a';
    const { length } = text;
    return { key: `hex ${letter} ${length}`, make: (number) => `${letter}${pad(number + 1, length - 1)}` };
  }
  return DURATION.test(text) ? fillForm(text, { letters: false }) : null;
}

function characterForm(text: string): Form {
  const form = fillForm(text, { letters: true });
  // Nothing but punctuation has nothing to replace.
  return form.make(0) === text ? fillForm(text.replace(/[^\s]/gu, 'x'), { letters: true }) : form;
}

/** A character that takes several values, or one that stays. */
type Cell = string | { readonly first: number; readonly radix: number; readonly start?: number };

const ZERO = 0x30;
const MARK = /\p{M}/u;
const DIGIT = /\p{N}/u;
const UPPER = /[\p{Lu}\p{Lt}]/u;
const KEPT = /[\u0020-\u007e\s]/u;

/** Letters become letters, digits digits; spaces and ASCII punctuation stay. */
function fillForm(text: string, { letters }: { readonly letters: boolean }): Form {
  const cells: Cell[] = [];
  let previousIsDigit = false;
  let ofWord = 0;
  for (const character of text) {
    const isDigit = DIGIT.test(character);
    if (isDigit) cells.push(digitCell(character, previousIsDigit));
    else if (/\p{L}/u.test(character)) {
      cells.push(letters ? letterCell(character, ofWord) : character);
      ofWord += 1;
    } else if (!MARK.test(character)) cells.push(KEPT.test(character) ? character : 'x');
    if (!/[\p{L}\p{M}]/u.test(character)) ofWord = 0;
    previousIsDigit = isDigit;
  }
  const make = (number: number): string => countIn(cells, number);
  return { key: `fill ${make(0)}`, make };
}

/** Words begin as this one does, so that people can say them. */
const SAMPLE = 'sample';

function letterCell(character: string, ofWord: number): Cell {
  const start = SAMPLE.charCodeAt(ofWord % SAMPLE.length) - 0x61;
  return { first: UPPER.test(character) ? 0x41 : 0x61, radix: 26, start };
}

/** The first digit of a number is none of 0, unless it was: 0042 and 0.5 are other forms than 1042 and 1.5. */
function digitCell(character: string, isInside: boolean): Cell {
  if (isInside) return { first: ZERO, radix: 10 };
  return character === '0' ? character : { first: ZERO + 1, radix: 9 };
}

/** Writes the number into the cells, from the right, each with its own radix. */
function countIn(cells: readonly Cell[], number: number): string {
  let rest = number;
  let text = '';
  for (const cell of cells.toReversed()) {
    if (typeof cell === 'string') text = cell + text;
    else {
      text = String.fromCharCode(cell.first + (((cell.start ?? 0) + rest) % cell.radix)) + text;
      rest = Math.floor(rest / cell.radix);
    }
  }
  return text;
}

/** The form of a number's text, such as -12.50 or 1e+21: digits as many, no fraction and no integer turns into the other. */
export function numberForm(text: string): Form {
  const [, sign = '', whole = '', fraction, exponent = ''] =
    /^(-?)(\d+)(?:\.(\d+))?(e[+-]?\d+)?$/.exec(text) ?? [];
  const cells: Cell[] = [sign, ...[...whole].map((digit, index) => digitCell(digit, index > 0))];
  if (fraction !== undefined) {
    // None of 0 at the end, which would be no digit, nor at the start: there no rounding can take the fraction away.
    const end = fraction.length - 1;
    cells.push('.', ...[...fraction].map((_, index) => digitCell('1', index > 0 && index < end)));
  }
  // Another mantissa could be too large for the largest exponents, and nothing with the smallest.
  cells.push(exponent.replace(/3\d\d$/, '299'));
  const make = (number: number): string => countIn(cells, number);
  return { key: `number ${make(0)}`, make };
}

function pad(number: number, length: number): string {
  return String(number).padStart(length, '0');
}
