/**
 * One URL, several connectors. In: the connector that has the URL, and a way to ask each what its conditions say. Out: the
 * one that takes the event: the first by id that says it is its own, else the first that cannot tell.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import type { EvaluationInput } from '../../stages/evaluation.ts';
import type { WebhookRequest } from '../../stages/request.ts';
import type { RuntimeState } from '../state/state.ts';
import { rejected } from './admission.ts';
import type { ActiveConnector, ConnectorRunner } from './connector.ts';
import type { Selected } from './judge.ts';
import { storeRequest } from './stored-request.ts';

export interface Candidate {
  readonly runner: ConnectorRunner;
  readonly input: EvaluationInput;
  readonly selected: Selected;
}

/** null: the event is nobody's. broken: it may be that of a connector whose plan cannot be run. */
export function findTaker(
  entry: ConnectorRunner,
  connector: (id: string) => ActiveConnector | undefined,
  ask: (runner: ConnectorRunner) => Candidate,
): Candidate | 'broken' | null {
  let unclear: Candidate | null = null;
  let isBroken = false;
  for (const id of entry.plan.events ?? []) {
    const active = id === entry.plan.id ? null : connector(id);
    if (active === undefined) continue;
    const runner = active === null ? entry : active.runner();
    if (runner === null) isBroken = true;
    if (runner === null) continue;
    const candidate = ask(runner);
    if (candidate.selected.ignored !== null) continue;
    if (candidate.selected.held === null) return candidate;
    unclear ??= candidate;
  }
  return isBroken ? 'broken' : unclear;
}

/** Whether both see the same in a body. */
export function isReadAlike(one: ConnectorPlan, other: ConnectorPlan): boolean {
  if (one === other) return true;
  const [ways, otherWays] = [one, other].map(({ lists, unwrap }) => JSON.stringify([lists, unwrap]));
  return ways === otherWays;
}

/**
 * The capture window of a connector that takes events of another's URL: what was proven there, and is its own, is its
 * sample. null: it waits for none, or goes on as a live connector's request does. `now` in milliseconds since the epoch.
 */
export async function sampleEvent(
  { plan }: ConnectorRunner,
  request: WebhookRequest,
  state: RuntimeState,
  now: number,
): Promise<Outcome | null> {
  const common = { requestId: request.id, connector: plan.id };
  if (plan.status === 'disabled') return { ...common, outcome: 'ignored', code: 'disabled' };
  if (plan.eventsOf === undefined || state.captureWindowOf(plan.id, now) === null) return null;
  const { ok } = await state.capture(plan.id, storeRequest(plan, request), now);
  if (plan.status !== 'test') return null;
  return ok
    ? { ...common, outcome: 'captured', code: 'captured' }
    : rejected(request.id, plan.id, 'state-unavailable');
}
