/** ISO 8601 durations as people say them. In: P7D. Out: 7 days, and back. Only those of one unit; others stay text. */

export const UNITS = [
  ['minutes', 'PT', 'M'],
  ['hours', 'PT', 'H'],
  ['days', 'P', 'D'],
  ['weeks', 'P', 'W'],
] as const;

export type Unit = (typeof UNITS)[number][0];

/** null: it has several units, or is none. */
export function readDuration(text: string): { readonly amount: number; readonly unit: Unit } | null {
  for (const [unit, before, after] of UNITS) {
    const digits =
      text.startsWith(before) && text.endsWith(after) ? text.slice(before.length, -after.length) : '';
    if (/^[0-9]{1,6}$/.test(digits)) return { amount: Number(digits), unit };
  }
  return null;
}

export function writeDuration(amount: number, unit: Unit): string {
  const [, before, after] = UNITS.find(([name]) => name === unit) ?? UNITS[2];
  return `${before}${amount}${after}`;
}
