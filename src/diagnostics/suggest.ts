/**
 * "Did you mean": finds among known names the one that somebody probably meant. In: what was written and what exists.
 * Out: a name, or nothing when none is near. Work is bounded whatever a file holds.
 */
import { quote } from './printable.ts';

/** Names past these bounds are not compared: nobody mistypes a name of a hundred characters, and files can be hostile. */
const MAX_LENGTH = 100;
const MAX_CANDIDATES = 2000;

/** Letters that the longer of two names needs for one slip, or two, between them to be beyond doubt. */
const LETTERS_FOR_SLIPS = [0, 4, 8];

/** The nearest candidate, or undefined when none is near enough. Ties go to the first. */
export function suggest(written: string, candidates: Iterable<string>): string | undefined {
  return findNearest(written, candidates)?.name;
}

/** The candidate that was meant beyond doubt: one or two slips away for its length, and no other as near. */
export function suggestSurely(written: string, candidates: Iterable<string>): string | undefined {
  const nearest = findNearest(written, candidates);
  if (nearest === undefined || !nearest.isOnly) return undefined;
  const letters = LETTERS_FOR_SLIPS[nearest.distance] ?? Number.POSITIVE_INFINITY;
  return Math.max(written.length, nearest.name.length) >= letters ? nearest.name : undefined;
}

interface Nearest {
  readonly name: string;
  readonly distance: number;
  /** No other candidate is as near. */
  readonly isOnly: boolean;
}

function findNearest(written: string, candidates: Iterable<string>): Nearest | undefined {
  if (written.length === 0 || written.length > MAX_LENGTH) return undefined;
  const lower = written.toLowerCase();
  // One slip in a short name, one in three letters of a long one: more would call "type" a slip for "title".
  let bound = Math.max(1, Math.round(written.length / 3));
  let best: Nearest | undefined;
  let seen = 0;
  for (const candidate of candidates) {
    seen += 1;
    if (seen > MAX_CANDIDATES) break;
    if (candidate === written || candidate.length === 0 || candidate.length > MAX_LENGTH) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bound);
    if (distance > bound) continue;
    // As many edits as letters would call "b" a slip for "a".
    if (distance >= Math.max(written.length, candidate.length)) continue;
    if (distance === best?.distance) {
      best = { ...best, isOnly: best.isOnly && best.name === candidate };
      continue;
    }
    bound = distance;
    best = { name: candidate, distance, isOnly: true };
  }
  return best;
}

/** The end of a message: `; did you mean "x"?`, or nothing. */
export function didYouMean(written: string, candidates: Iterable<string>): string {
  const best = suggest(written, candidates);
  return best === undefined ? '' : `; did you mean ${quote(best)}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts; more than `bound` comes back as bound + 1. */
function editDistance(left: string, right: string, bound: number): number {
  if (Math.abs(left.length - right.length) > bound) return bound + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    let smallest = row;
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (previous[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (previous[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, (beforePrevious[column - 2] as number) + 1);
      current.push(cost);
      smallest = Math.min(smallest, cost);
    }
    if (smallest > bound) return bound + 1;
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] as number;
}
