/**
 * Puts one value into a YAML text, or takes one out, by the places that the parser gives. In: the text, its document and
 * a JSON pointer. Out: the new text, or null where it is written in a way that is not edited here. Whoever calls it
 * parses the result again and compares: a place that was judged wrongly is found out.
 */
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';
import type { ParsedDocument } from '../parse.ts';
import { keysBefore } from './key-order.ts';
import { writeFlow, writeMember } from './write-value.ts';

export interface Place {
  readonly text: string;
  readonly document: ParsedDocument;
}

/** The value that `pointer` names becomes another one. */
export function replaceValue({ text, document }: Place, pointer: string, value: JsonValue): string | null {
  const [start, end] = placeOf({ text, document }, pointer);
  const key = document.spanOf(pointer, 'key');
  const afterKey = key.offset + key.length;
  const name = pointer.slice(pointer.lastIndexOf('/') + 1);
  // A key without a value.
  if (pointer !== '' && start === key.offset && end === afterKey) {
    const colon = /^[ \t]*:/.exec(text.slice(afterKey))?.[0];
    if (colon !== undefined) {
      const written = writeMember(name, value, key.column - 1, newlineOf(text));
      const withoutKey = written.slice(writeFlow(name).length + 1);
      return splice(text, afterKey, afterKey + colon.length, `:${withoutKey}`);
    }
  }
  const written = text.slice(start, end);
  if (hasComment(written)) return null;
  if (!(written.startsWith('- ') && Array.isArray(value) && value.length > 0)) {
    // A value that stood below its key moves up to it.
    const isBelow = /^[ \t]*:[ \t]*\r?\n\s*$/.test(text.slice(afterKey, start));
    const head = isBelow ? `${text.slice(0, afterKey)}: ` : text.slice(0, start);
    return `${head}${writeFlow(value, written)}${text.slice(end)}`;
  }
  const indent = ' '.repeat(columnOf(text, start));
  const entries = value.map((one) => `- ${writeFlow(one, written.slice(2))}`);
  return splice(text, start, end, entries.join(`${newlineOf(text)}${indent}`));
}

/** The map that `parent` names gets one more key, where people expect it. */
export function insertMember(
  place: Place,
  parent: string,
  siblings: readonly string[],
  key: string,
  value: JsonValue,
): string | null {
  const { text, document } = place;
  if (siblings.length === 0) return replaceValue(place, parent, { [key]: value });
  const [start] = placeOf(place, parent);
  const first = document.spanOf(pointerTo(parent, siblings[0] as string), 'key');
  if (text[start] === '{') {
    const last = pointerTo(parent, siblings.at(-1) as string);
    const keySpan = document.spanOf(last, 'key');
    return insertInFlow(
      text,
      endOf(place, last),
      keySpan.offset,
      writeFlow({ [key]: value }, text.slice(start))
        .slice(1, -1)
        .trim(),
    );
  }
  const indent = first.column - 1;
  const member = writeMember(key, value, indent, newlineOf(text));
  const known = keysBefore(parent, key);
  const before = known === null ? siblings : siblings.filter((one) => known.includes(one));
  const after = before.at(-1);
  if (after !== undefined) {
    return insertLine(text, endOf(place, pointerTo(parent, after)), `${' '.repeat(indent)}${member}`, indent);
  }
  return splice(text, first.offset, first.offset, `${member}${newlineOf(text)}${' '.repeat(indent)}`);
}

/** The list that `list` names gets one more entry before the one at `index`, or at its end. */
export function insertElement(
  place: Place,
  list: string,
  length: number,
  index: number,
  value: JsonValue,
): string | null {
  const { text, document } = place;
  const [start] = placeOf(place, list);
  const isFlow = text[start] === '[';
  if (length === 0) return isFlow ? splice(text, start + 1, start + 1, writeFlow(value)) : null;
  const neighbour = document.spanOf(pointerTo(list, Math.min(index, length - 1)));
  const written = writeFlow(value, text.slice(neighbour.offset));
  const column = columnOf(text, neighbour.offset);
  const head = text.slice(neighbour.offset - column, neighbour.offset);
  if (isFlow) {
    if (index >= length)
      return insertInFlow(text, endOf(place, pointerTo(list, length - 1)), neighbour.offset, written);
    return splice(text, neighbour.offset, neighbour.offset, `${written}, `);
  }
  // Entries stand as the others do: as far from the margin, and as far from the dash.
  const dash = /^ *- */.exec(head)?.[0];
  if (dash === undefined) return null;
  if (index < length)
    return splice(
      text,
      neighbour.offset - column,
      neighbour.offset - column,
      `${dash}${written}${newlineOf(text)}`,
    );
  return insertLine(text, endOf(place, pointerTo(list, length - 1)), `${dash}${written}`, dash.indexOf('-'));
}

