/**
 * Numbers of a JSON text that JSON.parse changes: a valid text and what it was parsed to in, each such number with its
 * digits and the place that holds it out. Looks at the text alone, so that what else the value has costs nothing.
 */
import type { JsonValue } from './json-value.ts';

export interface ExactPlace {
  /** The object or list that the number is in. */
  readonly holder: Record<string, JsonValue>;
  readonly key: string;
  /** As sent. */
  readonly source: string;
}

/** An object or a list of the text. */
interface Frame {
  readonly parent: Frame | null;
  /** Where the name begins in the text that it has in its parent, or its index there. */
  readonly place: number;
  readonly isList: boolean;
  /** Members or elements so far. */
  count: number;
  /** Of the member that is being read: where its name begins. */
  name: number;
  /** What it was parsed to; undefined: not looked up yet. */
  node?: Record<string, JsonValue> | null;
}

/** Digits that every number may have: fewer than 2^53 has. */
const EXACT_DIGITS = 15;
const INTEGER = /^-?\d+$/;
const NUMBER = /[-+.0-9eE]+/y;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** `whole` holds the value under ''. null where an object has two members of one name: then the text does not say which places are left. */
export function listExactPlaces(text: string, whole: Record<'', JsonValue>): readonly ExactPlace[] | null {
  const found: { frame: Frame; place: number; source: string }[] = [];
  const top: Frame = { parent: null, place: 0, isList: true, count: 0, name: 0, node: whole };
  let frame = top;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const start = at;
      at = endOfString(text, at);
      // A text is a name where a colon follows, a value elsewhere: the last one before a value is its name.
      frame.name = frame.isList ? 0 : isName(text, at) ? start : frame.name;
    } else if (code === 0x7b || code === 0x5b) {
      const place = frame.isList ? frame.count : frame.name;
      frame = { parent: frame, place, isList: code === 0x5b, count: 0, name: 0 };
    } else if (code === 0x7d || code === 0x5d) {
      frame = frame.parent as Frame;
    } else if (code === 0x3a) {
      frame.count += 1;
    } else if (code === 0x2c) {
      if (frame.isList) frame.count += 1;
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      NUMBER.lastIndex = at;
      const source = NUMBER.exec(text)?.[0] ?? '';
      if (isChanged(source)) found.push({ frame, place: frame.isList ? frame.count : frame.name, source });
      at += source.length - 1;
    }
  }
  const places: ExactPlace[] = [];
  for (const { frame, place, source } of found) {
    const holder = nodeOf(frame, text);
    if (holder === null) return null;
    places.push({ holder, key: keyAt(frame, place, text), source });
  }
  return places;
}

function isChanged(source: string): boolean {
  if (source.length <= EXACT_DIGITS && INTEGER.test(source)) return false;
  const number = Number(source);
  return INTEGER.test(source) ? !Number.isSafeInteger(number) : String(number) !== source;
}

/** The index of the quote that ends it. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === 0x3a;
}

/** What a frame was parsed to; null where a name stands twice, in it or above it. */
function nodeOf(frame: Frame, text: string): Record<string, JsonValue> | null {
  if (frame.node !== undefined) return frame.node;
  frame.node = null;
  const above = frame.parent === null ? null : nodeOf(frame.parent, text);
  const node = above?.[keyAt(frame.parent as Frame, frame.place, text)];
  if (typeof node !== 'object' || node === null) return null;
  if (!frame.isList && Object.keys(node).length !== frame.count) return null;
  frame.node = node as Record<string, JsonValue>;
  return frame.node;
}

function keyAt({ parent, isList }: Frame, place: number, text: string): string {
  if (parent === null) return '';
  return isList ? String(place) : (JSON.parse(text.slice(place, endOfString(text, place) + 1)) as string);
}
