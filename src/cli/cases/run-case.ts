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
import { type SecretLookup, secretName } from '../../stages/secrets.ts';
import { makeSecret } from '../example-secrets.ts';
import { buildRequest, CASE_URL_KEYS } from './case-request.ts';
import { compareOutcome } from './compare.ts';

export interface CaseResult {
  readonly ok: boolean;
  readonly outcome: Outcome | null;
  readonly paused: boolean | null;
  /** One line for each thing that differs from what the case wants, or what is wrong with the case. */
  readonly difference: readonly string[];
}

/**
 * `sender`: the plan by whose scheme the request is signed and addressed, where that is not the plan that judges it: a
 * request of today, after a merge.
 */
export async function runCase(
  connector: CompiledConnector,
  plan: ConnectorPlan,
  one: Case,
  scripts: ScriptRunner,
  sender: ConnectorPlan = plan,
): Promise<CaseResult> {
  const built = buildRequest(connector, sender, one);
  if (!built.ok) return { ok: false, outcome: null, paused: null, difference: [built.message] };
  const active = activateConnector({ id: plan.id, digest: plan.behaviour, plan: () => plan });
  const state = createMemoryState(() => built.now);
  const pipeline = createPipeline({
    connector: (id) => (id === plan.id ? active : undefined),
    ready: () => true,
    secrets: sender === plan ? built.secrets : withSecretsOf(plan, built.secrets),
    urlKeys: built.urlKeys ?? (plan.urlKey ? CASE_URL_KEYS : null),
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
  return { ok: difference.length === 0, outcome, paused, difference };
}

/** The sender knows its own secrets; of what else the connector names, the deployment has some that it does not know. */
function withSecretsOf({ signature }: ConnectorPlan, known: SecretLookup): SecretLookup {
  const made = new Map<string, string>();
  for (const reference of signature?.secrets ?? []) {
    const secret = signature === null ? null : makeSecret(signature);
    if (secret !== null) made.set(secretName(reference), secret);
  }
  return (reference) => known(reference) ?? made.get(secretName(reference));
}
