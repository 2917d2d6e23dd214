/**
 * Which words of a structured mapping would take what past requests lack: the mapping as the file has it and the places
 * that were missing in, edits of the file with a sentence each out. Proposes only; whoever applies them tries them first.
 */
import { compilePath } from '../../stages/json/compile-path.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';

export interface MappingEdit {
  readonly pointer: string;
  readonly value: JsonValue;
  /** What it does, for people. */
  readonly text: string;
}

/**
 * `missing`: paths of places that requests lacked or had as null; elements of lists as `[*]`. `payloads`: of the samples. An
 * empty text takes the place of texts alone: for a number or a date it would be no value of its kind.
 */
export function mendMapping(
  mapping: JsonValue,
  missing: readonly string[],
  payloads: readonly JsonValue[],
): readonly MappingEdit[] {
  if (!isJsonObject(mapping)) return [];
  const isLost = (path: string) => missing.some((place) => isAtOrBelow(path, place));
  const variables = isJsonObject(mapping.variables) ? mapping.variables : {};
  return [
    ...Object.entries(variables).flatMap(([name, written]): readonly MappingEdit[] => {
      const value = withWord(written, 'default', '');
      const lost = pathsOf(written).find(isLost);
      if (value === null || lost === undefined || !givesText(value, payloads)) return [];
      const pointer = pointerTo('/mapping/variables', name);
      return [{ pointer, value, text: `default: "" for the variable ${name}: requests lack ${lost}` }];
    }),
    ...mendRecipient(mapping.targetUserIds, isLost),
  ];
}

function mendRecipient(
  written: JsonValue | undefined,
  isLost: (path: string) => boolean,
): readonly MappingEdit[] {
  const value = withWord(written, 'whenMissing', 'ignore');
  const lost = pathsOf(written).find(isLost);
  if (value === null || lost === undefined) return [];
  const text = `whenMissing: ignore for the recipient: where ${lost} is missing there is nobody to tell`;
  return [{ pointer: '/mapping/targetUserIds', value, text }];
}

/** The expression with one more word; null where it has a word that settles what is missing, or is no path or template. */
function withWord(written: JsonValue | undefined, word: string, value: string): JsonObject | null {
  if (typeof written === 'string') return written.startsWith('$') ? { path: written, [word]: value } : null;
  if (!isJsonObject(written) || (written.path === undefined && written.template === undefined)) return null;
  const isSettled = ['default', 'whenMissing', 'as', 'map', 'bands'].some((one) => one in written);
  return isSettled ? null : { ...written, [word]: value };
}

/** Words whose result is a text, whatever they are given. */
const MAKES_TEXT = ['template', 'join', 'point', 'decimals'];

function givesText(expression: JsonObject, payloads: readonly JsonValue[]): boolean {
  if (MAKES_TEXT.some((word) => word in expression)) return true;
  if (expression.count === true || expression.sum === true) return false;
  const found = pathsOf(expression)
    .filter((path) => !path.startsWith('$$'))
    .flatMap((path) => payloads.flatMap((payload) => compilePath(path).all(payload)))
    .filter((value) => value !== null);
  return found.length > 0 && found.every((value) => typeof value === 'string');
}

function pathsOf(written: JsonValue | undefined): readonly string[] {
  if (typeof written === 'string') return written.startsWith('$.') ? [written] : [];
  if (!isJsonObject(written)) return [];
  const paths = [written.path ?? []].flat().filter((one) => typeof one === 'string');
  const template = typeof written.template === 'string' ? written.template : '';
  return [...paths, ...[...template.matchAll(/\{\{\s*(\$\.[^}]*?)\s*\}\}/g)].map(([, path = '']) => path)];
}

function isAtOrBelow(path: string, place: string): boolean {
  const [own, above] = [path, place].map((one) => one.replace(/\[(?:\*|-?\d+)\]/g, '[*]'));
  return own === above || own?.startsWith(`${above}.`) === true || own?.startsWith(`${above}[`) === true;
}
