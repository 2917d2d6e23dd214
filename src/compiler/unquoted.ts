/**
 * Values that have to stand in quotes, and do not: paths with brackets inside [ ] and { }, and quotes that nothing closes. In:
 * a text that is no YAML, and a function that says where the parser stumbles. Out: the places, with what makes them right: the
 * parser gets further with each. What is not sure is left to the parser's own words.
 */
import type { FindProblem } from './indentation.ts';

export interface Unquoted {
  readonly offset: number;
  readonly length: number;
  readonly newText: string;
  readonly kind: 'path' | 'quote';
}

const MAX_FOUND = 10;
/** Each candidate is another parse. */
const MAX_TRIED = 40;
/** In UTF-16 units: connector files are short. */
const MAX_TEXT = 64 * 1024;

/** A path or a text with brackets, where a value begins. */
const BRACKETED = /(?<=[:,[{]\s*)[$\w][^\s,{}"'#]*\[[^\]\n]*\][^\s,}\]"']*(?:\[[^\]\n]*\][^\s,}\]"']*)*/g;
/** A quote where a value begins, and the rest of its line. */
const OPENED = /(?<=(?:[:,[{]|^\s*-)[ \t]+|[[{])(["'])((?:(?!\1).)*)$/gm;

/** The places, each in the text as it was; null: there is none, or nothing is sure. */
export function findUnquoted(text: string, findProblem: FindProblem): readonly Unquoted[] | null {
  if (text.length > MAX_TEXT) return null;
  const found: Unquoted[] = [];
  const end = text.trimEnd().length;
  let tried = 0;
  let problem = findProblem(text);
  while (problem !== null && found.length < MAX_FOUND) {
    let isBetter = false;
    for (const candidate of candidatesIn(text, found)) {
      if (tried === MAX_TRIED) return null;
      tried += 1;
      const next = findProblem(apply(text, [...found, candidate]));
      const shift = candidate.newText.length - candidate.length;
      // What nothing closes is noticed at the end of the text; whatever is wrong before it was hidden.
      const wasAtEnd = candidate.kind === 'quote' && problem >= end;
      const isFurther = next !== null && next > Math.max(problem, candidate.offset) + shift;
      isBetter = next === null || isFurther || (wasAtEnd && next < end);
      if (!isBetter) continue;
      found.push(candidate);
      problem = next;
      break;
    }
    if (!isBetter) break;
  }
  return found.length === 0 ? null : found.toSorted((one, other) => one.offset - other.offset);
}

function candidatesIn(text: string, found: readonly Unquoted[]): readonly Unquoted[] {
  const paths = [...text.matchAll(BRACKETED)].map(({ index, 0: path }): Unquoted => {
    return { offset: index, length: path.length, newText: JSON.stringify(path), kind: 'path' };
  });
  const quotes = [...text.matchAll(OPENED)].map(
    ({ index, 0: opened, 1: mark = '"', 2: rest = '' }): Unquoted => {
      // What closes the brackets around it belongs to them.
      const inside = rest.replace(/[ \t]*(?:#.*|[\]}]+[ \t]*)?\r?$/, '');
      const length = mark.length + inside.length;
      return { offset: index, length, newText: `${opened.slice(0, length)}${mark}`, kind: 'quote' };
    },
  );
  const isFree = ({ offset }: Unquoted): boolean => found.every((one) => one.offset !== offset);
  return [...paths, ...quotes].filter(isFree).toSorted((one, other) => one.offset - other.offset);
}

function apply(text: string, edits: readonly Unquoted[]): string {
  return edits
    .toSorted((one, other) => other.offset - one.offset)
    .reduce(
      (left, { offset, length, newText }) => left.slice(0, offset) + newText + left.slice(offset + length),
      text,
    );
}
