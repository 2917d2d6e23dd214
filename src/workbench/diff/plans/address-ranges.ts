/** Which of these address ranges lie, whole, in the union of those. In: lists as plans hold them. Exact: no sampling. */
import { type AddressRange, BITS, parseRange } from '../../../stages/allow-ip.ts';

/** Both ends included. */
interface Interval {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** The entries of `ranges` of which at least one address is in none of `others`. Empty lists are taken literally. */
export function findUncovered(ranges: readonly string[], others: readonly string[]): readonly string[] {
  const union = mergeIntervals(others.map(toInterval));
  return ranges.filter((text) => {
    const { version, first, last } = toInterval(text);
    return !union.some((one) => one.version === version && one.first <= first && last <= one.last);
  });
}

function toInterval(text: string): Interval {
  const range = parseRange(text);
  if (typeof range === 'string') throw new Error(`a list of addresses was used unchecked: ${range}`);
  return { version: range.version, first: range.value, last: range.value + sizeOf(range) - 1n };
}

function sizeOf({ version, prefix }: AddressRange): bigint {
  return 1n << BigInt(BITS[version] - prefix);
}

/** Neighbours become one: two halves cover what the whole covers. */
function mergeIntervals(intervals: readonly Interval[]): readonly Interval[] {
  const sorted = intervals.toSorted(
    (left, right) => left.version - right.version || (left.first < right.first ? -1 : 1),
  );
  const merged: Interval[] = [];
  for (const interval of sorted) {
    const previous = merged.at(-1);
    if (previous?.version !== interval.version || interval.first > previous.last + 1n) merged.push(interval);
    else if (interval.last > previous.last) merged[merged.length - 1] = { ...previous, last: interval.last };
  }
  return merged;
}
