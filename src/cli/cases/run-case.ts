/**
 * Runs one case through the real pipeline: state and target in memory, the clock of the case. What a case shows is what
 * production does, because it is the same code.
 */

import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { Case } from '../../generated/case.ts';
import { activateConnector } from '../../runtime/connector.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { createPipeline } from '../../runtime/pipeline.ts';
import { createMemoryState } from '../../runtime/state/memory-state.ts';
import { createMemoryTarget } from '../../runtime/targets/memory-target.ts';
import type { ScriptRunner } from '../../stages/script-runner.ts';
import { printable } from '../show.ts';
import { buildRequest } from './case-request.ts';
import { compareOutcome } from './compare.ts';

export interface CaseResult {
  readonly ok: boolean;
  readonly outcome: Outcome | null;
  readonly paused: boolean | null;
  /** One line for each thing that differs from what the case wants, and why it was held; or what is wrong with the case. */
  readonly difference: readonly string[];
}

export async function runCase(
  connector: CompiledConnector,
  plan: ConnectorPlan,
  one: Case,
  scripts: ScriptRunner,
): Promise<CaseResult> {
  const built = buildRequest(connector, plan, one);
  if (!built.ok) return { ok: false, outcome: null, paused: null, difference: [built.message] };
  const active = activateConnector({ id: plan.id, digest: plan.behaviour, plan: () => plan });
  const state = createMemoryState(() => built.now);
  const pipeline = createPipeline({
    connector: (id) => (id === plan.id ? active : undefined),
    ready: () => true,
    secrets: built.secrets,
    urlKeys: built.urlKeys,
    state,
    target: createMemoryTarget(),
    scripts,
    now: () => built.now,
    maxMode: 'live',
    onError: (error) => {
      throw error;
    },
  });
  const outcome = await pipeline.handle({ ...built.request, connector: plan.id });
  const paused = state.pauseOf(plan.id, plan.behaviour) !== null;
  const difference = compareOutcome(one.want, {
    outcome,
    paused,
    acknowledge: plan.signature?.acknowledge,
  });
  // What was held says why, and where in a script.
  if (difference.length > 0)
    difference.push(...state.holds().map(({ message }) => `held: ${printable(message)}`));
  return { ok: difference.length === 0, outcome, paused, difference };
}
