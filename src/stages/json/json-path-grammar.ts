/**
 * The grammar of the JSONPath subset that connectors may use: the text of a path in, its segments with their places out.
 * Pure syntax: what a segment may be used for is decided in json-path.ts. Never evaluates anything.
 */

/** `offset` and `length` say where the segment stands in the path's text, in UTF-16 units. */
export type Segment = { readonly offset: number; readonly length: number } & (
  | { readonly kind: 'name'; readonly name: string }
  /** Negative: counted from the end of the list. */
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'wildcard' }
  /** `end` is exclusive; negative positions count from the end of the list. */
  | { readonly kind: 'slice'; readonly start?: number; readonly end?: number; readonly step?: number }
  /** Either names or indexes. */
  | { readonly kind: 'union'; readonly members: readonly string[] | readonly number[] }
  /** `..`: the next segment applies to the value and to everything inside it. */
  | { readonly kind: 'descent' }
);

export interface GrammarError {
  readonly code: 'path-invalid' | 'path-filter-refused';
  /** What is wrong, to follow the quoted path. */
  readonly reason: string;
  readonly offset: number;
  readonly length: number;
}

/** Names that need no quotes: letters, digits, _ $ and -. */
const BARE_NAME = /[\p{L}\p{M}\p{N}_$-]+/uy;
/** Seven digits: no body within the size limit has longer lists. Below zero: counted from the end. */
const INDEX = /(?:0|-?[1-9]\d{0,6})(?!\d)/y;
const SLICE = /(-?\d{1,7})?[ ]*:[ ]*(-?\d{1,7})?(?:[ ]*:[ ]*(\d{1,7})?)?(?=[ ]*\])/y;
const BLANKS = / */y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 9535 forbids them inside quotes.
const QUOTED = /'((?:[^'\\\x00-\x1f]|\\.)*)'|"((?:[^"\\\x00-\x1f]|\\.)*)"/uy;
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|(.))/gu;
const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const LITERAL_ESCAPES = '\'"\\/';

type Step = Segment | GrammarError;

/** Splits a path into segments, or says what is wrong and where. Never throws. */
export function parseSegments(text: string): readonly Segment[] | GrammarError {
  if (!text.startsWith('$')) return invalid('does not start with $', 0, text.length);
  const segments: Segment[] = [];
  let position = 1;
  while (position < text.length) {
    const step = parseSegment(text, position);
    if ('code' in step) return step;
    segments.push(step);
    position = step.offset + step.length;
    // What follows ".." may stand without a dot of its own.
    if (step.kind === 'descent' && text[position] !== '[') {
      const selector = parseDotted(text, position, position);
      if ('code' in selector) return selector;
      segments.push(selector);
      position = selector.offset + selector.length;
    }
  }
  return segments;
}

/**
 * Reads a text in single or double quotes at a position; null when none stands there. `length` includes the quotes;
 * `text` is null when it has an escape other than those of JSON and \'.
 */
export function readQuoted(
  text: string,
  position: number,
): { readonly text: string | null; readonly length: number } | null {
  const quoted = match(QUOTED, text, position);
  if (quoted === null) return null;
  return { text: decodeEscapes(quoted[1] ?? (quoted[2] as string)), length: quoted[0].length };
}

/** True for a name that needs neither quotes nor brackets. */
export function isBareName(name: string): boolean {
  return name !== '' && match(BARE_NAME, name, 0)?.[0] === name;
}

/** Writes a member's name as it stands in a path: `.name`, or `['na me']` where it needs quotes. */
export function formatName(name: string): string {
  if (isBareName(name)) return `.${name}`;
  const escaped = JSON.stringify(name).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `['${escaped}']`;
}

function parseSegment(text: string, offset: number): Step {
  const first = text[offset];
  if (first === '[') return parseBracket(text, offset);
  if (first !== '.') return unexpected(text, offset);
  if (text[offset + 1] === '.') return { kind: 'descent', offset, length: 2 };
  return parseDotted(text, offset, offset + 1);
}

function parseDotted(text: string, offset: number, start: number): Step {
  if (text[start] === '*') return { kind: 'wildcard', offset, length: start + 1 - offset };
  const name = match(BARE_NAME, text, start)?.[0];
  if (name === undefined) return unexpected(text, start);
  return { kind: 'name', name, offset, length: start + name.length - offset };
}

function parseBracket(text: string, offset: number): Step {
  const start = skipBlanks(text, offset + 1);
  const first = text[start];
  if (first === '?' || first === '(') return unexpected(text, start);
  if (first === '*') return close(text, start + 1, offset, { kind: 'wildcard' });
  const slice = match(SLICE, text, start);
  if (slice !== null) {
    const step = toNumber(slice[3]);
    if (step === 0)
      return invalid('has a slice with step 0, which selects nothing', offset, slice[0].length + 2);
    const bounds = { ...optional('start', toNumber(slice[1])), ...optional('end', toNumber(slice[2])) };
    return close(text, start + slice[0].length, offset, {
      kind: 'slice',
      ...bounds,
      ...optional('step', step),
    });
  }
  return parseMembers(text, offset, start);
}

