/** The calls that try a connector: `send` makes a test card or a signed request, `cases` runs the recorded cases. */
import { parseJsonBody, stringifyJson } from '../../stages/json/json-text.ts';
import { readSample } from '../../stages/sample.ts';
import { describeFailure } from '../../workbench/cases/describe-failure.ts';
import { outcomeOf } from '../../workbench/cases/run-case.ts';
import { holds, runCases } from '../../workbench/cases/run-cases.ts';
import { buildSignedRequest } from '../../workbench/sign/signed-request.ts';
import type { CasesAnswer, SendBody, SentAnswer } from '../api.ts';
import { escapeText } from '../escape-text.ts';
import type { Workspace } from '../workspace.ts';
import { type Answer, answered, refused } from './answer.ts';
import { type DraftBody, draftOf } from './draft-of.ts';
import { pathsOf } from './locations.ts';

/** A test card goes through the saved connector; so does a signed request, from outside as a sender's does. */
export async function send(workspace: Workspace, body: SendBody): Promise<Answer<SentAnswer>> {
  const { control } = workspace;
  if (control === null)
    return refused(409, 'nothing is served here: start it with `npm start` or `sluice dev`');
  const parsed = parseJsonBody(Buffer.from(body.sample), 72);
  if (!parsed.ok) return refused(400, parsed.detail.replace('the body', 'the sample'));
  const sample = readSample('', parsed.value);
  if (body.how === 'signed') return await sendSigned(workspace, body.name, sample);
  const headers = Object.fromEntries(sample.headers.entries());
  const to = body.to === undefined || body.to === '' ? undefined : body.to;
  const sent = await control.send(body.name, { headers, body: stringifyJson(sample.body) }, to);
  if (!sent.ok) return { ok: false, refusal: sent.problem };
  const { outcome, code, message = null, triggers } = sent.value;
  return answered({
    outcome,
    code,
    message,
    status: null,
    triggers: triggers.map(({ trigger }) => escapeText(stringifyJson(trigger, 2))),
  });
}

async function sendSigned(
  workspace: Workspace,
  name: string,
  sample: ReturnType<typeof readSample>,
): Promise<Answer<SentAnswer>> {
  const draft = await draftOf(workspace, { name, texts: {} });
  if (!draft.ok) return draft;
  const { plan } = draft.value.connector;
  if (plan === null) return refused(409, 'the saved connector has errors');
  if (plan.status === 'live') {
    return refused(409, 'it is live: a signed request would make a real card; switch it to test first');
  }
  const url = (await workspace.control?.status())?.connectors.find(({ id }) => id === plan.id)?.url;
  if (url === undefined) return refused(409, 'it is not served yet: save it first');
  const built = buildSignedRequest(plan, sample, new URL(url), workspace.secrets.lookup, Date.now());
  if (!built.ok) return refused(409, built.message);
  try {
    const { method, headers, body } = built;
    const response = await fetch(url, {
      method,
      headers,
      body: new Uint8Array(body),
      redirect: 'error',
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    const answer = JSON.parse(text) as { outcome?: string; code?: string; detail?: string };
    return answered({
      outcome: answer.outcome ?? 'answered',
      code: answer.code ?? '',
      message: answer.detail ?? null,
      status: response.status,
      triggers: [],
    });
  } catch (error) {
    return refused(502, `the runtime did not answer as expected: ${(error as Error).message}`);
  }
}

export async function cases(workspace: Workspace, body: DraftBody): Promise<Answer<CasesAnswer>> {
  const draft = await draftOf(workspace, body);
  if (!draft.ok) return draft;
  const { connector, location } = draft.value;
  const pathOf = pathsOf(location);
  const runs = await runCases([connector], workspace.scripts);
  return answered({
    canRun: connector.plan !== null,
    runs: runs.map((run) => ({
      note: escapeText(run.one.note),
      file: pathOf(run.one.file),
      line: run.one.line,
      passes: holds(run),
      outcome: outcomeOf(run.result)?.outcome ?? null,
      lines: holds(run) ? [] : describeFailure(run.result),
    })),
  });
}
