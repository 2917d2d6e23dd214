/**
 * Ids of holds: 26 characters of Crockford's base32 in lower case, sorted as they were made: 10 of time in milliseconds,
 * 4 that count within a millisecond, 12 of randomness. What comes from outside is checked before it is looked up.
 */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const HOLD_ID = /^[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}$/;
const MAX_COUNT = 32 ** 4 - 1;

export function isHoldId(text: string): boolean {
  return HOLD_ID.test(text);
}

/** Ids keep their order while the clock is set back. */
export function createHoldIds(now: () => number): () => string {
  let time = 0;
  let count = 0;
  return () => {
    const current = now();
    if (current > time) {
      time = current;
      count = 0;
    } else if (count < MAX_COUNT) {
      count += 1;
    } else {
      time += 1;
      count = 0;
    }
    let random = '';
    for (const byte of randomBytes(12)) random += ALPHABET[byte & 31];
    return encode(time, 10) + encode(count, 4) + random;
  };
}

function encode(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32))
    text = ALPHABET[rest % 32] + text;
  return text;
}
