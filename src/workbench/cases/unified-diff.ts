/**
 * Two JSON values as a unified diff of their pretty text. In: what was wanted and what came out. Out: marked lines with a
 * little context, bounded in number, width and work. Lines may hold anything: whoever prints them escapes them.
 */
import { structuredPatch } from 'diff';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { isJsonObject } from '../../stages/json/json-value.ts';

export interface DiffLine {
  /** `-` wanted, `+` came out, blank: both; `…` something is left out. */
  readonly mark: '-' | '+' | ' ' | '…';
  readonly text: string;
}

const CONTEXT = 2;
const MAX_LINES = 60;
/** In UTF-16 units. */
const MAX_WIDTH = 160;
/** Values that differ more than this are shown one after the other: finding the shortest diff takes its square. */
const MAX_EDITS = 1000;

export function unifiedDiff(wanted: unknown, got: unknown): readonly DiffLine[] {
  return diffTexts(pretty(wanted), pretty(inOrderOf(wanted, got)));
}

/** The same of two texts. */
export function diffTexts(before: string, after: string): readonly DiffLine[] {
  const patch = structuredPatch('', '', before, after, '', '', {
    context: CONTEXT,
    maxEditLength: MAX_EDITS,
  });
  const lines =
    patch === undefined
      ? [...mark('-', before), ...mark('+', after)]
      : patch.hunks.flatMap(({ lines: hunk, oldStart }, index): readonly DiffLine[] => [
          ...(index > 0 || oldStart > 1 ? [{ mark: '…', text: '' } as const] : []),
          ...hunk.map((line) => ({ mark: line.charAt(0) as '-' | '+' | ' ', text: cut(line.slice(1)) })),
        ]);
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES), { mark: '…', text: `${lines.length - MAX_LINES} more lines` }];
}

/** The order of keys is no difference: those of the model come first, in its order. */
function inOrderOf(model: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((one, index) => inOrderOf(Array.isArray(model) ? model[index] : undefined, one));
  }
  if (!isJsonObject(value) || !isJsonObject(model)) return value;
  const keys = new Set([...Object.keys(model), ...Object.keys(value)]);
  return Object.fromEntries(
    [...keys]
      .filter((key) => Object.hasOwn(value, key))
      .map((key) => [key, inOrderOf(model[key], value[key])]),
  );
}

/** Ends in a line break, or the diff would speak about its absence. */
function pretty(value: unknown): string {
  return value === undefined ? '' : `${stringifyJson(value, 2)}\n`;
}

function mark(sign: '-' | '+', text: string): readonly DiffLine[] {
  const lines = text.split('\n').slice(0, MAX_LINES + 1);
  return lines.filter((line) => line !== '').map((line) => ({ mark: sign, text: cut(line) }));
}

function cut(line: string): string {
  return line.length <= MAX_WIDTH ? line : `${line.slice(0, MAX_WIDTH)}…`;
}
