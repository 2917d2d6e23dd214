/**
 * Places in a JSON text: where its syntax breaks, where a key stands twice, and where a key or value stands. In: text and a JSON pointer. Out:
 * offsets in UTF-16 units. Only for messages: the values themselves come from the parser that requests go through.
 */

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
  let tree: JsonNode | JsonProblem | undefined;
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

function listDuplicates(node: JsonNode): readonly DuplicateKey[] {
  const seen = new Map<string, JsonPlace>();
  return node.members.flatMap(({ name, key, value }) => {
    const first = seen.get(name);
    if (key !== null && first === undefined) seen.set(name, key);
    const own = key === null || first === undefined ? [] : [{ name, first, ...key }];
    return [...own, ...listDuplicates(value)];
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

function findPlace(tree: JsonNode, pointer: string, part: 'key' | 'value'): JsonPlace {
  let node = tree;
  let key: JsonPlace | null = null;
  for (const name of stepsOfPointer(pointer)) {
    // Of members with the same name the last one counts.
    const child = node.members.findLast((member) => member.name === name);
    if (child === undefined) break;
    key = child.key;
    node = child.value;
  }
  return part === 'key' && key !== null ? key : { offset: node.offset, length: node.length };
}

interface JsonNode extends JsonPlace {
  /** Members of an object, or elements of a list under their index. */
  readonly members: readonly {
    readonly name: string;
    readonly key: JsonPlace | null;
    readonly value: JsonNode;
  }[];
}

function readTree(text: string): JsonNode | JsonProblem {
  const reader = new JsonReader(text);
  try {
    return reader.readDocument();
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.problem;
    throw error;
  }
}

/** Leaves the recursion; never leaves this file. */
class JsonSyntaxError extends Error {
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

const BLANKS = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const WORD = /true|false|null/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 8259 forbids them inside strings.
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
/** What a broken value looks like, for the message: up to the next separator. */
const SCRAP = /[^\s,:[\]{}]{1,20}|[^\s]/y;

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): JsonNode {
    const value = this.#readValue(0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#fail('stands after the end of the JSON value; remove it');
    return value;
  }

  #readValue(depth: number): JsonNode {
    this.#skipBlanks();
    const offset = this.#at;
    const character = this.#text[offset];
    if (character === '{' || character === '[') {
      if (depth === MAX_NESTING) this.#fail(`nests deeper than ${MAX_NESTING} levels`);
      const members = character === '{' ? this.#readMembers(depth + 1) : this.#readElements(depth + 1);
      return { offset, length: this.#at - offset, members };
    }
    if (!this.#take(STRING) && !this.#take(NUMBER) && !this.#take(WORD)) this.#failAtValue();
    return { offset, length: this.#at - offset, members: [] };
  }

  #readMembers(depth: number): JsonNode['members'] {
    const members: { name: string; key: JsonPlace; value: JsonNode }[] = [];
    this.#at += 1;
    if (this.#takeSign('}')) return members;
    do {
      this.#skipBlanks();
      const offset = this.#at;
      if (!this.#take(STRING)) {
        const isTrailing = this.#text[offset] === '}' && members.length > 0;
        this.#fail(
          isTrailing ? 'follows a comma; remove the comma' : 'is no key; keys stand in double quotes',
        );
      }
      const key = { offset, length: this.#at - offset };
      if (!this.#takeSign(':')) this.#fail('stands where a colon belongs');
      const name = JSON.parse(this.#text.slice(offset, offset + key.length)) as string;
      members.push({ name, key, value: this.#readValue(depth) });
    } while (this.#takeSign(','));
    if (!this.#takeSign('}')) this.#fail('stands where a comma or } belongs');
    return members;
  }

  #readElements(depth: number): JsonNode['members'] {
    const members: { name: string; key: null; value: JsonNode }[] = [];
    this.#at += 1;
    if (this.#takeSign(']')) return members;
    do {
      this.#skipBlanks();
      if (this.#text[this.#at] === ']') this.#fail('follows a comma; remove the comma');
      members.push({ name: String(members.length), key: null, value: this.#readValue(depth) });
    } while (this.#takeSign(','));
    if (!this.#takeSign(']')) this.#fail('stands where a comma or ] belongs');
    return members;
  }

  #failAtValue(): never {
    const rest = this.#text.slice(this.#at, this.#at + 2);
    if (rest === '//' || rest === '/*') this.#fail('is a comment, which JSON does not have; remove it');
    if (rest.startsWith('"'))
      this.#fail('begins a text that does not end on its line, or has an unknown escape');
    this.#fail('is not a JSON value; text stands in double quotes');
  }

  #fail(fact: string): never {
    this.#skipBlanks();
    const offset = this.#at;
    if (offset >= this.#text.length) {
      throw new JsonSyntaxError({
        offset: Math.max(0, offset - 1),
        length: 1,
        message: 'the JSON text ends too early',
      });
    }
    const scrap = SCRAP;
    scrap.lastIndex = offset;
    const found = scrap.exec(this.#text)?.[0] ?? this.#text.charAt(offset);
    throw new JsonSyntaxError({ offset, length: found.length, message: `${quote(found)} ${fact}` });
  }

  #takeSign(sign: string): boolean {
    this.#skipBlanks();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #skipBlanks(): void {
    this.#take(BLANKS);
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return false;
    this.#at += found[0].length;
    return true;
  }
}
