/**
 * Times as senders write them. In: a text from a header or a body. Out: milliseconds since the epoch, or nothing: never
 * NaN, and never a guess.
 */

export type TimestampFormat = 'seconds' | 'milliseconds' | 'iso';

/** Ten digits last until the year 2286; thirteen digits are milliseconds since 2001. Other counts are no known unit. */
const SECONDS = /^\d{1,10}$/;
const MILLISECONDS = /^\d{13}$/;
/** RFC 3339, as far as a sender has a use for it: date, time, optional fraction, and an offset that is not optional. */
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch; null for anything but Unix seconds, Unix milliseconds or ISO 8601 with an offset. */
export function parseTimestamp(text: string): number | null {
  if (SECONDS.test(text)) return Number(text) * 1000;
  if (MILLISECONDS.test(text)) return Number(text);
  if (!ISO.test(text)) return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
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
