/**
 * `sluice drift <connector> <path>`: past payloads against a connector as it is now. Out: what would have become of them,
 * how they differ, and which of them would be good samples. Shows paths, types and names of entries; never a value.
 */
import { resolve } from 'node:path';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { DEFAULT_PAUSE_AFTER } from '../../stages/shape/check.ts';
import { Candidates } from '../../workbench/drift/candidates.ts';
import { createPayloadJudge } from '../../workbench/drift/judge-payload.ts';
import { findPayloadFiles, readPayloads } from '../../workbench/drift/read-payloads.ts';
import { type Suggestion, suggestSamples } from '../../workbench/drift/suggest-samples.ts';
import { Tally } from '../../workbench/drift/tally.ts';
import { type Context, EXIT, type ExitCode, print, printError, printJson } from '../context.ts';
import { printDrift } from '../drift/print-drift.ts';
import { type ConnectorOptions, withConnector } from '../with-connector.ts';

const SHOWN_DIFFERENCES = 20;
const PROGRESS_STEP = 5_000;

/** Exit 0 when every payload would be delivered or ignored, 1 otherwise. */
export function drift(
  context: Context,
  id: string,
  path: string,
  options: ConnectorOptions,
): Promise<ExitCode> {
  return withConnector(context, id, options, async (connector, scripts) => {
    const { plan } = connector;
    if (plan === null) return EXIT.problems;
    const files = await findPayloadFiles(resolve(context.cwd, path));
    if (files === null) {
      printError(context, `there is no "${path}"; give a folder of payloads, or a file with one a line`);
      return EXIT.usage;
    }
    const candidates = plan.shape === null ? null : new Candidates(plan.shape);
    const before = await run(plan, candidates);
    if (before.numbers.judged + before.unreadableCount === 0) {
      printError(context, `"${path}" holds no payload; files end in .json, .ndjson or .jsonl`);
      return EXIT.usage;
    }
    const found = candidates?.list ?? [];
    const suggestion = found.length === 0 ? null : await suggestSamples(connector, plan, found, scripts);
    const result = {
      connector: id,
      ...before.numbers,
      unreadable: before.unreadable,
      unreadableCount: before.unreadableCount,
      differences: before.differences(SHOWN_DIFFERENCES),
      suggestion: suggestion === null ? null : await describe(suggestion),
    };
    if (options.json) printJson(context, result);
    else print(context, printDrift(result));
    return before.allPass ? EXIT.clean : EXIT.problems;

    /** One pass over everything; payloads of another shape are kept as candidates. */
    async function run(judgedBy: ConnectorPlan, keep: Candidates | null): Promise<Tally> {
      const tally = new Tally(judgedBy.shape?.pauseAfter ?? DEFAULT_PAUSE_AFTER);
      const judge = createPayloadJudge(judgedBy, scripts);
      let count = 0;
      for await (const payload of readPayloads(files ?? [], context.cwd, judgedBy)) {
        count += 1;
        if (count % PROGRESS_STEP === 0) showProgress(context, count);
        if (!payload.ok) {
          tally.addUnreadable(payload.name, payload.detail);
          continue;
        }
        const judged = await judge(payload.sample);
        tally.add(payload.name, judged);
        if (judged.kind === 'held' && judged.code === 'shape-changed') keep?.add(payload);
      }
      return tally;
    }

    async function describe({ samples, plan: extended }: Suggestion) {
      const after = samples.length === 0 ? before : await run(extended, null);
      return { samples: samples.map(({ name }) => name), after: after.numbers };
    }
  });
}

/** On a terminal only. */
function showProgress({ stderr }: Context, count: number): void {
  if (stderr.isTTY) stderr.write(`${count} payloads\r`);
}
