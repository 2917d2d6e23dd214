/**
 * Times as providers write them: ISO 8601, mail and HTTP texts, or seconds to nanoseconds since 1970. A value in, a point
 * in time out.
 * Never guesses a local time zone: a time without an offset is UTC.
 */
import { ExactNumber } from '../json/exact-number.ts';
import type { JsonValue } from '../json/json-value.ts';

/** March 1973 in seconds. Smaller numbers are durations, counters, 0 for "never", or dates such as 20240131. */
const SECONDS_FROM = 100_000_000;
/** March 1973 in milliseconds; in seconds it would be the year 5138. The same for micro- and nanoseconds. */
const MILLISECONDS_FROM = 100_000_000_000;
const MICROSECONDS_FROM = 100_000_000_000_000;
const NANOSECONDS_FROM = 100_000_000_000_000_000;

const UNIX_TIME = /^\d{9,19}(?:\.\d{1,9})?$/;
const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?[ ]?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/i;
/** Mail (RFC 5322, with the zones of RFC 822) and HTTP (RFC 9110). */
const MAIL_TIME =
  /^(?:[A-Z][a-z]{2,8},?[ ]+)?(\d{1,2})[ -]([A-Z][a-z]{2})[ -](\d{4})[ ]+(\d\d):(\d\d)(?::(\d\d))?[ ]*(Z|UTC?|GMT|[A-Z]{3}|[+-]\d{4})(?:[ ]*\([^)]{1,40}\))?$/;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
/** Hours west of UTC. */
const ZONES: Readonly<Record<string, number>> = {
  EDT: 4,
  EST: 5,
  CDT: 5,
  CST: 6,
  MDT: 6,
  MST: 7,
  PDT: 7,
  PST: 8,
};

/** The time that a value names, or undefined when it is none. Fractions of a millisecond are dropped. */
export function readDateTime(value: JsonValue): Date | undefined {
  if ((value as unknown) instanceof ExactNumber)
    return readDateTime((value as unknown as ExactNumber).digits);
  if (typeof value === 'number' || typeof value === 'bigint') return fromUnixTime(Number(value));
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  // Nearly all times are written so.
  if (text[4] === '-') return fromIsoTime(text) ?? fromMailTime(text);
  if (UNIX_TIME.test(text)) return fromUnixTime(Number(text));
  return fromMailTime(text);
}

/** Times that mean "never" or "not yet": the zero of Go and of Unix, and the last year. */
export function isDummyTime(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year <= 1 || year >= 9999 || Math.abs(time.getTime()) < 86_400_000;
}

/** As toISOString writes it, in a third of its time. Of the years 0 to 9999. */
export function formatDateTime(time: Date): string {
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
  return `${formatDate(time)}T${clock}.${String(time.getUTCMilliseconds()).padStart(3, '0')}Z`;
}

export function formatDate(time: Date): string {
  const year = String(time.getUTCFullYear()).padStart(4, '0');
  return `${year}-${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** Zero in seconds, the year one in seconds, and the zero date of MySQL are no times at all. */
const DUMMIES = /^(?:[-+]?0+(?:\.0+)?|-62135596800(?:000)?|0000-00-00(?:[T ].*)?)$/;

/** True for a value that stands for such a time, in whatever form. */
export function isDummyValue(value: JsonValue): boolean {
  const isExact = (value as unknown) instanceof ExactNumber;
  const text = isExact ? (value as unknown as ExactNumber).digits : value;
  if (typeof text === 'object' || typeof text === 'boolean') return false;
  if (DUMMIES.test(String(text).trim())) return true;
  const time = readDateTime(text);
  return time !== undefined && isDummyTime(time);
}

function fromUnixTime(time: number): Date | undefined {
  if (time < SECONDS_FROM) return undefined;
  if (time < MILLISECONDS_FROM) return valid(new Date(time * 1000));
  if (time < MICROSECONDS_FROM) return valid(new Date(time));
  return valid(new Date(Math.floor(time < NANOSECONDS_FROM ? time / 1_000 : time / 1_000_000)));
}

function fromIsoTime(text: string): Date | undefined {
  const quick = fromUtcTime(text);
  if (quick !== undefined) return quick;
  const parts = ISO_TIME.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((digits) => Number(digits ?? 0));
  const [, , , , , , , fraction = '', zone = 'Z'] = parts;
  const offset = readOffset(zone);
  if (offset === undefined) return undefined;
  const time = timeOf(year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0);
  if (time === undefined) return undefined;
  return valid(new Date(time - offset * 60_000 + Number(fraction.slice(0, 3).padEnd(3, '0'))));
}

/** 2030-01-01T00:00:00Z, as most senders write: read digit by digit, in a third of the time. */
function fromUtcTime(text: string): Date | undefined {
  if (text.length !== 20 || text[10] !== 'T' || text[19] !== 'Z') return undefined;
  if (text[4] !== '-' || text[7] !== '-' || text[13] !== ':' || text[16] !== ':') return undefined;
  const [year, month, day] = [digitsAt(text, 0, 4), digitsAt(text, 5, 7), digitsAt(text, 8, 10)];
  const time = timeOf(
    year,
    month,
    day,
    digitsAt(text, 11, 13),
    digitsAt(text, 14, 16),
    digitsAt(text, 17, 19),
  );
  return time === undefined ? undefined : new Date(time);
}

/** NaN where there is anything else. */
function digitsAt(text: string, from: number, to: number): number {
  let number = 0;
  for (let index = from; index < to; index += 1) {
    const digit = text.charCodeAt(index) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Milliseconds since 1970; undefined where there is no such day or time of day. */
function timeOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (!(year >= 0 && hour <= 23 && minute <= 59 && second <= 59)) return undefined;
  // 30 February would become a day in March.
  if (!isDay(year, month, day)) return undefined;
  return Date.UTC(year + CYCLE_YEARS, month - 1, day, hour, minute, second) - CYCLE_MILLISECONDS;
}

/** After 400 years the calendar begins anew; Date.UTC takes the years 0 to 99 for those of the last century. */
const CYCLE_YEARS = 400;
const CYCLE_MILLISECONDS = 146_097 * 86_400_000;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDay(year: number, month: number, day: number): boolean {
  const isLeap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= (DAYS[month - 1] ?? 0) + (isLeap ? 1 : 0);
}

function fromMailTime(text: string): Date | undefined {
  const [, day = '', name = '', year = '', hour = '', minute = '', second = '00', zone = ''] =
    MAIL_TIME.exec(text) ?? [];
  const month = MONTHS.indexOf(name) + 1;
  if (month === 0) return undefined;
  const west = ZONES[zone];
  const offset = west === undefined ? (zone === 'UT' ? 'Z' : zone) : `-0${west}00`;
  if (!/^(?:Z|UTC|GMT|[+-]\d{4})$/.test(offset)) return undefined;
  const digits = `${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`;
  return fromIsoTime(`${year}-${digits}T${hour}:${minute}:${second}${offset}`);
}

/** Minutes east of UTC. */
function readOffset(text: string): number | undefined {
  if (/^[a-z]/i.test(text)) return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Only years that ISO 8601 writes with four digits: others are mistakes, and would not be read back. */
function valid(date: Date): Date | undefined {
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date : undefined;
}
