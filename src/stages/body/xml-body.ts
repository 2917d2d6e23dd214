/**
 * An XML body in, plain JSON out: an element is a member by its local name, attributes are `@name`, text beside them
 * `#text`, every value a text. What is repeated, or what `lists` names, is a list. A DOCTYPE is refused, so that there are
 * no entities but the five of XML itself; nothing is ever fetched or expanded.
 */
import { isUtf8 } from 'node:buffer';
import { createRequire } from 'node:module';
import type { SaxesParser, SaxesTagNS } from 'saxes';
import { MAX_NESTING, type ParsedBody } from '../json/json-text.ts';
import type { JsonObject, JsonValue } from '../json/json-value.ts';

/** Most elements and attributes of one document: each is an object or a member, whatever the bytes it took. */
export const MAX_XML_NODES = 20_000;

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

interface Element {
  readonly name: string;
  /** Local names from the root, joined by slashes: what `lists` names. */
  readonly path: string;
  readonly members: Map<string, JsonValue>;
  text: string;
  isNil: boolean;
}

/** Why parsing ended early; thrown through the parser, which has no other way to be stopped. */
class Refusal extends Error {}

/** Parses a document. Names are only data: an element named __proto__ is an own property like any other. */
export function parseXmlBody(body: Buffer, lists: ReadonlySet<string> = new Set()): ParsedBody<JsonObject> {
  if (body.length === 0) return malformed('the body is empty');
  if (!isUtf8(body)) return malformed('the body is not valid UTF-8');
  try {
    return { ok: true, value: readDocument(body.toString('utf8'), lists) };
  } catch (error) {
    if (error instanceof Refusal) return malformed(error.message);
    throw error;
  }
}

function readDocument(text: string, lists: ReadonlySet<string>): JsonObject {
  const parser = createParser();
  const root = open('', '');
  const stack: Element[] = [root];
  let nodes = 0;
  const top = (): Element => stack.at(-1) ?? root;
  const refuse = (detail: string): never => {
    throw new Refusal(detail);
  };
  // The message would quote the body.
  parser.on('error', () =>
    refuse(`the body is not well-formed XML (line ${parser.line}, column ${parser.column})`),
  );
  parser.on('doctype', () => refuse('the body has a DOCTYPE, which is not taken'));
  parser.on('opentag', (tag) => {
    nodes += 1 + Object.keys(tag.attributes).length;
    if (nodes > MAX_XML_NODES) refuse(`the body has more than ${MAX_XML_NODES} elements and attributes`);
    if (stack.length > MAX_NESTING) refuse(`the body nests deeper than ${MAX_NESTING} levels`);
    const parent = top();
    const element = open(tag.local, parent === root ? tag.local : `${parent.path}/${tag.local}`);
    readAttributes(element, tag);
    stack.push(element);
  });
  const addText = (chunk: string): void => {
    top().text += chunk;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = stack.pop() ?? root;
    append(top().members, element, lists);
  });
  parser.write(text).close();
  return Object.fromEntries(root.members);
}

/** Loaded with the first document: few connectors take XML. */
function createParser(): SaxesParser<{ xmlns: true }> {
  load ??= createRequire(import.meta.url)('saxes') as { readonly SaxesParser: typeof SaxesParser };
  return new load.SaxesParser({ xmlns: true });
}
let load: { readonly SaxesParser: typeof SaxesParser } | undefined;

function open(name: string, path: string): Element {
  return { name, path, members: new Map(), text: '', isNil: false };
}

/** Declarations of namespaces are about the notation, not about the event. */
function readAttributes(element: Element, { attributes }: SaxesTagNS): void {
  for (const { prefix, name, local, uri, value } of Object.values(attributes)) {
    if (prefix === 'xmlns' || name === 'xmlns') continue;
    if (uri === XSI && local === 'nil') element.isNil = value === 'true' || value === '1';
    else element.members.set(`@${local}`, value);
  }
}

function append(members: Map<string, JsonValue>, element: Element, lists: ReadonlySet<string>): void {
  const value = readValue(element);
  const present = members.get(element.name);
  if (Array.isArray(present)) present.push(value);
  else if (present !== undefined) members.set(element.name, [present, value]);
  else members.set(element.name, lists.has(element.path) ? [value] : value);
}

/** White space between elements is layout. */
function readValue({ members, text, isNil }: Element): JsonValue {
  if (members.size === 0) return isNil && text === '' ? null : text;
  const beside = text.trim();
  if (beside !== '') members.set('#text', beside);
  return Object.fromEntries(members);
}

function malformed(detail: string): ParsedBody<JsonObject> {
  return { ok: false, code: 'body-malformed', detail };
}
