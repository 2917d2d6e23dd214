/**
 * Makes a place in a YAML file say something else. In: the text, a JSON pointer (no key of which is escaped), and the value
 * wanted there. Out: the text in which only what differs is written anew, every other byte as it was, or why it has to be
 * done by hand. As in edit-yaml.ts nothing is trusted: what comes out is parsed again and must say what was meant.
 */
import { isDeepStrictEqual } from 'node:util';
import { SourceFile } from '../diagnostics/source.ts';
import { isJsonObject, type JsonValue } from '../stages/json/json-value.ts';
import { pointerTo } from '../stages/problem.ts';
import type { YamlEdit } from './edit-yaml.ts';
import { type ParsedDocument, parseYaml } from './parse.ts';
import { writeFlow } from './write-flow.ts';

/** Most places that are written anew for one value. */
const MAX_EDITS = 200;

export function rewriteYaml(text: string, pointer: string, wanted: JsonValue): YamlEdit {
  const steps = pointer.split('/').slice(1);
  const before = parse(text);
  const expected = before && replaceAt(before.value, steps, wanted);
  let current = text;
  for (let edits = 0; edits < MAX_EDITS; edits += 1) {
    const document = parse(current);
    if (document === null || expected === null) break;
    if (isDeepStrictEqual(document.value, expected)) return { ok: true, text: current };
    const edit = firstDifference(valueAt(document.value, steps), wanted, pointer);
    const edited = edit === null ? null : applyEdit(current, document, edit);
    if (edited === null || edited === current) break;
    current = edited;
  }
  return { ok: false, message: 'it is written in a way that is not edited here; change it by hand' };
}

function parse(text: string): ParsedDocument | null {
  const { document, diagnostics } = parseYaml(new SourceFile('', text));
  return diagnostics.length === 0 ? document : null;
}

interface Edit {
  readonly pointer: string;
  /** undefined: the key goes. */
  readonly value: JsonValue | undefined;
}

/** The smallest place to begin with: keys that go, then values that differ. Keys that are new make a value new. */
function firstDifference(current: JsonValue | undefined, wanted: JsonValue, pointer: string): Edit | null {
  if (isJsonObject(current) && isJsonObject(wanted)) {
    const keys = Object.keys(current);
    const kept = keys.filter((key) => Object.hasOwn(wanted, key));
    if (kept.length > 0 && kept.length === Object.keys(wanted).length) {
      const gone = keys.find((key) => !Object.hasOwn(wanted, key));
      if (gone !== undefined) return { pointer: pointerTo(pointer, gone), value: undefined };
      const key = kept.find((one) => !isDeepStrictEqual(current[one], wanted[one]));
      return key === undefined
        ? null
        : firstDifference(current[key], wanted[key] as JsonValue, pointerTo(pointer, key));
    }
  }
  if (Array.isArray(current) && Array.isArray(wanted) && current.length === wanted.length) {
    const index = current.findIndex((one, at) => !isDeepStrictEqual(one, wanted[at]));
    return index === -1
      ? null
      : firstDifference(current[index], wanted[index] as JsonValue, pointerTo(pointer, index));
  }
  return { pointer, value: wanted };
}

/** null: not here. */
function applyEdit(text: string, document: ParsedDocument, { pointer, value }: Edit): string | null {
  return value === undefined
    ? removeKey(text, document, pointer)
    : replaceValue(text, document, pointer, value);
}

function replaceValue(
  text: string,
  document: ParsedDocument,
  pointer: string,
  value: JsonValue,
): string | null {
  const [start, end] = placeOf(text, document, pointer);
  const written = text.slice(start, end);
  if (hasComment(written)) return null;
  const isBlockList = written.startsWith('- ') && Array.isArray(value) && value.length > 0;
  if (!isBlockList) {
    // A value that stood below its key moves up to it.
    const key = document.spanOf(pointer, 'key');
    const afterKey = key.offset + key.length;
    const isBelow = /^[ \t]*:[ \t]*\r?\n\s*$/.test(text.slice(afterKey, start));
    const head = isBelow ? `${text.slice(0, afterKey)}: ` : text.slice(0, start);
    return `${head}${writeFlow(value, written)}${text.slice(end)}`;
  }
  const indent = ' '.repeat(start - text.lastIndexOf('\n', start) - 1);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const entries = (value as readonly JsonValue[]).map((one) => `- ${writeFlow(one, written.slice(2))}`);
  return `${text.slice(0, start)}${entries.join(`${newline}${indent}`)}${text.slice(end)}`;
}

function removeKey(text: string, document: ParsedDocument, pointer: string): string | null {
  const { offset: start } = document.spanOf(pointer, 'key');
  const [, end] = placeOf(text, document, pointer);
  const parent = document.spanOf(pointer.slice(0, pointer.lastIndexOf('/')));
  if (text[parent.offset] === '{') {
    const after = /^[ \t]*,\s*/.exec(text.slice(end))?.[0];
    if (after !== undefined) return `${text.slice(0, start)}${text.slice(end + after.length)}`;
    return `${text.slice(0, start).replace(/,\s*$/, '')}${text.slice(end)}`;
  }
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0];
  const isAlone = /^ *$/.test(text.slice(lineStart, start)) && rest !== undefined;
  if (!isAlone || hasComment(text.slice(start, end))) return null;
  return `${text.slice(0, lineStart)}${text.slice(end + rest.length)}`;
}

/** From and up to. Block text and collections end where their last line does. */
function placeOf(text: string, document: ParsedDocument, pointer: string): readonly [number, number] {
  const { offset, length } = document.spanOf(pointer);
  return [offset, offset + text.slice(offset, offset + length).trimEnd().length];
}

/** A comment belongs to its author. Only what runs over several lines can hold one. */
function hasComment(written: string): boolean {
  return written.includes('\n') && /(?:^|\s)#/.test(written);
}

function valueAt(value: JsonValue, steps: readonly string[]): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const step of steps) {
    if (Array.isArray(current)) current = current[Number(step)];
    else current = isJsonObject(current) ? current[step] : undefined;
  }
  return current;
}

function replaceAt(value: JsonValue, [step, ...rest]: readonly string[], wanted: JsonValue): JsonValue {
  if (step === undefined) return wanted;
  if (Array.isArray(value))
    return value.map((one, index) => (index === Number(step) ? replaceAt(one, rest, wanted) : one));
  if (!isJsonObject(value)) return value;
  return { ...value, [step]: replaceAt(value[step] as JsonValue, rest, wanted) };
}
