/**
 * Adds a sample to the list in a connector file. In: the file's text. Out: the text with the entry, every other byte as it
 * was, or why it has to be added by hand. Works on the places that the parser gives, and never trusts itself: what comes
 * out is parsed again and must say what was meant.
 */
import { isDeepStrictEqual } from 'node:util';
import { SourceFile } from '../diagnostics/source.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../stages/json/json-value.ts';
import { type ParsedDocument, parseYaml } from './parse.ts';

export type YamlEdit =
  | { readonly ok: true; readonly text: string }
  /** The fact in lower case, then what to do. */
  | { readonly ok: false; readonly message: string };

/** After which key `samples` is written where there is none yet: the last of these. */
const KEYS_BEFORE = ['apiVersion', 'id', 'description', 'owner', 'actionFlow', 'status', 'methods', 'body'];

/** `entry` is a path of letters, digits, dots, dashes, underscores and slashes: it needs no quotes. */
export function addSampleToYaml(text: string, entry: string): YamlEdit {
  const { document } = parseYaml(new SourceFile('connector.yaml', text));
  const value = document?.value;
  if (document === null || !isJsonObject(value)) {
    return byHand('the connector file cannot be read; correct it first (sluice check)');
  }
  if (value.sample !== undefined) {
    return byHand(
      'the connector has an inline `sample`; move it to a file under samples/ and name that in `samples: [...]` first',
    );
  }
  const { samples = null } = value;
  if (Array.isArray(samples) && samples.includes(entry)) {
    return byHand(`"${entry}" is in the list \`samples\` already`);
  }
  const edited = insert(text, document, value, entry);
  const expected = { ...value, samples: [...(Array.isArray(samples) ? samples : []), entry] };
  return says(edited, expected)
    ? { ok: true, text: edited }
    : byHand(`the list \`samples\` is written in a way that is not edited here; add ${entry} to it by hand`);
}

function insert(text: string, document: ParsedDocument, value: JsonObject, entry: string): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const { samples } = value;
  if (samples === undefined) {
    const keys = KEYS_BEFORE.filter((key) => Object.hasOwn(value, key));
    const ends = keys.map((key) => endOf(document, `/${key}`));
    const indent = ' '.repeat(document.spanOf(`/${keys[0] ?? ''}`, 'key').column - 1);
    return insertLine(text, Math.max(0, ...ends), `${indent}samples: [${entry}]`, newline);
  }
  const { offset } = document.spanOf('/samples');
  const isFlow = text[offset] === '[';
  if (!Array.isArray(samples) || samples.length === 0) {
    if (isFlow) return splice(text, offset + 1, entry);
    return insertLine(text, endOf(document, '/samples'), `  - ${entry}`, newline);
  }
  const last = document.spanOf(`/samples/${samples.length - 1}`);
  const end = last.offset + last.length;
  const quote = /^["']/.exec(text.slice(last.offset))?.[0] ?? '';
  const written = `${quote}${entry}${quote}`;
  const lineStart = text.lastIndexOf('\n', last.offset) + 1;
  const before = text.slice(lineStart, last.offset);
  if (!isFlow) return insertLine(text, end, `${/^ *- */.exec(before)?.[0] ?? '- '}${written}`, newline);
  // An element on a line of its own gets another such line; its comment stays with it.
  const rest = /^([ \t]*,)?[ \t]*(?:#[^\r\n]*)?\r?\n/.exec(text.slice(end));
  if (!/^[ \t]*$/.test(before) || rest === null) return splice(text, end, `, ${written}`);
  const hasComma = rest[1] !== undefined;
  const withLine = splice(text, end + rest[0].length, `${before}${written}${hasComma ? ',' : ''}${newline}`);
  return hasComma ? withLine : splice(withLine, end, ',');
}

function endOf(document: ParsedDocument, pointer: string): number {
  const { offset, length } = document.spanOf(pointer);
  return offset + length;
}

/** Inserts a line after the one in which `position` is; after block text and lists, positions are at the next line's start. */
function insertLine(text: string, position: number, line: string, newline: string): string {
  if (position > 0 && text[position - 1] === '\n') return splice(text, position, `${line}${newline}`);
  const end = text.indexOf('\n', position);
  return end === -1 ? `${text}${newline}${line}${newline}` : splice(text, end + 1, `${line}${newline}`);
}

function splice(text: string, position: number, inserted: string): string {
  return `${text.slice(0, position)}${inserted}${text.slice(position)}`;
}

function says(text: string, expected: JsonValue): boolean {
  const { document, diagnostics } = parseYaml(new SourceFile('connector.yaml', text));
  return document !== null && diagnostics.length === 0 && isDeepStrictEqual(document.value, expected);
}

function byHand(message: string): YamlEdit {
  return { ok: false, message };
}
