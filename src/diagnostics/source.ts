/**
 * A text file that diagnostics point into. In: its display path and text. Out: places as line and column.
 * Never reads anything itself.
 */
import type { Span } from './diagnostic.ts';

export class SourceFile {
  /** Path as people see it: relative to where the command runs, with forward slashes. */
  readonly path: string;
  readonly text: string;
  #lineStarts: readonly number[] | undefined;
  #hasPairs: boolean | undefined;
  #last = { offset: 0, column: 1 };

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  /** The place of `length` UTF-16 units at `offset`; both are cut to what the text has. */
  span(offset: number, length: number): Span {
    const start = Math.max(0, Math.min(offset, this.text.length));
    const end = Math.max(start, Math.min(start + length, this.text.length));
    const line = this.#lineAt(start);
    const column = this.#columnOf(this.lineStart(line), start);
    const shownEnd = this.#trimEnd(start, end);
    const endLine = this.#lineAt(shownEnd);
    const endColumn = this.#columnOf(this.lineStart(endLine), shownEnd);
    return { file: this.path, line, column, endLine, endColumn, offset: start, length: end - start };
  }

  /** Lists and block texts of YAML end where the next line begins. */
  #trimEnd(start: number, end: number): number {
    let trimmed = end;
    while (trimmed > start && (this.text[trimmed - 1] === '\n' || this.text[trimmed - 1] === '\r'))
      trimmed -= 1;
    return trimmed;
  }

  /** Text of a line (1-based) without its line break; empty for a line that the file does not have. */
  lineText(line: number): string {
    const start = this.#starts()[line - 1];
    if (start === undefined) return '';
    const next = this.#starts()[line];
    const text = this.text.slice(start, next === undefined ? this.text.length : next - 1);
    return text.endsWith('\r') && next !== undefined ? text.slice(0, -1) : text;
  }

  /** Offset of the first character of a line (1-based). */
  lineStart(line: number): number {
    return this.#starts()[line - 1] ?? this.text.length;
  }

  /** Counts on from the last place asked for, as a file may be one line with a thousand problems. */
  #columnOf(lineStart: number, offset: number): number {
    this.#hasPairs ??= /[\ud800-\udbff]/.test(this.text);
    if (!this.#hasPairs) return offset - lineStart + 1;
    const isOn = this.#last.offset >= lineStart && this.#last.offset <= offset;
    const from = isOn ? this.#last : { offset: lineStart, column: 1 };
    const column = from.column + countCharacters(this.text, from.offset, offset);
    // Not from inside a pair: its other half would be counted again.
    if (!isLowSurrogate(this.text.charCodeAt(offset))) this.#last = { offset, column };
    return column;
  }

  #lineAt(offset: number): number {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  // On first use: most files have no problem to point at.
  #starts(): readonly number[] {
    if (this.#lineStarts !== undefined) return this.#lineStarts;
    const starts = [0];
    for (let at = this.text.indexOf('\n'); at !== -1; at = this.text.indexOf('\n', at + 1))
      starts.push(at + 1);
    this.#lineStarts = starts;
    return starts;
  }
}

/** A surrogate pair is one character to whoever counts columns in an editor's status line or in SARIF. */
function countCharacters(text: string, start: number, end: number): number {
  let count = 0;
  for (let index = start; index < end; index += 1) {
    const pair = isHighSurrogate(text.charCodeAt(index)) && isLowSurrogate(text.charCodeAt(index + 1));
    if (pair && index + 1 < end) index += 1;
    count += 1;
  }
  return count;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
