/**
 * A JSON value as YAML, in the manner of what it replaces or stands beside: quotes stay quotes, JSON stays JSON. Whoever
 * uses it parses the result again, so that a mistake here is found out.
 */
import { UNPRINTABLE } from '../../diagnostics/printable.ts';
import { toUnicodeEscapes } from '../../diagnostics/reporters/json-text.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { isJsonObject, type JsonValue } from '../../stages/json/json-value.ts';

type Quotes = 'double' | 'single' | 'where needed';

/** On one line. `written`: the text that stood there. */
export function writeFlow(value: JsonValue, written = ''): string {
  // An empty text had to be in quotes: they are nobody's habit.
  const habit = /^(?:""|'')$/.test(written) ? '' : written;
  const isQuoted = /^[[{]?\s*"/.test(habit);
  return write(value, isQuoted ? 'double' : habit.startsWith("'") ? 'single' : 'where needed');
}

/** What people write on lines of their own, however short it is. */
const ON_LINES: ReadonlySet<string> = new Set([
  'mapping',
  'cardOptions',
  'variables',
  'notificationDetail',
  'metadata',
  'values',
  'security',
  'signature',
]);
/** Columns, as the files in connectors/ are written. */
const MAX_WIDTH = 100;

/** A key with its value, the first line without indentation; the others are indented by `indent` spaces and more. */
export function writeMember(key: string, value: JsonValue, indent: number, newline: string): string {
  const name = writeFlow(key);
  const flow = `${name}: ${writeFlow(value)}`;
  const isLong = indent + flow.length > MAX_WIDTH;
  if (isJsonObject(value) && Object.keys(value).length > 0 && (ON_LINES.has(key) || isLong)) {
    const lines = Object.entries(value).map(([inner, one]) => writeMember(inner, one, indent + 2, newline));
    return `${name}:${lines.map((line) => `${newline}${' '.repeat(indent + 2)}${line}`).join('')}`;
  }
  if (Array.isArray(value) && value.length > 0 && (isLong || value.some(isJsonObject))) {
    const lines = value.map((one) => `${newline}${' '.repeat(indent + 2)}- ${writeFlow(one)}`);
    return `${name}:${lines.join('')}`;
  }
  return flow;
}

/** Words and paths of members; whatever else could mean something to YAML is put in quotes. */
const PLAIN = /^[A-Za-z$_][\w$./+@-]*(?: [\w$./+@-]+)*$/;
/** Words that the core schema does not read as text. */
const NOT_TEXT = /^(?:true|false|null)$/i;

function write(value: JsonValue, quotes: Quotes): string {
  if (typeof value === 'string') return writeText(value, quotes);
  const inner = quotes === 'single' ? 'where needed' : quotes;
  if (Array.isArray(value)) return `[${value.map((one) => write(one, inner)).join(', ')}]`;
  if (!isJsonObject(value)) return stringifyJson(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${writeText(key, inner)}: ${write(member, inner)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

function writeText(text: string, quotes: Quotes): string {
  const isPrintable = text.search(UNPRINTABLE) === -1;
  if (quotes === 'single' && isPrintable) return `'${text.replaceAll("'", "''")}'`;
  if (quotes === 'where needed' && PLAIN.test(text) && !NOT_TEXT.test(text)) return text;
  // A reviewer must see what is written.
  return JSON.stringify(text).replace(UNPRINTABLE, toUnicodeEscapes);
}
