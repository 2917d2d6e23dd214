/** Choices that look random and are the same in every run: a seed text in, a generator out. */

/** A function that returns an integer from 0 up to, without, `limit`. */
export type Choose = (limit: number) => number;

/** mulberry32, seeded with FNV-1a of the text. */
export function seededChoice(seed: string): Choose {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** At most `count` different elements. */
export function pick<T>(choose: Choose, from: readonly T[], count: number): readonly T[] {
  const rest = [...from];
  const picked: T[] = [];
  while (picked.length < count && rest.length > 0) picked.push(...rest.splice(choose(rest.length), 1));
  return picked;
}
