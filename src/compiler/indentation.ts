/**
 * Lines that are indented wrongly, in a text that cannot be read as YAML. In: the text, and a function that says where the
 * parser stumbles first. Out: the lines, with the indentation that was meant. Guesses from the lines alone, and keeps a
 * guess only if the parser gets further with it: what is not sure is left to the parser's own words.
 */

import { type Line, readLines } from './yaml-lines.ts';

export interface WrongIndentation {
  /** 0-based. */
  readonly line: number;
  /** Spaces. */
  readonly indent: number;
  /** Each makes the text one that can be read. */
  readonly wanted: readonly number[];
}

/** The offset at which the parser first stumbles; null: it does not. */
export type FindProblem = (text: string) => number | null;

/** Each takes a few more parses of the whole text. */
const MAX_WRONG = 5;
/** Connector files have a hundred lines: what is far longer is left to the parser. In UTF-16 units, and lines. */
const MAX_TEXT = 64 * 1024;
const MAX_LINES = 400;
/** Places to which one line may have to be moved. */
const MAX_GUESSES = 4;

interface Guess {
  readonly line: number;
  readonly indent: number;
  readonly wanted: number;
  /** How far the line itself would move; 0 for another line, which its neighbours speak against. */
  readonly cost: number;
  /** Number of the last line that belongs to it. */
  readonly end: number;
}

/** The lines that are indented wrongly, from the top; null where that does not explain every problem. */
export function findWrongIndentation(
  text: string,
  findProblem: FindProblem,
): readonly WrongIndentation[] | null {
  if (text.length > MAX_TEXT) return null;
  const found: WrongIndentation[] = [];
  let lines = text.split('\n');
  if (lines.length > MAX_LINES) return null;
  let problem = findProblem(text);
  while (problem !== null && found.length < MAX_WRONG) {
    const stuck = lineAt(lines, problem) + 1;
    const tried = listGuesses(lines)
      .flatMap((guess) => [guess.line, guess.end].map((end) => ({ guess, moved: move(lines, guess, end) })))
      .map((one) => ({ ...one, next: findProblem(one.moved.join('\n')) }));
    const better = tried.filter(({ moved, next }) => next === null || lineAt(moved, next) > stuck);
    const whole = better.find(({ next }) => next === null);
    // A line that would have to move far may hide that a second one is wrong too.
    const isFar = (whole?.guess.cost ?? 0) > (better[0]?.guess.cost ?? 0);
    const best = isFar ? better[0] : (whole ?? better[0]);
    if (best === undefined) return null;
    const { line, indent } = best.guess;
    const alike = tried.filter(({ guess, next }) => guess.line === line && next === best.next);
    const columns = [...new Set(alike.map(({ guess }) => guess.wanted))].sort(ascending);
    found.push({ line, indent, wanted: keepLikely(columns, indent) });
    lines = best.moved;
    problem = best.next;
  }
  return problem === null ? found : null;
}

/** The nearest columns, and the deepest, which is that of the line before. */
function keepLikely(columns: readonly number[], indent: number): readonly number[] {
  const nearest = Math.min(...columns.map((column) => Math.abs(column - indent)));
  return columns.filter((column) => Math.abs(column - indent) === nearest || column === columns.at(-1));
}

function ascending(left: number, right: number): number {
  return left - right;
}

function lineAt(lines: readonly string[], offset: number): number {
  let start = 0;
  for (const [number, line] of lines.entries()) {
    start += line.length + 1;
    if (offset < start) return number;
  }
  return lines.length;
}

/** The lines with those of the guess, up to `end`, further in or out. */
function move(lines: readonly string[], { line, indent, wanted }: Guess, end: number): string[] {
  return lines.map((text, number) => {
    if (number < line || number > end) return text;
    const spaces = /^ */.exec(text)?.[0].length ?? 0;
    return text.trim() === ''
      ? text
      : `${' '.repeat(Math.max(0, spaces + wanted - indent))}${text.slice(spaces)}`;
  });
}

/** A collection that is open: where its keys or dashes begin. */
interface Open {
  readonly column: number;
  readonly isList: boolean;
  /** Where the collection around it begins; null for the outermost. */
  readonly parent: number | null;
  /** Its first line, and how many keys or dashes of it have been seen. */
  readonly first: Line;
  count: number;
}

