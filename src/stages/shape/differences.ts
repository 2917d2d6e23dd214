/**
 * What people are told about a payload that does not look like the samples: what the mapping needs first, then whatever
 * else differs, each place once, at most MAX_DIFFERENCES in all. Never a value, never a key that no sample has.
 */
import type { JsonValue } from '../json/json-value.ts';
import type { Shape } from '../plans.ts';
import { type CompareOptions, compareShape, type Mismatch } from './compare.ts';
import { type Difference, MAX_DIFFERENCES } from './difference.ts';
import type { ReadFault } from './read.ts';
import { formatTrail, patternOf } from './trail.ts';

/** Lists the faults of reads, then the differences between the payload and the shape; new members come last. */
export function listDifferences(
  faults: readonly ReadFault[],
  shape: Shape,
  payload: JsonValue,
  options: CompareOptions = {},
): readonly Difference[] {
  const list = new DifferenceList();
  for (const fault of faults) list.addFault(fault);
  // New members are the most frequent and the least harmful: they must not crowd out the others.
  // Elements of a long list may differ all alike: what has been looked at is bounded, too.
  let visited = 0;
  const isEnough = (isFull: boolean): boolean => {
    visited += 1;
    return isFull || visited >= MAX_VISITED;
  };
  const add = (mismatch: Mismatch) => isEnough(list.add(mismatch));
  const addUnknown = (mismatch: Mismatch) => mismatch.kind === 'unknown' && isEnough(list.add(mismatch));
  if (!list.isFull) compareShape(shape, payload, add, { ...options, known: true });
  visited = 0;
  if (!list.isFull) compareShape(shape, payload, addUnknown, options);
  return list.differences;
}

/** Mismatches that are looked at for those that are told. */
const MAX_VISITED = 50 * MAX_DIFFERENCES;

class DifferenceList {
  readonly differences: Difference[] = [];
  readonly #patterns = new Set<string>();

  get isFull(): boolean {
    return this.differences.length >= MAX_DIFFERENCES;
  }

  /** Returns whether the list is full. */
  add({ trail, expected, found }: Mismatch, also: readonly string[] = []): boolean {
    const alternatives = also.length === 0 ? '' : `, here or at ${also.join(' or ')}`;
    this.#push(patternOf(trail), { path: formatTrail(trail), expected: `${expected}${alternatives}`, found });
    return this.isFull;
  }

  addFault({ mismatch, path, alternatives }: ReadFault): void {
    if (mismatch !== undefined) this.add(mismatch, alternatives);
    else this.#push(path, { path, expected: 'a value', found: 'missing' });
  }

  #push(pattern: string, difference: Difference): void {
    const key = `${pattern} ${difference.found}`;
    if (this.isFull || this.#patterns.has(key)) return;
    this.#patterns.add(key);
    this.differences.push(difference);
  }
}
