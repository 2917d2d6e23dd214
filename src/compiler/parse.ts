/**
 * YAML text to plain JSON values with the place of every key and value. In: a source file. Out: the value and every
 * problem of the text in one run. With refuse-features.ts the only file that knows the yaml package. Takes the part of YAML that means the same
 * to everybody: no anchors, aliases, tags, merge keys, directives or second documents, and never resolves any of them.
 */

import {
  Composer,
  type CST,
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Parser,
  type Range,
  type YAMLParseError,
} from 'yaml';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/printable.ts';
import type { SourceFile } from '../diagnostics/source.ts';
import { noteDigits } from '../stages/json/exact-number.ts';
import type { JsonValue } from '../stages/json/json-value.ts';
import { stepsOfPointer } from '../stages/problem.ts';
import { explainYaml, findConflict } from './explain-yaml.ts';
import { refuseFeatures } from './refuse-features.ts';

export interface ParsedDocument {
  readonly value: JsonValue;
  /** The place of what a JSON pointer names; of its nearest parent where the file does not have it. */
  spanOf(pointer: string, part?: 'key' | 'value'): Span;
  /** The place of a piece of a string's value (offset and length in UTF-16 units of the value). */
  spanWithin(pointer: string, offset: number, length: number): Span;
}

export interface ParseResult {
  /** null: the text cannot be read as one value. */
  readonly document: ParsedDocument | null;
  readonly diagnostics: readonly Diagnostic[];
}

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
/** Names through which JavaScript objects are attacked; no provider uses them as keys. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

export function parseYaml(source: SourceFile): ParseResult {
  const tokens = [...new Parser().parse(source.text)];
  const refusals = refuseFeatures(tokens, source);
  if (refusals.some((diagnostic) => diagnostic.code === 'yaml-too-deep')) {
    return { document: null, diagnostics: refusals };
  }
  const { document, errors } = compose(tokens, source.text.length);
  if (errors.length > 0 || refusals.length > 0) {
    const conflict = findConflict(source);
    if (conflict !== null) return { document: null, diagnostics: [conflict] };
  }
  const broken = explainYaml(source, errors, findFirstError);
  // Further errors on a line are most often consequences of its first.
  const causes = broken.filter(({ span }, index) => broken[index - 1]?.span.line !== span.line);
  // A path such as $.items[*] without quotes also looks like an alias.
  const isConsequence = ({ span }: Diagnostic): boolean =>
    causes.some((cause) => cause.span.line === span.line && cause.span.column < span.column);
  const diagnostics = [...refusals.filter((refusal) => !isConsequence(refusal)), ...causes];
  if (diagnostics.length > 0) return { document: null, diagnostics };
  const root = (document?.contents ?? null) as Node | null;
  const braces = findBraces(root, source);
  if (braces.length > 0) return { document: null, diagnostics: braces };
  const value = readNode(root, source, diagnostics);
  return { document: new NodeDocument(value, root, source), diagnostics };
}

/** The first document of the tokens, and what is wrong with it. */
function compose(
  tokens: readonly CST.Token[],
  length: number,
): { document?: Document; errors: YAMLParseError[] } {
  // Keys are compared by readMap, where both places are known.
  const composer = new Composer({ version: '1.2', schema: 'core', uniqueKeys: false, logLevel: 'silent' });
  const [document] = [...composer.compose(tokens, true, length)];
  const errors = (document?.errors ?? []).filter((error) => !REFUSED_ALREADY.has(error.code));
  return { ...(document && { document }), errors };
}

function findFirstError(text: string): number | null {
  const { errors } = compose([...new Parser().parse(text)], text.length);
  return errors.length === 0 ? null : Math.min(...errors.map(({ pos: [start] }) => start));
}

/** What the walk over the tokens reports with better words. */
const REFUSED_ALREADY: ReadonlySet<string> = new Set([
  'ALIAS_PROPS',
  'BAD_ALIAS',
  'BAD_DIRECTIVE',
  'BAD_PROP_ORDER',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_DOCS',
  'MULTIPLE_TAGS',
  'TAG_RESOLVE_FAILED',
]);

/** The value of a node; reports keys that cannot stand in a JSON object, and values that JSON does not have. */
function readNode(node: Node | null, source: SourceFile, diagnostics: Diagnostic[]): JsonValue {
  if (isMap<Node, Node | null>(node)) return readMap(node.items, source, diagnostics);
  if (isSeq<Node>(node)) {
    const list = node.items.map((item) => readNode(item, source, diagnostics));
    for (const [index, item] of node.items.entries()) noteNumber(list, String(index), item);
    return list;
  }
  if (!isScalar(node)) return null;
  const { value } = node;
  if (typeof value !== 'number') return value as JsonValue;
  // Integers past 2^53 keep their digits, as in requests.
  if (!Number.isSafeInteger(value) && /^[-+]?[0-9]+$/.test(node.source ?? ''))
    return BigInt(node.source as string);
  if (!Number.isFinite(value)) {
    const message = `${quote(node.source)} is not a number that JSON has; put it in quotes if it is text`;
    diagnostics.push(diagnose('value-invalid', message, spanOfNode(node, source)));
    return null;
  }
  return value;
}

