/**
 * ISO 8601 durations of an exact length: a text in, milliseconds out. Months and years have no exact length, and are
 * refused; a day is 24 hours.
 */
const DURATION =
  /^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(?:[.,](\d{1,3}))?S)?)?$/;
const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

/** undefined: not such a duration. */
export function readDuration(text: string): number | undefined {
  const parts = DURATION.exec(text);
  if (parts === null || text === 'P') return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1, 6)
    .map((digits) => Number(digits ?? 0));
  const fraction = Number((parts[6] ?? '').padEnd(3, '0'));
  return (weeks * 7 + days) * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + fraction;
}
