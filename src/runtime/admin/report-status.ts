/** Gathers the answer of /status. Reads every plan of the bundle: in slices, as requests are served meanwhile. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConnectorReport, FlowReport, StatusReport } from '../../admin-api/answers.ts';
import { DEFAULT_TARGET } from '../../bundle/plan.ts';
import type { Mode } from '../../stages/plans.ts';
import type { Activation, ServedConnector } from '../bundles/activate.ts';
import type { SecretHealth } from '../bundles/secret-health.ts';
import type { StateOwner } from '../state/state-owner.ts';
import type { TargetRouter } from '../targets/by-name.ts';
import { findProblems } from './find-problems.ts';
import { findWaiting } from './find-waiting.ts';

/** Of requests, since the start of each process. */
export interface RequestCounts {
  readonly lastHour: StatusReport['lastHour'];
  /** By connector: those that were ignored as there was nobody to tell. */
  readonly nobodyToTell: ReadonlyMap<string, number>;
}

export interface ReportDeps {
  readonly owner: StateOwner;
  readonly activation: Activation;
  readonly secrets: SecretHealth;
  readonly target: Pick<TargetRouter, 'name' | 'has'>;
  readonly maxMode: Mode;
  readonly workers: number;
  readonly moreProblems: () => readonly string[];
  readonly flows: () => readonly FlowReport[];
  readonly isReady: () => boolean;
  /** May hold a credential: for operators alone. */
  readonly urlOf: (connector: string) => string;
  readonly counts: () => Promise<RequestCounts>;
  /** When each of these sentences was first seen, in milliseconds since the epoch. */
  readonly firstSeen: (problems: readonly string[]) => readonly number[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Reading a plan for the first time takes about 0.05 ms. */
const SLICE = 100;

export async function reportStatus(deps: ReportDeps): Promise<StatusReport> {
  const { activation, target, maxMode: mode, workers } = deps;
  const { active, ...attempts } = activation.status;
  const { lastHour, nobodyToTell } = await deps.counts();
  const connectors: ConnectorReport[] = [];
  for (const served of activation.served.values()) {
    connectors.push(reportConnector(served, deps, nobodyToTell.get(served.active.id)));
    if (connectors.length % SLICE === 0) await nextTurn();
  }
  await deps.owner.check();
  const waiting = findWaiting(deps.owner.holds.list().holds, target.name, deps.now());
  const problems = [...deps.owner.problems(), ...deps.moreProblems(), ...findOrphans(deps)];
  const status = {
    ready: deps.isReady(),
    bundle: active === null ? null : { ...active, lastError: attempts.lastError },
    activation: attempts,
    target: target.name,
    mode,
    workers,
    state: { problems, since: deps.firstSeen(problems).map(toIso) },
    lastHour,
    flows: deps
      .flows()
      .filter(({ state }) => state !== 'well')
      .map((flow) => ({ ...flow, oldest: waiting.oldestOf(flow) })),
    failing: waiting.failing,
    connectors,
  };
  return { ...status, problems: findProblems(status, deps.now()) };
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}

export function reportConnector(
  served: ServedConnector,
  deps: ReportDeps,
  nobodyToTell = 0,
): ConnectorReport {
  const { owner } = deps;
  const { id } = served.active;
  const plan = served.plan();
  const { count, byCode, oldestAt, quotaUsed } = owner.holds.counts(id);
  const secrets = deps.secrets.of(id, plan);
  const window = owner.captureWindowOf(id, deps.now());
  return {
    id,
    description: plan?.description ?? null,
    owner: plan?.owner ?? null,
    status: plan?.status ?? null,
    url: deps.urlOf(plan?.eventsOf ?? id),
    target: plan?.target ?? DEFAULT_TARGET,
    hasTarget: plan === null || plan.status === 'disabled' || deps.target.has(plan.target ?? DEFAULT_TARGET),
    paused: owner.pauseOf(id, plan?.behaviour ?? '', plan?.behaviourBefore),
    held: { total: count, byCode, oldestAt, quotaUsed },
    nobodyToTell,
    aside: owner.asideOf(id),
    drift: owner.driftOf(id)[0] ?? null,
    captureWindow: window === null ? null : { endsAt: window.endsAt },
    secretsMissing: secrets.filter(({ kind }) => kind === 'missing').map(({ name }) => name),
    secrets: secrets.map((problem) => ({ ...problem, since: toIso(problem.since) })),
    broken:
      served.active.broken ?? (plan === null ? 'its plan cannot be read: build the bundle again' : null),
  };
}

/** What is held for connectors that are gone: nothing will ever send it by itself. */
function findOrphans({ owner, activation }: ReportDeps): string[] {
  if (!activation.ready) return [];
  return owner.holds
    .connectors()
    .filter((connector) => !activation.served.has(connector))
    .map((connector) => {
      const { count } = owner.holds.counts(connector);
      return `${count === 1 ? '1 request is' : `${count} requests are`} held for "${connector}", which the bundle does not have: \`sluice held list --connector ${connector}\``;
    });
}
