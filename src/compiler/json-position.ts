/**
 * Places in a JSON text: where its syntax breaks, where a key stands twice, and where a key or value stands. In: text and a JSON pointer. Out:
 * offsets in UTF-16 units. Only for messages: the values themselves come from the parser that requests go through.
 */

import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { quote } from '../diagnostics/printable.ts';
import { MAX_NESTING } from '../stages/json/json-text.ts';
import type { JsonValue } from '../stages/json/json-value.ts';
import { stepsOfPointer } from '../stages/problem.ts';

export interface JsonPlace {
  readonly offset: number;
  readonly length: number;
}

export interface JsonProblem extends JsonPlace {
  readonly message: string;
}

/** The first place where the text is not strict JSON (RFC 8259), or null. */
export function findJsonProblem(text: string): JsonProblem | null {
  const tree = readTree(text);
  return 'message' in tree ? tree : null;
}

export type LocateInJson = (pointer: string, part?: 'key' | 'value') => JsonPlace;

/**
 * The function that gives the place of what a pointer names, of its nearest parent, or of the text's start where it is
 * not JSON. Reads the text once, when first asked: a large sample may have hundreds of problems.
 */
export function locateInJson(text: string): LocateInJson {
  let tree: Node | JsonProblem | undefined;
  return (pointer, part = 'value') => {
    tree ??= readTree(text);
    return 'message' in tree ? { offset: 0, length: 0 } : findPlace(tree, pointer, part);
  };
}

/** A member whose name another member of its object has: the place of its key, and of the first one. */
export interface DuplicateKey extends JsonPlace {
  readonly name: string;
  readonly first: JsonPlace;
}

/** Reads the text where it has more members than the value that was parsed from it. In the order of the text. */
export function findDuplicateKeys(text: string, value: JsonValue): readonly DuplicateKey[] {
  if (countColons(text) === countMembers(value)) return [];
  const tree = readTree(text);
  return 'message' in tree ? [] : listDuplicates(tree);
}

function listDuplicates(node: Node): readonly DuplicateKey[] {
  const seen = new Map<string, JsonPlace>();
  return (node.children ?? []).flatMap((child) => {
    if (child.type !== 'property') return listDuplicates(child);
    const { key, value } = memberOf(child);
    const name = key.value as string;
    const first = seen.get(name);
    if (first === undefined) seen.set(name, placeOf(key));
    return [...(first === undefined ? [] : [{ name, first, ...placeOf(key) }]), ...listDuplicates(value)];
  });
}

function countMembers(value: JsonValue): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const member of Object.values(value)) count += countMembers(member as JsonValue);
  return count;
}

/** Outside of texts: one for each member. */
function countColons(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === COLON) count += 1;
    else if (character === QUOTE)
      for (index += 1; text.charCodeAt(index) !== QUOTE && index < text.length; index += 1)
        if (text.charCodeAt(index) === BACKSLASH) index += 1;
  }
  return count;
}

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

function findPlace(tree: Node, pointer: string, part: 'key' | 'value'): JsonPlace {
  let node = tree;
  let key: Node | null = null;
  for (const name of stepsOfPointer(pointer)) {
    // Of members with the same name the last one counts.
    const child: Node | undefined = (node.children ?? []).findLast((one, index) =>
      one.type === 'property' ? memberOf(one).key.value === name : String(index) === name,
    );
    if (child === undefined) break;
    const isMember: boolean = child.type === 'property';
    key = isMember ? memberOf(child).key : null;
    node = isMember ? memberOf(child).value : child;
  }
  return placeOf(part === 'key' && key !== null ? key : node);
}

/** A property of a tree without errors has both. */
function memberOf(property: Node): { readonly key: Node; readonly value: Node } {
  const [key, value] = property.children as [Node, Node];
  return { key, value };
}

function placeOf({ offset, length }: Node): JsonPlace {
  return { offset, length };
}

function readTree(text: string): Node | JsonProblem {
  const tooDeep = walkOpen(text, text.length).tooDeep;
  if (tooDeep !== undefined) return problemAt(text, tooDeep, `nests deeper than ${MAX_NESTING} levels`);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const [error] = errors;
  if (error === undefined && tree !== undefined) return tree;
  const offset = error?.offset ?? 0;
  const name = error === undefined ? '' : printParseErrorCode(error.error);
  return problemAt(text, offset, factAbout(text, offset, name));
}

/** Brackets that are open before an offset, outermost first. `tooDeep`: where nesting passes the limit, as the parser calls itself for each level. */
function walkOpen(text: string, end: number): { readonly open: readonly string[]; tooDeep?: number } {
  const open: string[] = [];
  const scanner = createScanner(text, true);
  for (scanner.scan(); scanner.getTokenOffset() < end; scanner.scan()) {
    const token = text.charAt(scanner.getTokenOffset());
    if (token === '{' || token === '[') open.push(token);
    if (token === '}' || token === ']') open.pop();
    if (open.length > MAX_NESTING) return { open, tooDeep: scanner.getTokenOffset() };
  }
  return { open };
}

const BROKEN_TEXT = 'begins a text that does not end on its line, or has an unknown escape';
const COMMENT = 'is a comment, which JSON does not have; remove it';

/** By the parser's names of what is wrong; other names say no more than the place does. */
const FACTS: { readonly [name: string]: string } = {
  InvalidCommentToken: COMMENT,
  UnexpectedEndOfComment: COMMENT,
  UnexpectedEndOfString: BROKEN_TEXT,
  InvalidEscapeCharacter: BROKEN_TEXT,
  InvalidUnicode: BROKEN_TEXT,
  InvalidCharacter: BROKEN_TEXT,
  ColonExpected: 'stands where a colon belongs',
};

function factAbout(text: string, offset: number, name: string): string {
  const before = text.slice(0, offset).trimEnd();
  const inner = walkOpen(text, offset).open.at(-1);
  if (inner === undefined && before !== '') return 'stands after the end of the JSON value; remove it';
  if (/[}\]]/.test(text.charAt(offset)) && before.endsWith(',')) return 'follows a comma; remove the comma';
  if (name === 'CommaExpected') return `stands where a comma or ${inner === '{' ? '}' : ']'} belongs`;
  if (FACTS[name] !== undefined) return FACTS[name];
  // A bare word is a broken symbol to the parser, wherever it stands.
  if (!/(?:^|[{[,:])$/.test(before))
    return `stands where a ${inner === '{' ? 'colon, a comma or }' : 'comma or ]'} belongs`;
  return inner === '{' && !before.endsWith(':')
    ? 'is no key; keys stand in double quotes'
    : 'is not a JSON value; text stands in double quotes';
}

/** What a broken value looks like, for the message: up to the next separator. */
const SCRAP = /[^\s,:[\]{}]{1,20}|[^\s]/y;

function problemAt(text: string, offset: number, fact: string): JsonProblem {
  if (text.slice(offset).trim() === '')
    return { offset: Math.max(0, text.length - 1), length: 1, message: 'the JSON text ends too early' };
  SCRAP.lastIndex = offset;
  const found = SCRAP.exec(text)?.[0] ?? text.charAt(offset);
  return { offset, length: found.length, message: `${quote(found)} ${fact}` };
}
