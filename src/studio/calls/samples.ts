/**
 * The calls that bring samples in: `paste` reads what somebody pasted, `capture` waits for a request, `redact` shows what
 * would go into a file beside what it was. Nothing is written: a sample is a draft like any other text.
 */

import { parsePath } from '../../stages/json/json-path.ts';
import { parseJsonBody, stringifyJson } from '../../stages/json/json-text.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../stages/json/json-value.ts';
import { pointerTo } from '../../stages/problem.ts';
import { readSample } from '../../stages/sample.ts';
import { propose } from '../../workbench/new/propose.ts';
import { readPasted } from '../../workbench/samples/read-pasted.ts';
import { type Redacted, redactRequest, sampleOf } from '../../workbench/samples/redact/redact-request.ts';
import { sampleFileText } from '../../workbench/samples/write-sample.ts';
import type { CaptureAnswer, PastedAnswer, RedactAnswer, RedactRequestBody } from '../api.ts';
import { escapeText } from '../escape-text.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered, refused } from './answer.ts';
import { draftOf, redactContextOfDraft } from './draft-of.ts';

export function paste(_workspace: Workspace, { text }: { readonly text: string }): Answer<PastedAnswer> {
  const pasted = readPasted(text);
  if (!pasted.ok) return refused(400, pasted.message);
  const headers = Object.fromEntries(pasted.headers) as JsonObject;
  return answered({ kind: pasted.kind, sample: stringifyJson({ headers, body: pasted.body }, 2) });
}

/** `seconds` opens a window; without it the window is only looked at. */
export async function capture(
  { control }: Workspace,
  { name, seconds }: { readonly name: string; readonly seconds?: number | undefined },
): Promise<Answer<CaptureAnswer>> {
  if (control === null)
    return refused(409, 'nothing is served here: start it with `npm start` or `sluice dev`');
  if (seconds !== undefined) {
    const opened = await control.openCapture(name, seconds);
    if (!opened.ok) return { ok: false, refusal: opened.problem };
  }
  const found = await control.captureOf(name);
  if (!found.ok) return { ok: false, refusal: found.problem };
  const { window, latest } = found.value;
  const url = (await control.status()).connectors.find(({ id }) => id === name)?.url ?? '';
  return answered({
    url,
    endsAt: window?.endsAt ?? null,
    latest: latest === null ? null : { name: latest.name, sample: stringifyJson(latest.sample, 2) },
  });
}

export async function redact(workspace: Workspace, body: RedactRequestBody): Promise<Answer<RedactAnswer>> {
  const draft = await draftOf(workspace, body);
  if (!draft.ok) return draft;
  const parsed = parseJsonBody(Buffer.from(body.sample), 72);
  if (!parsed.ok) return refused(400, parsed.detail.replace('the body', 'the sample'));
  const wrong = body.keep.map((path) => parsePath(path)).find((one) => !one.ok);
  if (wrong?.ok === false) return refused(400, wrong.message);
  const sample = readSample('', parsed.value);
  const context = redactContextOfDraft(draft.value, body) ?? NOTHING_KNOWN;
  const request = { body: sample.body, headers: [...sample.headers.entries()] };
  const redacted = redactRequest(request, context, { keep: body.keep, elements: null });
  const text = sampleFileText(redacted.sample);
  if (text === null) return refused(413, 'the request is too large for a sample; paste a smaller one');
  const { targets } = propose([sample], null);
  return answered({
    text,
    whole: sampleFileText(sampleOf(sample.body, Object.fromEntries(request.headers) as JsonObject)) ?? text,
    rows: rowsOf(sample.body, redacted),
    keys: pathsOfKeys(redacted.keys),
    kept: redacted.kept.map(({ path, by }) => ({ path, by })),
    targets: targets.slice(0, 5).map(({ path, reason }) => ({ path, reason })),
  });
}

const NOTHING_KNOWN = {
  when: [],
  testWhen: null,
  split: null,
  maps: [],
  known: [],
  usesHeader: () => false,
  isScriptText: () => false,
  isKnownKey: () => false,
};

const MAX_ROWS = 400;
const MAX_TEXT = 200;

type Row = RedactAnswer['rows'][number];

/** Leaves of the request beside what the file would say. */
function rowsOf(body: JsonValue, { body: redacted, renamed }: Redacted): readonly Row[] {
  const rows: Row[] = [];
  const visit = (before: JsonValue, after: JsonValue, path: string, pointer: string): void => {
    if (rows.length >= MAX_ROWS) return;
    if (Array.isArray(before) && Array.isArray(after)) {
      for (const [index, one] of before.entries())
        visit(one as JsonValue, after[index] as JsonValue, `${path}[${index}]`, pointerTo(pointer, index));
    } else if (isJsonObject(before) && isJsonObject(after)) {
      for (const [name, one] of Object.entries(before)) {
        const below = pointerTo(pointer, name);
        const step = /^[A-Za-z_][\w]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
        visit(one, after[renamed.get(below) ?? name] as JsonValue, `${path}${step}`, below);
      }
    } else rows.push({ path: escapeText(path), was: short(before), is: short(after) });
  };
  visit(body, redacted, '$', '');
  return rows;
}

const MAX_KEYS = 50;

/** Keys that look like data and stay: somebody has to say that they may. */
export function pathsOfKeys(keys: Redacted['keys']): readonly string[] {
  return keys.slice(0, MAX_KEYS).map(({ path }) => escapeText(path));
}

function short(value: JsonValue | undefined): string {
  const text = value === undefined ? '' : stringifyJson(value);
  return escapeText(text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT).toWellFormed()}…`);
}
