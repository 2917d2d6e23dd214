/**
 * Runs one case through the real pipeline: state and target in memory, the clock of the case. What a case shows is what
 * production does, because it is the same code.
 */

import { acknowledgeOf, type ConnectorPlan } from '../../bundle/plan.ts';
import type { CompiledConnector } from '../../compiler/compile.ts';
import type { Case } from '../../generated/case.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import { createPipeline } from '../../runtime/pipeline/pipeline.ts';
import { createMemoryState } from '../../runtime/state/memory-state.ts';
import { createMemoryTarget } from '../../runtime/targets/memory-target.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import { type SecretLookup, secretName } from '../../stages/secrets.ts';
import { buildRequest, CASE_URL_KEYS } from './case-request.ts';
import { type CaseOutcome, compareOutcome, type Mismatch } from './compare.ts';
import { makeSecret } from './example-secrets.ts';
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

/**
 * `sender`: the plan by whose scheme the request is signed and addressed, where that is not the plan that judges it: a
 * request of today, after a merge.
 */
export async function runCase(
  connector: CompiledConnector,
  whole: ConnectorPlan,
  one: Case,
  scripts: ScriptRunner,
  sender: ConnectorPlan = whole,
): Promise<CaseResult> {
  const plan = alone(whole);
  const built = buildRequest(connector, sender, one);
  if (!built.ok) return { ran: false, message: built.message };
  const { connector: active, observation, observeKeys } = observeConnector(plan);
  const urlKeys = built.urlKeys ?? (plan.urlKey ? CASE_URL_KEYS : null);
  const state = createMemoryState(() => built.now);
  const pipeline = createPipeline({
    connector: (id) => (id === plan.id ? active : undefined),
    ready: () => true,
    secrets: sender === whole ? built.secrets : withSecretsOf(plan, built.secrets),
    urlKeys: urlKeys === null ? null : observeKeys(urlKeys),
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
  const paused = state.pauseOf(plan.id, plan.behaviour, plan.behaviourBefore) !== null;
  const result = { outcome, paused, acknowledge: acknowledgeOf(plan) };
  return { ran: true, result, mismatches: compareOutcome(one.want, result), observation };
}

/** What becomes of events that come to the connector, whoever else takes some of the same URL. */
function alone({ eventsOf: _, events, ...plan }: ConnectorPlan): ConnectorPlan {
  return events === undefined ? plan : { ...plan, events: events.filter((id) => id === plan.id) };
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

/** Whether the case holds. */
export function isExpected(result: CaseResult): boolean {
  return result.ran && result.mismatches.length === 0;
}

/** null: the case itself is wrong, and nothing came out. */
export function outcomeOf(result: CaseResult): Outcome | null {
  return result.ran ? result.result.outcome : null;
}

/** One line for each thing that differs from what the case wants, or what is wrong with the case. */
export function differenceOf(result: CaseResult): readonly string[] {
  return result.ran ? result.mismatches.flatMap(({ lines }) => lines) : [result.message];
}
