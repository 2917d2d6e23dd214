import { basename } from 'node:path';
import type { CompiledConnector } from '../../compiler/compile.ts';
import { parseJsonBody, stringifyJson } from '../../stages/json/json-text.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import { type Edit, editJson, findAdded } from '../../workbench/cases/edit-json.ts';
import { sampleFileName } from '../../workbench/samples/write-sample.ts';
import { type AdminOptions, callAdmin } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { sendSigned } from '../send-signed.ts';
import { withConnector } from '../with-connector.ts';

export interface SendOptions extends AdminOptions {
  readonly dir: string;
  readonly sample?: string;
  readonly to?: string;
  readonly url?: string;
  readonly yesLive?: boolean;
  readonly set?: readonly string[];
  readonly remove?: readonly string[];
  readonly json?: boolean;
}

/**
 * `sluice send <id>`: the test card. Through the admin API: the sample, mapped, always in test mode, with a fresh id.
 * With --url: a real signed request to the public URL, exactly as the provider would send it.
 */
export function send(context: Context, id: string, options: SendOptions): Promise<ExitCode> {
  return withConnector(context, id, options, (connector) => {
    if (connector.plan === null) {
      printError(context, `"${id}" has errors: nothing was sent`);
      return EXIT.problems;
    }
    const sample = chooseSample(connector, options.sample);
    if (sample === undefined) {
      const known = connector.samples.map((one) => one.name).join(', ');
      printError(
        context,
        options.sample === undefined
          ? `"${id}" has no sample to send`
          : `"${id}" has no sample "${options.sample}"; it has ${known}`,
      );
      return EXIT.usage;
    }
    const edit = readEdit(options);
    const edited = edit.ok ? editJson(sample.body, edit.edit) : edit;
    if (!edited.ok) {
      printError(context, edited.message);
      return EXIT.usage;
    }
    for (const { path, meant } of edit.ok ? findAdded(sample.body, edit.edit) : []) {
      const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
      printError(context, `--set: the sample has no "${path}", so it is added${hint}`);
    }
    const changed = { ...sample, body: edited.value };
    if (options.url !== undefined) {
      return sendSigned(context, { ...options, plan: connector.plan, sample: changed, url: options.url });
    }
    return sendTest(context, id, changed, options);
  });
}

async function sendTest(
  context: Context,
  id: string,
  sample: EvaluationSample,
  options: SendOptions,
): Promise<ExitCode> {
  const headers = Object.fromEntries(sample.headers.entries());
  const answer = await callAdmin(context, options, 'POST /connectors/:id/send', {
    id,
    body: {
      sample: { headers, body: stringifyJson(sample.body) },
      ...(options.to === undefined ? {} : { to: options.to }),
    },
  });
  if (!answer.ok) {
    printError(context, answer.message);
    return EXIT.problems;
  }
  const { outcome, code, message, triggers } = answer.value;
  if (options.json) printJson(context, answer.value);
  else {
    // A test card that fails is nowhere: only requests are kept.
    const fate =
      outcome === 'held' ? 'no card, and nothing is kept; a request like it would be held' : outcome;
    print(context, `${id}: ${fate}${code === outcome ? '' : ` (${code})`}${message ? `: ${message}` : ''}`);
    for (const { trigger, flowInvocationId } of triggers)
      print(context, `  test card for ${trigger.targetUserIds.join(', ')} (${flowInvocationId})`);
    if (triggers.length > 0)
      print(context, '  test mode reaches only those whom the Action Flow has as test users');
  }
  return outcome === 'delivered' ? EXIT.clean : EXIT.problems;
}

function chooseSample(
  connector: CompiledConnector,
  name: string | undefined,
): CompiledConnector['samples'][number] | undefined {
  const { samples } = connector;
  if (name === undefined) return samples[0];
  const exact = samples.find((sample) => sample.name === name);
  if (exact !== undefined) return exact;
  // As `learn --name` and `capture --write` name them; several folders may have one of that name.
  const alike = samples.filter((sample) => basename(sample.name) === sampleFileName(name));
  return alike.length === 1 ? alike[0] : undefined;
}

/** `--set $.a.b=json` and `--remove $.a.b`, as the cases know them. */
function readEdit(options: SendOptions): { ok: true; edit: Edit } | { ok: false; message: string } {
  const set: Record<string, unknown> = {};
  for (const one of options.set ?? []) {
    const at = one.indexOf('=');
    const parsed = at < 1 ? null : parseJsonBody(Buffer.from(one.slice(at + 1)));
    if (parsed === null || !parsed.ok) {
      return { ok: false, message: `--set "${one}" is not <path>=<json>, such as '$.customer.id="user_1"'` };
    }
    set[one.slice(0, at)] = parsed.value;
  }
  return { ok: true, edit: { set, remove: options.remove ?? [] } };
}
