/** The calls about what a connector has paused for and kept: look, learn from it, try it, send it, drop it. */
import type { Control } from '../../runtime/admin/control.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { proposeSample } from '../../workbench/held/propose-sample.ts';
import type { HeldAnswer, HeldDetail, LearnAnswer, ReplayAnswer } from '../api.ts';
import { escapeText } from '../escape-text.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered, refused } from './answer.ts';
import { type DraftBody, displayed, draftOf, redactContextOfDraft } from './draft-of.ts';
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
  const path = `samples/held-${id.slice(-8)}.json`;
  const replaced = displayed(location, body.texts);
  const learner = { location, connector, text: source.text, replaced, context };
  const proposal = await proposeSample(learner, found.value, { path, keep }, workspace.scripts);
  if (!proposal.ok) return refused(proposal.of === 'size' ? 413 : 409, proposal.message);
  return answered({
    texts: { [path]: proposal.sampleText, [location.fileName]: proposal.connectorText },
    path,
    keys: pathsOfKeys(proposal.redacted.keys),
    changes: proposal.shape.map((one) => escapeText(stringifyJson(one))),
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