/** Takes out what `pointer` names, with its key. `withComment`: also the comment that ends its line. */
export function removeEntry(place: Place, pointer: string, withComment: boolean): string | null {
  const { text, document } = place;
  const [valueStart, end] = placeOf(place, pointer);
  const start = Math.min(document.spanOf(pointer, 'key').offset, valueStart);
  const [parent] = placeOf(place, pointer.slice(0, pointer.lastIndexOf('/')));
  if (/[[{]/.test(text[parent] ?? '')) {
    const after = /^[ \t]*,\s*/.exec(text.slice(end))?.[0];
    if (after !== undefined) return splice(text, start, end + after.length, '');
    return `${text.slice(0, start).replace(/,\s*$/, '')}${text.slice(end)}`;
  }
  if (!withComment && hasComment(text.slice(start, end))) return null;
  const rest = (withComment ? /^[ \t]*(?:#[^\r\n]*)?(?:\r?\n|$)/ : /^[ \t]*(?:\r?\n|$)/).exec(
    text.slice(end),
  )?.[0];
  if (rest === undefined) return null;
  const lineStart = start - columnOf(text, start);
  const head = text.slice(lineStart, start);
  if (/^ *$/.test(head)) return splice(text, lineStart, end + rest.length, '');
  // The first key of a list's entry shares its line with the dash, and an entry with its own.
  const isKey = document.spanOf(pointer, 'key').offset === start && valueStart !== start;
  if (!/^ *(?:- +)+$/.test(head)) return null;
  if (!isKey) return splice(text, lineStart, end + rest.length, '');
  const next = /^ */.exec(text.slice(end + rest.length))?.[0].length ?? 0;
  return next === head.length ? splice(text, start, end + rest.length + next, '') : null;
}

/** From and up to. Block text and collections end where their last line does. */
function placeOf({ text, document }: Place, pointer: string): readonly [number, number] {
  const { offset, length } = document.spanOf(pointer);
  return [offset, offset + text.slice(offset, offset + length).trimEnd().length];
}

function endOf(place: Place, pointer: string): number {
  return placeOf(place, pointer)[1];
}

/** An element on a line of its own gets another such line; its comment stays with it. */
function insertInFlow(text: string, end: number, start: number, written: string): string {
  const before = text.slice(start - columnOf(text, start), start);
  const rest = /^([ \t]*,)?[ \t]*(?:#[^\r\n]*)?\r?\n/.exec(text.slice(end));
  if (!/^[ \t]*$/.test(before) || rest === null) return splice(text, end, end, `, ${written}`);
  const hasComma = rest[1] !== undefined;
  const at = end + rest[0].length;
  const withLine = splice(text, at, at, `${before}${written}${hasComma ? ',' : ''}${newlineOf(text)}`);
  return hasComma ? withLine : splice(withLine, end, end, ',');
}

/** A line after the one that ends what comes before it, and after remarks that are indented deeper. */
function insertLine(text: string, position: number, line: string, indent: number): string {
  const newline = newlineOf(text);
  let end = text.indexOf('\n', position);
  if (end === -1) return `${text}${newline}${line}${newline}`;
  for (;;) {
    const remark = /^( *)#[^\n]*(?:\n|$)/.exec(text.slice(end + 1));
    if (remark === null || (remark[1] ?? '').length <= indent) break;
    end += remark[0].length;
  }
  if (end >= text.length) return `${text}${newline}${line}${newline}`;
  return splice(text, end + 1, end + 1, `${line}${newline}`);
}

/** A comment belongs to its author. Only what runs over several lines can hold one. */
function hasComment(written: string): boolean {
  return written.includes('\n') && /(?:^|\s)#/.test(written);
}

function columnOf(text: string, offset: number): number {
  return offset - text.lastIndexOf('\n', offset - 1) - 1;
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function splice(text: string, from: number, to: number, inserted: string): string {
  return `${text.slice(0, from)}${inserted}${text.slice(to)}`;
}

export function isEmpty(value: JsonValue | undefined): boolean {
  return (
    (Array.isArray(value) && value.length === 0) || (isJsonObject(value) && Object.keys(value).length === 0)
  );
}
