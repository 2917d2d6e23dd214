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

/** What stands in an object or a list of the text, and is gone when a member of the same name follows. */
interface Placed {
  /** null: the whole text. */
  readonly parent: Frame | null;
  /** Where the name begins in the text that it has in its parent, or its index there. */
  readonly place: number;
  isReplaced: boolean;
}

/** An object or a list of the text. */
interface Frame extends Placed {
  readonly isList: boolean;
  /** Elements so far. */
  count: number;
  /** Of the member that is being read: where its name begins. */
  name: number;
  /** Its members that lead to numbers, by name. */
  kept?: Map<string, Placed>;
  /** What it was parsed to; undefined: not looked up yet. */
  node?: Record<string, JsonValue>;
}

interface Found extends Placed {
  readonly parent: Frame;
  readonly source: string;
}

/** Digits that every number may have: fewer than 2^53 has. */
const EXACT_DIGITS = 15;
const INTEGER = /^-?\d+$/;
const NUMBER = /[-+.0-9eE]+/y;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** `whole` holds the value under ''. Of members with the same name the last one counts, as it does in `whole`. */
export function listExactPlaces(text: string, whole: Record<'', JsonValue>): readonly ExactPlace[] {
  const found: Found[] = [];
  const top: Frame = {
    parent: null,
    place: 0,
    isReplaced: false,
    isList: true,
    count: 0,
    name: 0,
    node: whole,
  };
  let frame = top;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const start = at;
      at = endOfString(text, at);
      // A text is a name where a colon follows, a value elsewhere: the last one before a value is its name.
      if (frame.isList || !isName(text, at)) continue;
      frame.name = start;
      if (frame.kept !== undefined) replace(frame.kept, readName(text, start));
    } else if (code === 0x7b || code === 0x5b) {
      const isList = code === 0x5b;
      frame = { parent: frame, place: placeIn(frame), isReplaced: false, isList, count: 0, name: 0 };
    } else if (code === 0x7d || code === 0x5d) {
      frame = frame.parent as Frame;
    } else if (code === 0x2c) {
      if (frame.isList) frame.count += 1;
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      NUMBER.lastIndex = at;
      const source = NUMBER.exec(text)?.[0] ?? '';
      if (isChanged(source)) {
        const number: Found = { parent: frame, place: placeIn(frame), isReplaced: false, source };
        found.push(number);
        keep(number, text);
      }
      at += source.length - 1;
    }
  }
  return found
    .filter((number) => !isGone(number))
    .map((number) => ({
      holder: nodeOf(number.parent, text),
      key: keyOf(number, text),
      source: number.source,
    }));
}

function placeIn({ isList, count, name }: Frame): number {
  return isList ? count : name;
}

/** Notes by their names what leads to a number: these names are looked for in what follows, and no others. */
function keep(placed: Placed, text: string): void {
  const { parent } = placed;
  if (parent === null) return;
  if (!parent.isList) {
    parent.kept ??= new Map();
    const key = keyOf(placed, text);
    if (parent.kept.get(key) === placed) return;
    parent.kept.set(key, placed);
  }
  keep(parent, text);
}

function replace(kept: Map<string, Placed>, name: string): void {
  const before = kept.get(name);
  if (before === undefined) return;
  before.isReplaced = true;
  kept.delete(name);
}

function isGone({ isReplaced, parent }: Placed): boolean {
  return isReplaced || (parent !== null && isGone(parent));
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

/** What a frame was parsed to. */
function nodeOf(frame: Frame, text: string): Record<string, JsonValue> {
  frame.node ??= nodeOf(frame.parent as Frame, text)[keyOf(frame, text)] as Record<string, JsonValue>;
  return frame.node;
}

function keyOf({ parent, place }: Placed, text: string): string {
  if (parent === null || parent.parent === null) return '';
  return parent.isList ? String(place) : readName(text, place);
}

/** The name that begins at this quote. */
function readName(text: string, start: number): string {
  const name = text.slice(start + 1, endOfString(text, start));
  return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
}
