/** What the mapping makes of each sample, as the page shows it: texts and rows, so that the page computes nothing. */

import { stringifyJson } from '../stages/json/json-text.ts';
import { isJsonObject, type JsonValue } from '../stages/json/json-value.ts';
import { pointerTo } from '../stages/problem.ts';
import type { ElementPreview, Preview, SamplePreview } from '../workbench/preview/preview.ts';
import type { PageElement, PageSample } from './api.ts';
import { escapeText } from './escape-text.ts';

/** UTF-16 units of a sample's text, and of a value in a row. */
const MAX_BODY = 200_000;
const MAX_VALUE = 2_000;
/** Elements of one batch, and rows of one card. */
const MAX_ELEMENTS = 50;
const MAX_ROWS = 200;

const IGNORED: Readonly<Record<string, string>> = {
  'no-targets': 'nobody to tell: the list of recipients is empty',
  'no-elements': 'the batch is empty',
  'script-ignored': 'the script returned null',
  'when-differs': 'a condition differs',
};

/** `pathOf`: display path to the path inside the connector's folder. */
export function pagePreview(
  preview: Preview,
  connectorFile: string,
  pathOf: (display: string) => string,
): readonly PageSample[] {
  return preview.samples.map((sample) => ({
    name: sample.name,
    path: sample.file === connectorFile ? null : pathOf(sample.file),
    body: cut(stringifyJson(sample.body, 2), MAX_BODY),
    ...selectionOf(sample, preview),
    elements: sample.elements.slice(0, MAX_ELEMENTS).map(pageElement),
  }));
}

function selectionOf(
  { selection }: SamplePreview,
  { status }: Preview,
): Pick<PageSample, 'notOurs' | 'mode'> {
  const mode = status === 'live' ? 'live' : 'test';
  if (selection.kind === 'ours') return { notOurs: null, mode: selection.mode };
  if (selection.kind === 'ignored') return { notOurs: 'Ignored: a condition of "when" differs.', mode };
  return { notOurs: 'Held: a condition reads a path that this sample lacks.', mode };
}

function pageElement(element: ElementPreview): PageElement {
  if (element.kind === 'ignored') {
    return { kind: 'ignored', code: element.code, message: IGNORED[element.code] ?? element.code };
  }
  if (element.kind === 'held') {
    const { code, message, pauses, file, line = 0, column = 0 } = element;
    return { kind: 'held', code, message, pauses, place: file === undefined ? null : { file, line, column } };
  }
  const { targetUserIds, ...rest } = element.trigger;
  return {
    kind: 'card',
    targetUserIds: targetUserIds.map((id) => cut(id, MAX_VALUE)),
    rows: rowsOf(rest as unknown as JsonValue, '', []).slice(0, MAX_ROWS),
    json: cut(stringifyJson(element.trigger, 2), MAX_BODY),
  };
}

type Row = { readonly pointer: string; readonly label: string; readonly text: string };

/** Members of the trigger's own maps are rows; what is below them is JSON text. */
function rowsOf(value: JsonValue, pointer: string, into: Row[]): readonly Row[] {
  if (!isJsonObject(value)) return into;
  for (const [key, one] of Object.entries(value)) {
    const place = pointerTo(pointer, key);
    if (pointer === '' && isJsonObject(one)) rowsOf(one, place, into);
    else
      into.push({
        pointer: place,
        label: key,
        text: cut(typeof one === 'string' ? one : stringifyJson(one), MAX_VALUE),
      });
  }
  return into;
}

export function cut(whole: string, longest: number): string {
  const text = escapeText(whole.length <= 2 * longest ? whole : whole.slice(0, 2 * longest));
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`;
}