/** What may be wrong with the first line that fits nothing, the likelier first. */
function listGuesses(texts: readonly string[]): readonly Guess[] {
  const lines = readLines(texts);
  const open: Open[] = [];
  for (const [index, line] of lines.entries()) {
    const before = [...open];
    const isBelow = lines[index - 1]?.opens === true;
    let closed = open.at(-1);
    let isLost = closed !== undefined && line.indent > closed.column && !isBelow;
    while (!isLost && !isFitting(open.at(-1), line)) {
      closed = open.pop();
      isLost = (open.at(-1)?.column ?? -1) < line.indent;
    }
    const last = open.at(-1);
    const isSame = last?.column === line.indent;
    // A dash at the column of a key belongs to that key, and only right after it.
    isLost ||= isSame && line.isEntry && !last.isList && !isBelow;
    if (isLost && closed !== undefined) return guessesFor(lines, index, before, closed);
    if (isSame) last.count += 1;
    for (const [depth, column] of line.columns.entries()) {
      if (depth === 0 && isSame && last.isList === line.isEntry) continue;
      const isList = line.isEntry && (depth < line.columns.length - 1 || !line.hasKey);
      open.push({ column, isList, parent: open.at(-1)?.column ?? null, first: line, count: 1 });
    }
  }
  return [];
}

/** Whether a line is one more of an open collection, or begins one inside of it. */
function isFitting(open: Open | undefined, line: Line): boolean {
  if (open === undefined || open.column < line.indent) return true;
  return open.column === line.indent && (line.isEntry || !open.isList);
}

/** The line before, where those around it agree; the first line of a collection; or the line itself. */
function guessesFor(
  lines: readonly Line[],
  index: number,
  open: readonly Open[],
  nearest: Open,
): readonly Guess[] {
  const line = lines[index] as Line;
  const step = usualStep(lines);
  const guesses: Guess[] = [];
  const [earlier, previous] = [lines[index - 2], lines[index - 1]];
  if (earlier !== undefined && previous !== undefined && previous.indent < line.indent) {
    const isBetween = earlier.indent === line.indent || (earlier.opens && previous.indent <= earlier.indent);
    const column = previous.columns.at(-1) ?? previous.indent;
    if (isBetween) guesses.push(guessOf(lines, index - 1, previous.indent + line.indent - column));
  }
  const { first, count, parent, column } = nearest;
  const usual = parent === null ? 0 : parent + step;
  if (count === 1 && column !== usual)
    guesses.push(guessOf(lines, lines.indexOf(first), first.indent + usual - column));
  const columns = open.filter(({ isList }) => isList === line.isEntry).map((one) => one.column);
  if (previous?.opens === true) columns.push((previous.columns.at(-1) ?? 0) + step);
  const sorted = columns.toSorted(
    (left, right) => Math.abs(left - line.indent) - Math.abs(right - line.indent) || right - left,
  );
  guesses.push(
    ...sorted
      .slice(0, MAX_GUESSES)
      .map((wanted) => ({ ...guessOf(lines, index, wanted), cost: Math.abs(wanted - line.indent) })),
  );
  if (count === 1) guesses.push(guessOf(lines, lines.indexOf(first), first.indent + line.indent - column));
  return guesses.filter(({ indent, wanted }) => wanted >= 0 && wanted !== indent);
}

function guessOf(lines: readonly Line[], index: number, wanted: number): Guess {
  const line = lines[index] as Line;
  const next = lines.slice(index + 1).findIndex(({ indent }) => indent <= line.indent);
  const end = next === -1 ? lines.at(-1) : lines[index + next];
  return { line: line.number, indent: line.indent, wanted, cost: 0, end: end?.number ?? line.number };
}

/** By how much most collections are deeper than the key they belong to. */
function usualStep(lines: readonly Line[]): number {
  const counts = new Map<number, number>();
  for (const [index, line] of lines.entries()) {
    const step = line.indent - (lines[index - 1]?.indent ?? 0);
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((left, right) => right[1] - left[1] || left[0] - right[0]);
  return best?.[0] ?? 2;
}
