/**
 * Times as providers write them: ISO 8601 text, or seconds or milliseconds since 1970. A value in, a point in time out.
 * Never guesses a local time zone: a time without an offset is UTC.
 */
import type { JsonValue } from '../json/json-value.ts';

/** March 1973 in seconds. Smaller numbers are durations, counters, 0 for "never", or dates such as 20240131. */
const SECONDS_FROM = 100_000_000;
/** March 1973 in milliseconds; in seconds it would be the year 5138. */
const MILLISECONDS_FROM = 100_000_000_000;

const UNIX_TIME = /^\d{9,15}(?:\.\d{1,9})?$/;
const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?[ ]?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;

/** The time that a value names, or undefined when it is none. Fractions of a millisecond are dropped. */
export function readDateTime(value: JsonValue): Date | undefined {
  if (typeof value === 'number') return fromUnixTime(value);
  if (typeof value !== 'string') return undefined;
  return UNIX_TIME.test(value) ? fromUnixTime(Number(value)) : fromIsoTime(value);
}

/** Times that mean "never" or "not yet": the zero of Go and of Unix, and the last year. */
export function isDummyTime(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year <= 1 || year >= 9999 || Math.abs(time.getTime()) < 86_400_000;
}

function fromUnixTime(time: number): Date | undefined {
  if (time < SECONDS_FROM) return undefined;
  return valid(new Date(time < MILLISECONDS_FROM ? time * 1000 : time));
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

/** Minutes east of UTC. */
function readOffset(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
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
