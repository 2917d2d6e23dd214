/**
 * One place in a file as people read it: the line with its number, and marks under what is meant. In: source and span.
 * Out: lines of text without colours or controls. Never prints a range that it was told to mask.
 */
import type { Span } from './diagnostic.ts';
import { escapeControls } from './printable.ts';
import type { SourceFile } from './source.ts';

export interface Range {
  readonly offset: number;
  readonly length: number;
}

export interface CodeFrame {
  /** `14 | text`, with the gutter lines around it. */
  readonly lines: readonly string[];
  /** Index in `lines` of the line with the marks. */
  readonly marks: number;
}

/** Widest cut of a source line that is shown, in terminal columns: samples may be minified. */
const MAX_WIDTH = 120;
/** How much of a cut line is shown before the marked place. */
const CONTEXT_BEFORE = 40;
/** How much of a long line is looked at on either side, in UTF-16 units: a file may be one line with a thousand problems. */
const REACH = 1000;

/** `masked` are ranges of the same file that hold secrets. */
export function renderCodeFrame(source: SourceFile, span: Span, masked: readonly Range[] = []): CodeFrame {
  const start = source.lineStart(span.line);
  const line = source.lineText(span.line);
  const from = span.offset - start;
  const to = Math.max(from + 1, from + span.length);
  const [first, last] = reachAround(line, from);
  const cells = renderCells(line.slice(first, last), first, start, masked);
  const before = cells.filter((cell) => cell.index < from);
  const marked = cells.filter((cell) => cell.index >= from && cell.index < to);
  const after = cells.filter((cell) => cell.index >= to);

  // A line that fits is shown whole, a longer one around the marked place.
  const isWhole = first === 0 && last === line.length;
  const room = isWhole && width(cells) <= MAX_WIDTH ? MAX_WIDTH : CONTEXT_BEFORE;
  const shownBefore = takeWidth(before.toReversed(), room).toReversed();
  const shownMarked = takeWidth(marked, MAX_WIDTH - width(shownBefore));
  const shownAfter =
    shownMarked.length < marked.length
      ? []
      : takeWidth(after, MAX_WIDTH - width(shownBefore) - width(shownMarked));
  const head = first > 0 || shownBefore.length < before.length ? '…' : '';
  const cutAfter =
    last < line.length || shownMarked.length + shownAfter.length < marked.length + after.length;

  const number = String(span.line);
  const gutter = ' '.repeat(number.length);
  const text = [...shownBefore, ...shownMarked, ...shownAfter].map((cell) => cell.text).join('');
  const indent = ' '.repeat(head.length + width(shownBefore));
  const marks = `^${'~'.repeat(Math.max(0, width(shownMarked) - 1))}`;
  return {
    lines: [
      `${gutter} |`,
      `${number} | ${head}${text}${cutAfter ? '…' : ''}`.trimEnd(),
      `${gutter} | ${indent}${marks}`,
    ],
    marks: 2,
  };
}

/** The piece of the line that is looked at, from and up to; never cuts a character in two. */
function reachAround(line: string, from: number): readonly [number, number] {
  const isInside = (at: number): boolean => (line.codePointAt(at - 1) ?? 0) > 0xffff;
  const first = Math.max(0, from - REACH);
  const last = Math.min(line.length, from + REACH);
  return [first > 0 && isInside(first) ? first - 1 : first, last > 0 && isInside(last) ? last + 1 : last];
}

/** A character of the line as it is shown. */
interface Cell {
  /** Position in the line, in UTF-16 units. */
  readonly index: number;
  readonly text: string;
  readonly width: number;
}

/** `first` is the position in the line at which the piece begins. */
function renderCells(piece: string, first: number, lineOffset: number, masked: readonly Range[]): Cell[] {
  const cells: Cell[] = [];
  let index = first;
  for (const character of piece) {
    const offset = lineOffset + index;
    const hidden = masked.some((range) => offset >= range.offset && offset < range.offset + range.length);
    const isPlain = character >= ' ' && character <= '~';
    const text = hidden ? '*' : isPlain ? character : character === '\t' ? '  ' : escapeControls(character);
    cells.push({ index, text, width: text === character ? characterWidth(character) : text.length });
    index += character.length;
  }
  return cells;
}

function width(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

function takeWidth(cells: readonly Cell[], limit: number): readonly Cell[] {
  let total = 0;
  const end = cells.findIndex((cell) => {
    total += cell.width;
    return total > limit;
  });
  return end === -1 ? cells : cells.slice(0, end);
}

const ZERO_WIDTH = /^[\p{M}\p{Cf}]$/u;
// The blocks that terminals show two columns wide (Unicode TR11), coarsely: East Asian scripts and emoji.
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

function characterWidth(character: string): number {
  if (character < '\u0300') return 1;
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}
