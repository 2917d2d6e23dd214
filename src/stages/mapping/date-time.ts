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
  if (UNIX_TIME.test(text)) return fromUnixTime(Number(text));
  return fromIsoTime(text) ?? fromMailTime(text);
}

/** Times that mean "never" or "not yet": the zero of Go and of Unix, and the last year. */
export function isDummyTime(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year <= 1 || year >= 9999 || Math.abs(time.getTime()) < 86_400_000;
}

function fromUnixTime(time: number): Date | undefined {
  if (time < SECONDS_FROM) return undefined;
  if (time < MILLISECONDS_FROM) return valid(new Date(time * 1000));
  if (time < MICROSECONDS_FROM) return valid(new Date(time));
  return valid(new Date(Math.floor(time < NANOSECONDS_FROM ? time / 1_000 : time / 1_000_000)));
}

function fromIsoTime(text: string): Date | undefined {
  const parts = ISO_TIME.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  // 30 February would become a day in March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = readOffset(parts[8] ?? 'Z');
  if (offset === undefined) return undefined;
  date.setUTCHours(hour, minute - offset, second, Number((parts[7] ?? '').slice(0, 3).padEnd(3, '0')));
  return valid(date);
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
