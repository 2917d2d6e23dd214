/** Gathers the answer of /status. Reads every plan of the bundle: in slices, as requests are served meanwhile. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ConnectorReport, FlowReport, StatusReport } from '../../admin-api/answers.ts';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { Mode } from '../../stages/plans.ts';
import { secretsOf } from '../../stages/secrets.ts';
import { needsPublicUrl } from '../../stages/signature/verify.ts';
import type { Activation, ServedConnector } from '../bundles/activate.ts';
import type { MissingSecret, SecretStore } from '../config/secret-store.ts';
import type { StateOwner } from '../state/state-owner.ts';

export interface ReportDeps {
  readonly owner: StateOwner;
  readonly activation: Activation;
  readonly secrets: SecretStore;
  readonly target: string;
  readonly maxMode: Mode;
  readonly workers: number;
  readonly moreProblems: () => readonly string[];
  readonly flows: () => readonly FlowReport[];
  readonly isReady: () => boolean;
  /** May hold a credential: for operators alone. */
  readonly urlOf: (connector: string) => string;
  readonly hasUrlKeys: boolean;
  /** Whether senders' view of the URL is configured. */
  readonly hasPublicUrl: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Reading a plan for the first time takes about 0.05 ms. */
const SLICE = 100;

export async function reportStatus(deps: ReportDeps): Promise<StatusReport> {
  const { activation, target, maxMode: mode, workers } = deps;
  const { active, ...attempts } = activation.status;
  const connectors: ConnectorReport[] = [];
  for (const served of activation.served.values()) {
    connectors.push(reportConnector(served, deps));
    if (connectors.length % SLICE === 0) await nextTurn();
  }
  return {
    ready: deps.isReady(),
    bundle: active === null ? null : { ...active, lastError: attempts.lastError },
    activation: attempts,
    target,
    mode,
    workers,
    state: { problems: [...deps.owner.problems(), ...deps.moreProblems(), ...findOrphans(deps)] },
    flows: deps.flows().filter(({ state }) => state !== 'well'),
    connectors,
  };
}

export function reportConnector(served: ServedConnector, deps: ReportDeps): ConnectorReport {
  const { owner } = deps;
  const { id } = served.active;
  const plan = served.plan();
  const { count, byCode, oldestAt } = owner.holds.counts(id);
  const window = owner.captureWindowOf(id, deps.now());
  return {
    id,
    description: plan?.description ?? null,
    owner: plan?.owner ?? null,
    status: plan?.status ?? null,
    url: deps.urlOf(id),
    paused: owner.pauseOf(id, plan?.behaviour ?? ''),
    held: { total: count, byCode, oldestAt },
    drift: owner.driftOf(id)[0] ?? null,
    captureWindow: window === null ? null : { endsAt: window.endsAt },
    secretsMissing: findMissing(plan, deps).map(({ name }) => name),
    broken:
      served.active.broken ?? (plan === null ? 'its plan cannot be read: build the bundle again' : null),
  };
}

/** What the connector needs and this deployment does not have: it answers 503. A disabled one needs nothing. */
export function findMissing(
  plan: ConnectorPlan | null,
  { secrets, hasUrlKeys, hasPublicUrl }: Pick<ReportDeps, 'secrets' | 'hasUrlKeys' | 'hasPublicUrl'>,
): readonly MissingSecret[] {
  if (plan === null || plan.status === 'disabled') return [];
  const missing = [...secrets.missing(plan.signature === null ? [] : secretsOf(plan.signature))];
  const reason = 'the variable is not set';
  if (plan.urlKey && !hasUrlKeys) missing.push({ name: 'env:SLUICE_URL_KEYS', reason });
  if (plan.signature !== null && needsPublicUrl(plan.signature) && !hasPublicUrl)
    missing.push({ name: 'env:SLUICE_PUBLIC_URL', reason });
  return missing;
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