function parseMembers(text: string, offset: number, start: number): Step {
  const members: (string | number)[] = [];
  let position = start;
  for (;;) {
    const found = parseMember(text, position);
    if ('code' in found) return found;
    members.push(found.member);
    position = skipBlanks(text, found.end);
    if (text[position] !== ',') break;
    position = skipBlanks(text, position + 1);
  }
  const [member] = members;
  if (members.length > 1) {
    const length = position - offset + 1;
    if (members.every((one) => typeof one === 'string') || members.every((one) => typeof one === 'number')) {
      // Repeated members would multiply the results with every further union.
      if (new Set<string | number>(members).size < members.length)
        return invalid('names a member twice', offset, length);
      return close(text, position, offset, { kind: 'union', members: members as string[] | number[] });
    }
    return invalid('mixes names and indexes in one pair of brackets', offset, length);
  }
  if (typeof member === 'string') return close(text, position, offset, { kind: 'name', name: member });
  return close(text, position, offset, { kind: 'index', index: member as number });
}

function parseMember(
  text: string,
  position: number,
): { member: string | number; end: number } | GrammarError {
  const index = match(INDEX, text, position)?.[0];
  if (index !== undefined) return { member: Number(index), end: position + index.length };
  const quoted = readQuoted(text, position);
  if (quoted === null) return unexpected(text, position);
  if (quoted.text === null) return invalid('has an escape that is not known', position, quoted.length);
  return { member: quoted.text, end: position + quoted.length };
}

type Unplaced = Segment extends infer One
  ? One extends Segment
    ? Omit<One, 'offset' | 'length'>
    : never
  : never;

function close(text: string, position: number, offset: number, segment: Unplaced): Step {
  const end = skipBlanks(text, position);
  if (text[end] !== ']') return unexpected(text, end);
  return { ...segment, offset, length: end + 1 - offset } as Segment;
}

function decodeEscapes(raw: string): string | null {
  let known = true;
  const name = raw.replace(ESCAPE, (_, code: string | undefined, character: string | undefined) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (character !== undefined && LITERAL_ESCAPES.includes(character)) return character;
    const control = Object.hasOwn(ESCAPED, character ?? '') ? ESCAPED[character as string] : undefined;
    known &&= control !== undefined;
    return control ?? '';
  });
  return known ? name : null;
}

function unexpected(text: string, offset: number): GrammarError {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0x20);
  if (offset >= text.length) return invalid('ends too early', Math.max(0, text.length - 1), 1);
  if (character === '?' || character === '(') {
    // Where the filter begins, without the bracket.
    const list = text.slice(0, offset).replace(/\[$/, '');
    const reason = `has a filter or a script expression; choose elements with the word where: { path: ${JSON.stringify(`${list}[*]`)}, where: { path: $.name, equals: x }, get: $.value, pick: first }, or use a script mapping`;
    return { code: 'path-filter-refused', reason, offset, length: text.length - offset };
  }
  if (character === '^' || character === '~') {
    return invalid(`has the operator ${character}; paths only lead downwards, to values`, offset, 1);
  }
  const meant = adviseSyntax(text, offset);
  if (meant !== null) return invalid(meant, offset, character.length);
  const advice = "names with other characters than letters, digits, _ $ - stand in brackets, as in ['a b']";
  return invalid(`has an unexpected ${JSON.stringify(character)}; ${advice}`, offset, character.length);
}

/** What people write who come from a language with expressions. */
function adviseSyntax(text: string, offset: number): string | null {
  const rest = text.slice(offset);
  const before = text.slice(0, offset);
  if (/^\s*(?:\|\||\?\?|\bor\b)/.test(rest))
    return 'has an operator; the first that resolves is a list of paths: path: [$.first, $.second]';
  if (/^\s*[?]?\s*[+\-*/%<>=&!|:]/.test(rest))
    return 'has an operator; there is no arithmetic in paths: look at the words point, plus, sum, bands and map, or write a script mapping';
  if (before === '$' && /^[\p{L}_]/u.test(rest)) {
    const name = rest.replace(/^json\.(?:body\.)?/, '');
    return `has no point behind the $; a path begins with $. as in ${JSON.stringify(`$.${name}`)}`;
  }
  const open = text.lastIndexOf("['");
  if (open >= 0 && !text.includes("']", open))
    return 'has a quote that is not closed; where a name has # in it YAML takes the rest for a comment: put the whole path in double quotes, as in "$[\'Order #\']"';
  return null;
}

function invalid(reason: string, offset: number, length: number): GrammarError {
  return { code: 'path-invalid', reason, offset, length };
}

function match(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}

function skipBlanks(text: string, position: number): number {
  return position + (match(BLANKS, text, position)?.[0].length ?? 0);
}

function toNumber(digits: string | undefined): number | undefined {
  return digits === undefined || digits === '' ? undefined : Number(digits);
}

function optional<Key extends string>(key: Key, value: number | undefined): { [key in Key]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [key in Key]?: number });
}
