/**
 * What somebody pastes as an example request: JSON, a form's fields, or a curl command. In: the text. Out: headers and
 * body, or what it is not. Nothing of it is run or fetched.
 */
import { parseFormBody } from '../../stages/body/form-body.ts';
import { parseJsonBody } from '../../stages/json/json-text.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import { readSample } from '../../stages/sample.ts';

export type Pasted =
  | {
      readonly ok: true;
      readonly kind: 'json' | 'form' | 'curl';
      readonly body: JsonValue;
      /** Names in lower case. */
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  /** The fact in lower case, then what to do. */
  | { readonly ok: false; readonly message: string };

export function readPasted(text: string): Pasted {
  const trimmed = text.trim();
  if (trimmed === '') return { ok: false, message: 'nothing is pasted: JSON, form fields or a curl command' };
  if (/^\$?\s*curl\s/.test(trimmed)) return readCurl(trimmed.replace(/^\$\s*/, ''));
  return readBody(trimmed, [], null);
}

function readBody(
  text: string,
  headers: readonly (readonly [string, string])[],
  kind: 'curl' | null,
): Pasted {
  const json = parseJsonBody(Buffer.from(text));
  if (json.ok) {
    const sample = readSample('', json.value);
    return {
      ok: true,
      kind: kind ?? 'json',
      body: sample.body,
      headers: [...headers, ...sample.headers.entries()],
    };
  }
  const looksLikeForm = /^[^\s{}[\]"=&]+=[^\s]*$/.test(text);
  const form = looksLikeForm ? parseFormBody(Buffer.from(text)) : null;
  if (form?.ok) return { ok: true, kind: kind ?? 'form', body: form.value, headers };
  return { ok: false, message: `${json.detail}; paste JSON, form fields (a=1&b=2) or a curl command` };
}

/** Options that have a body, and whether `@` names a file that is not here. */
const BODY_OPTIONS: Readonly<Record<string, boolean>> = {
  '-d': true,
  '--data': true,
  '--data-ascii': true,
  '--data-binary': true,
  '--data-raw': false,
  '--json': true,
};
/** Options with a value that says nothing about the request's body or headers. */
const WITH_VALUE = new Set([
  '-X',
  '--request',
  '-o',
  '--output',
  '-u',
  '--user',
  '-A',
  '--user-agent',
  '-m',
  '--max-time',
  '--url',
  '-b',
  '--cookie',
  '-e',
  '--referer',
  '--connect-timeout',
  '--cacert',
  '-x',
  '--proxy',
]);

function readCurl(command: string): Pasted {
  const words = splitWords(command);
  if (words === null) return { ok: false, message: 'the curl command ends inside quotes; copy all of it' };
  const headers: [string, string][] = [];
  const parts: string[] = [];
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index] as string;
    const [, long = word, given] = /^(--[a-z-]+)=(.*)$/s.exec(word) ?? [];
    const value = (): string => given ?? words[++index] ?? '';
    if (long === '-H' || long === '--header') {
      const [, name, text] = /^([^:]+):\s*(.*)$/s.exec(value()) ?? [];
      if (name !== undefined) headers.push([name.trim().toLowerCase(), text ?? '']);
    } else if (Object.hasOwn(BODY_OPTIONS, long)) {
      const body = value();
      if (BODY_OPTIONS[long] === true && body.startsWith('@')) {
        return {
          ok: false,
          message: `the body is in the file ${body.slice(1)}; paste what is in it instead`,
        };
      }
      parts.push(body);
    } else if (long === '--data-urlencode') parts.push(encodeField(value()));
    else if (WITH_VALUE.has(long)) value();
  }
  if (parts.length === 0) return { ok: false, message: 'the curl command has no body: it has no -d' };
  return readBody(parts.join('&'), headers, 'curl');
}

function encodeField(text: string): string {
  const at = text.indexOf('=');
  return at === -1
    ? encodeURIComponent(text)
    : `${text.slice(0, at)}=${encodeURIComponent(text.slice(at + 1))}`;
}

/** As a shell would split them; null: a quote does not end. Nothing is expanded. */
function splitWords(command: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let index = 0; index < command.length; index += 1) {
    const character = command[index] as string;
    if (character === '\\') {
      index += 1;
      const next = command[index] ?? '';
      if (next !== '\n' && next !== '\r') word = (word ?? '') + next;
    } else if (character === "'" || character === '"') {
      const end = endOfQuotes(command, index, character);
      if (end === -1) return null;
      const inner = command.slice(index + 1, end);
      const isEscaped = character === "'" && command[index - 1] === '$';
      const before: string = isEscaped ? (word ?? '').slice(0, -1) : (word ?? '');
      word = before + (character === '"' || isEscaped ? unescapeText(inner, isEscaped) : inner);
      index = end;
    } else if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + character;
  }
  if (word !== null) words.push(word);
  return words;
}

function endOfQuotes(text: string, start: number, quote: string): number {
  const hasEscapes = quote === '"' || text[start - 1] === '$';
  for (let index = start + 1; index < text.length; index += 1) {
    if (hasEscapes && text[index] === '\\') index += 1;
    else if (text[index] === quote) return index;
  }
  return -1;
}

/** In double quotes a backslash escapes what would mean something there; in $'...' it is as in C. */
function unescapeText(text: string, isAnsi: boolean): string {
  if (!isAnsi) return text.replace(/\\(["\\$`\n])/g, '$1');
  const named: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, code: string) =>
    code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (named[code] ?? code),
  );
}
