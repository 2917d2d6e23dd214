/** The calls about what a connector has paused for and kept: look, learn from it, try it, send it, drop it. */
import { addSampleToYaml } from '../../compiler/edit/add-sample.ts';
import type { Control } from '../../runtime/admin/control.ts';
import { parseBody } from '../../stages/body/parse-body.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { diffShapes } from '../../stages/shape/diff-shapes.ts';
import { learnShape } from '../../stages/shape/learn.ts';
import { redactRequest } from '../../workbench/samples/redact/redact-request.ts';
import { sampleFileText } from '../../workbench/samples/write-sample.ts';
import type { HeldAnswer, HeldDetail, LearnAnswer, ReplayAnswer } from '../api.ts';
import { escapeText } from '../escape-text.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered, refused } from './answer.ts';
import { type DraftBody, draftOf, redactContextOfDraft } from './draft-of.ts';
import { pathsOfKeys } from './samples.ts';

/** Who the log and the pause say it was. */
const BY = 'studio';
const MAX_LISTED = 100;
const MAX_BODY = 200_000;
const NOT_SERVED = refused(409, 'nothing is served here: start it with `npm start` or `sluice dev`');

type Named = { readonly name: string };

export async function held({ control }: Workspace, { name }: Named): Promise<Answer<HeldAnswer>> {
  if (control === null) return NOT_SERVED;
  const report = (await control.status()).connectors.find(({ id }) => id === name);
  const list = await control.holds({ connector: name, limit: MAX_LISTED });
  if (!list.ok) return { ok: false, refusal: list.problem };
  const paused = report?.paused ?? null;
  return answered({
    isServed: report !== undefined,
    paused:
      paused === null
        ? null
        : {
            reason: escapeText(paused.reason),
            at: paused.at,
            differences: 'differences' in paused ? (paused.differences ?? []) : [],
          },
    total: list.value.total,
    holds: list.value.holds.map(({ id, code, message, receivedAt, count, mode }) => ({
      id,
      code,
      message: escapeText(message),
      receivedAt,
      count,
      mode,
    })),
  });
}

export async function hold(
  { control }: Workspace,
  { id }: { readonly id: string },
): Promise<Answer<HeldDetail>> {
  if (control === null) return NOT_SERVED;
  const found = await control.hold(id);
  if (!found.ok) return { ok: false, refusal: found.problem };
  const { request, differences } = found.value;
  const text = Buffer.from(request.body, 'base64').toString('utf8');
  return answered({
    id,
    headers: request.headers.map(([header, value]) => [header, escapeText(value)] as const),
    body: escapeText(pretty(text).slice(0, MAX_BODY)),
    differences,
  });
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** What would be written: the sample with its values replaced, and the connector file that lists it. */
export async function learn(
  workspace: Workspace,
  { id, keep, ...body }: DraftBody & { readonly id: string; readonly keep: readonly string[] },
): Promise<Answer<LearnAnswer>> {
  const { control } = workspace;
  if (control === null) return NOT_SERVED;
  const found = await control.hold(id);
  if (!found.ok) return { ok: false, refusal: found.problem };
  const draft = await draftOf(workspace, body);
  if (!draft.ok) return draft;
  const { connector, source, location } = draft.value;
  const context = redactContextOfDraft(draft.value, body);
  if (context === null) return refused(409, 'the connector file has errors; correct them first');
  const { request, elements = null } = found.value;
  const parsed = parseBody(connector.reading, Buffer.from(request.body, 'base64'));
  if (!parsed.ok) return refused(409, `the held request cannot be read: ${parsed.detail}`);
  const choice = { keep, elements };
  const redacted = redactRequest({ body: parsed.value, headers: request.headers }, context, choice);
  const text = sampleFileText(redacted.sample);
  if (text === null) return refused(413, 'the held request is too large for a sample; write a smaller one');
  const path = `samples/held-${id.slice(-8)}.json`;
  const listed = addSampleToYaml(source.text, path);
  if (!listed.ok) return refused(409, listed.message);
  const texts = { [path]: text, [location.fileName]: listed.text };
  const after = await draftOf(workspace, { ...body, texts: { ...body.texts, ...texts } });
  const payloads = after.ok ? after.value.connector.samples.flatMap((sample) => sample.payloads) : [];
  const before = context.known.length === 0 ? null : learnShape(context.known, context.maps);
  return answered({
    texts,
    path,
    keys: pathsOfKeys(redacted.keys),
    changes:
      payloads.length === 0
        ? []
        : diffShapes(before, learnShape(payloads, context.maps)).map((one) => escapeText(stringifyJson(one))),
  });
}

export async function resume({ control }: Workspace, { name }: Named): Promise<Answer<object>> {
  return done(await control?.resume(name, BY));
}

export async function pause(
  { control }: Workspace,
  { name, reason }: Named & { readonly reason: string },
): Promise<Answer<object>> {
  return done(await control?.pause(name, BY, reason));
}

export async function replay(
  { control }: Workspace,
  { ids, dryRun }: { readonly ids: readonly string[]; readonly dryRun: boolean },
): Promise<Answer<ReplayAnswer>> {
  if (control === null) return NOT_SERVED;
  const replayed = await control.replay({ ids }, { dryRun, by: BY, signal: new AbortController().signal });
  if (!replayed.ok) return { ok: false, refusal: replayed.problem };
  return answered({
    results: replayed.value.results.map(({ id, outcome, code, message = null }) => ({
      id,
      outcome,
      code,
      message: message === null ? null : escapeText(message),
    })),
  });
}

export async function discard(
  { control }: Workspace,
  { ids }: { readonly ids: readonly string[] },
): Promise<Answer<object>> {
  return done(await control?.discard({ ids }, { by: BY, dryRun: false }));
}

function done(
  result: Awaited<ReturnType<Control['resume' | 'pause' | 'discard']>> | undefined,
): Answer<object> {
  if (result === undefined) return NOT_SERVED;
  return result.ok ? answered(result.value) : { ok: false, refusal: result.problem };
}
