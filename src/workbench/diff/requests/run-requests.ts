/**
 * What becomes of a request under a plan: a sample through the stages, a case through the whole pipeline. The code is
 * that of `preview`, `test` and production.
 */
import type { ConnectorPlan } from '../../../bundle/plan.ts';
import type { CompiledConnector } from '../../../compiler/compile.ts';
import type { DraftCase, DraftSample } from '../../../compiler/draft.ts';
import type { Trigger } from '../../../generated/trigger.ts';
import type { Mode } from '../../../stages/plans.ts';
import type { ScriptRunner } from '../../../stages/script/script-runner.ts';
import { runCase } from '../../cases/run-case.ts';
import { previewConnector } from '../../preview/preview.ts';

export interface RequestOutcome {
  readonly outcome: 'delivered' | 'ignored' | 'held' | 'rejected' | 'answered' | 'captured';
  readonly code: string;
  /** Live or test cards; absent where nothing is delivered. */
  readonly mode?: Mode;
  /** It pauses the connector. */
  readonly paused: boolean;
  /** Why it was held, without values of the payload. */
  readonly detail?: string;
  /** One for each element of a batch that made a card. */
  readonly triggers: readonly Trigger[];
}

/** A sample has no signature: what is shown is what becomes of it once it is verified. */
export async function runSample(
  connector: CompiledConnector,
  sample: DraftSample,
  plan: ConnectorPlan,
  scripts: ScriptRunner,
): Promise<RequestOutcome | null> {
  if (plan.status === 'disabled')
    return { outcome: 'ignored', code: 'disabled', paused: false, triggers: [] };
  const preview = await previewConnector({ ...connector, plan, samples: [sample] }, scripts);
  const shown = preview?.samples[0];
  if (shown === undefined) return null;
  const { selection, elements } = shown;
  if (selection.kind === 'ignored')
    return { outcome: 'ignored', code: selection.code, paused: false, triggers: [] };
  if (selection.kind === 'held') {
    const [first] = selection.differences;
    const detail = first === undefined ? {} : { detail: `${first.path} is ${first.found}` };
    return { outcome: 'held', code: selection.code, paused: false, triggers: [], ...detail };
  }
  const triggers = elements.flatMap((one) => (one.kind === 'mapped' ? [one.trigger] : []));
  const held =
    elements.find((one) => one.kind === 'held' && one.pauses) ?? elements.find((one) => one.kind === 'held');
  if (held?.kind === 'held')
    return {
      outcome: 'held',
      code: held.code,
      paused: held.pauses,
      detail: held.message,
      triggers,
      mode: selection.mode,
    };
  if (triggers.length > 0)
    return { outcome: 'delivered', code: 'delivered', mode: selection.mode, paused: false, triggers };
  const ignored = elements.find((one) => one.kind === 'ignored');
  const code = ignored?.kind === 'ignored' ? ignored.code : 'no-elements';
  return { outcome: 'ignored', code, paused: false, triggers };
}

/**
 * `sender`: the plan by which the request is signed; the same request is judged by both sides. null: it cannot be put
 * together, such as one to be signed where nothing is.
 */
export async function runCaseUnder(
  connector: CompiledConnector,
  { case: one }: DraftCase,
  plan: ConnectorPlan,
  sender: ConnectorPlan,
  scripts: ScriptRunner,
): Promise<RequestOutcome | null> {
  const run = await runCase(connector, plan, one, scripts, sender);
  if (!run.ran) return null;
  const { outcome, paused } = run.result;
  const first = outcome.outcome === 'held' ? outcome.differences[0] : undefined;
  return {
    outcome: outcome.outcome,
    code: outcome.code,
    paused,
    triggers: 'triggers' in outcome ? outcome.triggers.map(({ trigger }) => trigger) : [],
    ...('mode' in outcome ? { mode: outcome.mode } : {}),
    ...(first === undefined
      ? {}
      : { detail: `${first.path}: expected ${first.expected}, found ${first.found}` }),
  };
}