function readMap(
  items: readonly Pair<Node, Node | null>[],
  source: SourceFile,
  diagnostics: Diagnostic[],
): { readonly [key: string]: JsonValue } {
  const value: Record<string, JsonValue> = {};
  for (const pair of items) {
    const key = keyText(pair);
    const span = spanOfNode(pair.key, source);
    if (key === undefined) {
      diagnostics.push(diagnose('yaml-feature-refused', 'a list or map as a key: keys are text', span));
    } else if (FORBIDDEN_KEYS.has(key)) {
      diagnostics.push(
        diagnose('key-forbidden', `the key ${quote(key)} is not allowed in these files`, span),
      );
    } else if (Object.hasOwn(value, key)) {
      const first = items.find((item) => keyText(item) === key);
      const note = { message: `${quote(key)} stands here first`, span: spanOfNode(first?.key, source) };
      diagnostics.push(
        diagnose('key-duplicate', `the key ${quote(key)} stands twice; remove one`, span, [note]),
      );
    } else {
      value[key] = readNode(pair.value, source, diagnostics);
      noteNumber(value, key, pair.value);
    }
  }
  return value;
}

/** Samples and cases stand in these files too: 49.90 is an amount with two digits. */
function noteNumber(holder: object, key: string, node: Node | null): void {
  if (!isScalar(node) || typeof node.value !== 'number') return;
  const { source = '' } = node;
  if (source !== String(node.value) && JSON_NUMBER.test(source)) noteDigits(holder, key, source);
}

/** Templates without quotes: to YAML `{{ $.name }}` is a map with a map as its key. */
function findBraces(root: Node | null, source: SourceFile): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const visit = (node: Node | null): void => {
    if (isSeq<Node>(node)) for (const item of node.items) visit(item);
    if (!isMap<Node, Node | null>(node)) return;
    const [first] = node.items;
    const span = spanOfNode(node, source);
    const written = source.text.slice(span.offset, span.offset + span.length).trimEnd();
    if (first !== undefined && isMap(first.key) && /^\{\{.*\}\}$/.test(written)) {
      const message = `to YAML ${written} is a map, as braces without quotes are; write ${JSON.stringify(written)}, as in { template: ${JSON.stringify(written)} }`;
      found.push(diagnose('yaml-feature-refused', message, span));
    } else for (const { value } of node.items) visit(value);
  };
  visit(root);
  return found;
}

/** A key as text, as JSON would have it; undefined for a list or map. */
function keyText({ key }: Pair<Node, Node | null>): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}

function spanOfNode(node: Node | null | undefined, source: SourceFile): Span {
  const [start, end] = (node?.range ?? [0, 0, 0]) as Range;
  return source.span(start, end - start);
}

class NodeDocument implements ParsedDocument {
  readonly value: JsonValue;
  readonly #root: Node | null;
  readonly #source: SourceFile;

  constructor(value: JsonValue, root: Node | null, source: SourceFile) {
    this.value = value;
    this.#root = root;
    this.#source = source;
  }

  spanOf(pointer: string, part: 'key' | 'value' = 'value'): Span {
    const { key, value } = this.#find(pointer);
    const isEmpty = value === null || value.range?.[0] === value.range?.[1];
    return spanOfNode(key !== null && (part === 'key' || isEmpty) ? key : value, this.#source);
  }

  spanWithin(pointer: string, offset: number, length: number): Span {
    const { value: node } = this.#find(pointer);
    const whole = spanOfNode(node, this.#source);
    if (!isScalar(node) || typeof node.value !== 'string') return whole;
    const raw = this.#source.text.slice(whole.offset, whole.offset + whole.length);
    const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
    const piece = node.value.slice(offset, offset + length);
    // Where the text stands as it is, offsets carry over; else (escapes, folded lines) a piece is found if it is unique.
    const written = raw.slice(quoted, raw.length - quoted) === node.value;
    const at = written ? quoted + offset : raw.indexOf(piece);
    const isCertain = written || (piece.length > 0 && at !== -1 && raw.indexOf(piece, at + 1) === -1);
    return isCertain ? this.#source.span(whole.offset + at, Math.max(1, length)) : whole;
  }

  /** The key and value that a pointer names, or those of its nearest parent in the file. */
  #find(pointer: string): { key: Node | null; value: Node | null } {
    let key: Node | null = null;
    let value = this.#root;
    for (const name of stepsOfPointer(pointer)) {
      if (isMap<Node, Node | null>(value)) {
        const pair = value.items.find((item) => keyText(item) === name);
        if (pair === undefined) break;
        key = pair.key;
        value = pair.value;
      } else if (isSeq<Node>(value) && value.items[Number(name)] !== undefined) {
        key = null;
        value = value.items[Number(name)] as Node;
      } else break;
    }
    return { key, value };
  }
}
