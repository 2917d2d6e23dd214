/**
 * Times as senders write them. In: a text from a header, a query or a body. Out: milliseconds since the epoch, or nothing:
 * never NaN, and never a guess.
 */

export type TimestampFormat = 'seconds' | 'milliseconds' | 'iso';

/** Ten digits last until the year 2286; thirteen digits are milliseconds since 2001. Other counts are no known unit. */
const SECONDS = /^\d{1,10}(?:\.\d{1,9})?$/;
const MILLISECONDS = /^\d{13}$/;
const MICROSECONDS = /^\d{16}$/;
const NANOSECONDS = /^\d{19}$/;
/** ISO 8601, as far as a sender has a use for it: date, time, optional fraction, and an offset that is not optional. */
const ISO = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?) ?(Z|z|[+-]\d{2}(?::?\d{2})?)$/;
/** The one form of HTTP dates that may still be sent (RFC 9110, section 5.6.7). */
const HTTP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * Milliseconds since the epoch; null for anything but Unix seconds (with a fraction or without), milliseconds, microseconds
 * and nanoseconds, ISO 8601 with an offset, and HTTP dates.
 */
export function parseTimestamp(text: string): number | null {
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (MILLISECONDS.test(text)) return Number(text);
  if (MICROSECONDS.test(text)) return Number(text) / 1e3;
  if (NANOSECONDS.test(text)) return Number(text) / 1e6;
  if (HTTP_DATE.test(text)) return dateOrNull(text);
  const [, date, time, offset] = ISO.exec(text) ?? [];
  if (date === undefined || time === undefined || offset === undefined) return null;
  return dateOrNull(`${date}T${time.replace(',', '.')}${withMinutes(offset)}`);
}

function dateOrNull(text: string): number | null {
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/** +0200 and +02 as +02:00, which is all that Date.parse takes. */
function withMinutes(offset: string): string {
  if (offset === 'Z' || offset === 'z') return 'Z';
  const [sign, digits] = [offset.slice(0, 1), offset.slice(1).replace(':', '').padEnd(4, '0')];
  return `${sign}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

/** A time as a sender would write it. */
export function formatTimestamp(time: number, format: TimestampFormat): string {
  if (format === 'milliseconds') return String(Math.trunc(time));
  // Whole seconds, as providers send them.
  const seconds = Math.floor(time / 1000);
  return format === 'seconds'
    ? String(seconds)
    : new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
