/**
 * Runs one case through the real pipeline: state and target in memory, the clock of the case. What a case shows is what
 * production does, because it is the same code.
 */

import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { Case } from '../../generated/case.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { createPipeline } from '../../runtime/pipeline.ts';
import { createMemoryState } from '../../runtime/state/memory-state.ts';
import { createMemoryTarget } from '../../runtime/targets/memory-target.ts';
import type { ScriptRunner } from '../../stages/script-runner.ts';
import { buildRequest } from './case-request.ts';
import { type CaseOutcome, compareOutcome, type Mismatch } from './compare.ts';
import { type Observation, observeConnector } from './observe.ts';

export type CaseResult =
  | {
      readonly ran: true;
      readonly result: CaseOutcome & { readonly outcome: Outcome };
      /** Empty: the case holds. */
      readonly mismatches: readonly Mismatch[];
      readonly observation: Observation;
    }
  /** The case itself is wrong. */
  | { readonly ran: false; readonly message: string };

export async function runCase(
  connector: CompiledConnector,
  plan: ConnectorPlan,
  one: Case,
  scripts: ScriptRunner,
): Promise<CaseResult> {
  const built = buildRequest(connector, plan, one);
  if (!built.ok) return { ran: false, message: built.message };
  const { connector: active, observation, observeKeys } = observeConnector(plan);
  const state = createMemoryState(() => built.now);
  const pipeline = createPipeline({
    connector: (id) => (id === plan.id ? active : undefined),
    ready: () => true,
    secrets: built.secrets,
    urlKeys: built.urlKeys === null ? null : observeKeys(built.urlKeys),
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
  const result = { outcome, paused, acknowledge: plan.signature?.acknowledge };
  return { ran: true, result, mismatches: compareOutcome(one.want, result), observation };
}
