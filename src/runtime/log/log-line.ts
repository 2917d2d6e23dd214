/**
 * In: a line of the JSON log. Out: the same for a person at a terminal: time, level, what it is about, and the rest as
 * name=value. Text from outside cannot move the cursor or make a second line.
 */
import { styleText } from 'node:util';
import { escapeControls } from '../../diagnostics/printable.ts';

type Style = Parameters<typeof styleText>[0];

const STYLES: Readonly<Record<string, Style>> = {
  trace: 'gray',
  debug: 'gray',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: 'red',
};

/** What a request's line says first, in this order and without names. */
const REQUEST_FIELDS = ['connector', 'outcome', 'code', 'status', 'mode', 'latencyMs'];
/** Known from the terminal, or said by the message. */
const LEFT_OUT = ['level', 'time', 'pid', 'msg'];

export function formatLine(json: string, colour: boolean): string {
  const line = parse(json);
  if (line === null) return json;
  const style = (name: Style, text: string) =>
    colour ? styleText(name, text, { validateStream: false }) : text;
  const level = String(line.level);
  const time = String(line.time).slice(11, 19);
  const isRequest = line.msg === 'request';
  const first = isRequest ? requestText(line) : escapeControls(String(line.msg ?? ''));
  const rest = Object.entries(line)
    .filter(([name]) => !LEFT_OUT.includes(name) && !(isRequest && REQUEST_FIELDS.includes(name)))
    .map(([name, value]) => `${name}=${textOf(value)}`);
  const parts = [style('gray', time), style(STYLES[level] ?? 'gray', level.padEnd(5)), first];
  if (rest.length > 0) parts.push(style('gray', rest.join(' ')));
  return `${parts.join(' ')}\n`;
}

function requestText(line: Readonly<Record<string, unknown>>): string {
  const { connector, outcome, code, status, mode, latencyMs } = line;
  const result = code === outcome ? String(outcome) : `${outcome} (${code})`;
  return [connector ?? '-', result, status, mode, `${latencyMs} ms`]
    .filter((part) => part !== undefined)
    .join(' ');
}

function textOf(value: unknown): string {
  return escapeControls(typeof value === 'string' ? value : JSON.stringify(value));
}

function parse(json: string): Record<string, unknown> | null {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return null;
  }
}
