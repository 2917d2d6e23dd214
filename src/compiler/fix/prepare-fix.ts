/**
 * The edits that a remedy comes to. In: where a problem stands in a YAML file, and the remedy. Out: a fix, or null where
 * the text is written in a way that is not edited here. Changes one place and leaves everything around it as it is.
 */
import type { Edit, Fix, Span } from '../../diagnostics/diagnostic.ts';
import { quote } from '../../diagnostics/printable.ts';
import type { SourceFile } from '../../diagnostics/source.ts';
import type { Problem } from '../../stages/problem.ts';
import type { ParsedDocument } from '../parse.ts';

type Remedied = Pick<Problem, 'pointer' | 'within' | 'remedy'>;

export function prepareFix(
  { pointer, within, remedy }: Remedied,
  part: 'key' | 'value',
  document: ParsedDocument,
  source: SourceFile,
): Fix | null {
  if (remedy === undefined) return null;
  const span = document.spanOf(pointer, part);
  if (remedy.kind === 'remove') return removeEntry(pointer, document, source);
  const written = textOf(source, span);
  if (remedy.kind === 'quote') {
    if (!/^[\w.+-]+$/.test(written)) return null;
    return { title: `write ${quote(written)} in quotes`, edits: [{ span, newText: `"${written}"` }] };
  }
  if (remedy.kind === 'default') return addDefault(span, written);
  const style = styleOf(written);
  if (style === null || written.includes('\n')) return null;
  if (within === undefined) return replaceWhole(span, written, style, remedy.by);
  const place = document.spanWithin(pointer, within.offset, within.length);
  // Where escapes make the place uncertain, it is that of the whole text.
  const isCertain = place.length === within.length && !written.includes('\\');
  return isCertain && fits(remedy.by, style)
    ? replace(place, textOf(source, place), remedy.by, remedy.by)
    : null;
}

/** A path that stands alone, as an expression with a default. Between braces some signs need quotes. */
function addDefault(span: Span, written: string): Fix | null {
  const style = styleOf(written);
  if (style === null || written.includes('\n')) return null;
  const path = style === 'plain' && /[[\]{},#]/.test(written) ? JSON.stringify(written) : written;
  return { title: `give ${written} a default`, edits: [{ span, newText: `{ path: ${path}, default: "" }` }] };
}

function textOf(source: SourceFile, { offset, length }: Span): string {
  return source.text.slice(offset, offset + length);
}

type Style = 'plain' | 'single' | 'double';

/** How a text is written; null for block texts, whose lines are indented. */
function styleOf(written: string): Style | null {
  if (/^[|>]/.test(written)) return null;
  return written.startsWith('"') ? 'double' : written.startsWith("'") ? 'single' : 'plain';
}

/** What means itself however a text is written. */
const PLAIN = /^[A-Za-z0-9_$][A-Za-z0-9_.$/-]*$/;

function replaceWhole(span: Span, written: string, style: Style, meant: string): Fix | null {
  const mark = style === 'plain' ? '' : written.charAt(0);
  const old = written.slice(mark.length, written.length - mark.length);
  if (fits(meant, style)) return replace(span, old, meant, `${mark}${meant}${mark}`);
  // JSON's strings are YAML's.
  return style === 'plain' ? replace(span, old, meant, JSON.stringify(meant)) : null;
}

function fits(meant: string, style: Style): boolean {
  if (PLAIN.test(meant)) return true;
  if (/\p{C}/u.test(meant)) return false;
  return (style === 'single' && !meant.includes("'")) || (style === 'double' && !/["\\]/.test(meant));
}

function replace(span: Span, old: string, meant: string, newText: string): Fix {
  return { title: `write ${quote(meant)} instead of ${quote(old)}`, edits: [{ span, newText }] };
}

function removeEntry(pointer: string, document: ParsedDocument, source: SourceFile): Fix | null {
  const value = document.spanOf(pointer);
  const key = document.spanOf(pointer, 'key');
  const start = Math.min(key.offset, value.offset);
  const end = Math.max(key.offset + key.length, value.offset + value.length);
  const parent = document.spanOf(pointer.slice(0, pointer.lastIndexOf('/')));
  const isFlow = /[[{]/.test(source.text.charAt(parent.offset));
  const range = isFlow ? rangeInFlow(source.text, start, end) : rangeInBlock(source.text, start, end);
  const entry = source.text.slice(start, end).trim();
  // A remark that goes with the entry is for people to move.
  if (range === null || entry === '' || source.text.slice(...range).includes('#')) return null;
  const edit: Edit = { span: source.span(range[0], range[1] - range[0]), newText: '' };
  return { title: `remove ${quote(entry)}`, edits: [edit] };
}

/** The entry with one of the commas beside it, or with its whole line. */
function rangeInFlow(text: string, start: number, end: number): [number, number] | null {
  const before = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  const isFirstOnLine = start === before || text[start - before - 1] === '\n';
  const after = /^[ \t]*(,?)[ \t]*(\r?\n)?/.exec(text.slice(end));
  const [taken = '', comma, lineBreak] = after ?? [];
  if (text[end + taken.length] === '#') return null;
  if (isFirstOnLine && lineBreak !== undefined) return [start - before, end + taken.length];
  if (comma === ',' && lineBreak === undefined) return [start, end + taken.length];
  const previous = /,[ \t]*$/.exec(text.slice(0, start));
  return previous === null ? null : [previous.index, end];
}

/** The whole lines of the entry; null where something else stands on them. */
function rangeInBlock(text: string, start: number, end: number): [number, number] | null {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (!/^[ \t]*(?:-[ \t]+)?$/.test(text.slice(lineStart, start))) return null;
  const isDone = text[end - 1] === '\n';
  const rest = isDone ? '' : /^[^\n]*(?:\n|$)/.exec(text.slice(end))?.[0];
  if (rest === undefined || rest.trim() !== '') return null;
  return [lineStart, end + rest.length];
}
