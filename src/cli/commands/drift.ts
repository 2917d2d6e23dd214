/**
 * `sluice drift <connector> [path]`: past payloads, or what the runtime holds, against a connector as it is now. Out: what
 * would have become of them, how they differ, and one change that would let more of them pass, as a patch. Shows paths,
 * types and names of entries; never a value.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { locationOf } from '../../workbench/draft/locate.ts';
import { LAST } from '../../workbench/drift/limits.ts';
import { proposeChange } from '../../workbench/drift/propose-change.ts';
import { type Review, review } from '../../workbench/drift/review.ts';
import { type Suggestion, suggestSamples } from '../../workbench/drift/suggest-samples.ts';
import type { AdminOptions } from '../admin-client.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { printDrift } from '../drift/print-drift.ts';
import { type Requests, withFiles, withHeld } from '../drift/read-requests.ts';
import { type ConnectorOptions, withConnector } from '../with-connector.ts';

export interface DriftOptions extends ConnectorOptions, AdminOptions {
  readonly last?: string;
  readonly patch?: boolean;
}

const SHOWN_DIFFERENCES = 20;
const PROGRESS_STEP = 5_000;

/** Exit 0 when every request would be delivered or ignored, 1 otherwise. `path`: past payloads; without it, what is held. */
export function drift(
  context: Context,
  id: string,
  path: string | undefined,
  options: DriftOptions,
): Promise<ExitCode> {
  const last = Number(options.last ?? LAST);
  if (!Number.isSafeInteger(last) || last < 1) {
    printError(context, `--last is a number of requests, not "${options.last}"`);
    return Promise.resolve(EXIT.usage);
  }
  const quiet = { ...options, json: options.json === true || options.patch === true };
  return withConnector(context, id, quiet, async (connector, scripts) => {
    const { plan } = connector;
    if (plan === null) return EXIT.problems;
    const judge = (requests: Requests): Promise<ExitCode> =>
      judgeAll(context, options, { connector, plan, scripts }, requests);
    return path === undefined
      ? withHeld(context, id, { ...options, last }, judge)
      : withFiles(context, path, judge);
  });
}

interface Judged {
  readonly connector: CompiledConnector;
  readonly plan: ConnectorPlan;
  readonly scripts: ScriptRunner;
}

async function judgeAll(
  context: Context,
  options: DriftOptions,
  { connector, plan, scripts }: Judged,
  { read, noted, nothing }: Requests,
): Promise<ExitCode> {
  const run = (judgedBy: ConnectorPlan): Promise<Review> =>
    review(judgedBy, read, scripts, (count) => showProgress(context, count));
  const { tally, candidates } = await run(plan);
  if (tally.numbers.judged + tally.unreadableCount === 0 && noted === null) {
    printError(context, nothing);
    return EXIT.usage;
  }
  const isHeld = Object.keys(tally.numbers.held).length > 0;
  const location = locationOf(connector, context.cwd);
  const change = isHeld ? await proposeChange(location, read, scripts) : null;
  if (options.patch === true) {
    context.stdout.write(change?.patch ?? '');
    if (change === null) printError(context, 'no change was found that would let more of them pass');
    return change === null ? EXIT.problems : EXIT.clean;
  }
  const suggestion =
    candidates.length === 0 ? null : await suggestSamples(connector, plan, candidates, scripts);
  const result = {
    connector: connector.id,
    ...tally.numbers,
    unreadable: tally.unreadable,
    unreadableCount: tally.unreadableCount,
    differences: tally.differences(SHOWN_DIFFERENCES),
    noted,
    suggestion: suggestion === null ? null : await describe(suggestion),
    change,
  };
  if (options.json) printJson(context, result);
  else print(context, printDrift(result));
  return tally.allPass ? EXIT.clean : EXIT.problems;

  async function describe({ samples, plan: extended }: Suggestion) {
    const after = samples.length === 0 ? tally : (await run(extended)).tally;
    return { samples: samples.map(({ name }) => name), after: after.numbers };
  }
}

/** On a terminal only. */
function showProgress({ stderr }: Context, count: number): void {
  if (stderr.isTTY && count % PROGRESS_STEP === 0) stderr.write(`${count} payloads\r`);
}
