/** Metrics of the process that owns the state folder: what is active, paused, held and waiting. Read when they are scraped. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { FlowReport } from '../../admin-api/answers.ts';
import type { Activation } from '../bundles/activate.ts';
import type { SecretHealth } from '../bundles/secret-health.ts';
import type { RedeliveryStatus } from '../redelivery/redeliver.ts';
import type { SharedDatabase, StateOwner } from '../state/state-owner.ts';

export interface OwnerMetricsSources {
  readonly owner: StateOwner;
  readonly activation: Activation;
  readonly redelivery: () => RedeliveryStatus;
  readonly flows: () => readonly FlowReport[];
  /** Processes that take webhooks now. */
  readonly workers: () => number;
  readonly secrets: SecretHealth;
}

export function registerOwnerMetrics(registry: Registry, sources: OwnerMetricsSources): void {
  registerBundle(registry, sources.activation);
  registerState(registry, sources);
  registerDatabase(registry, sources.owner);
  registerRedelivery(registry, sources.redelivery);
  registerSecrets(registry, sources.secrets);
  registerFlows(registry, sources.flows);
  gauge(registry, 'sluice_workers', 'Processes that take webhooks', [], (set) => set({}, sources.workers()));
}

type Labels = Readonly<Record<string, string>>;

/** Series of things that are gone go with them. */
function gauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
  read: (set: (labels: Labels, value: number) => void) => void,
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      read((labels, value) => this.set(labels, value));
    },
  });
}

function registerBundle(registry: Registry, activation: Activation): void {
  gauge(registry, 'sluice_bundle_info', 'The active bundle', ['revision', 'sequence', 'digest'], (set) => {
    const { active } = activation.status;
    if (active === null) return;
    set({ revision: active.revision, sequence: String(active.sequence), digest: active.digest }, 1);
  });
  gauge(registry, 'sluice_bundle_connectors', 'Connectors of the active bundle', [], (set) =>
    set({}, activation.status.active?.connectors ?? 0),
  );
  gauge(registry, 'sluice_bundle_ok', 'Whether the newest bundle is the active one', [], (set) =>
    set({}, activation.ready && activation.status.lastError === null ? 1 : 0),
  );
  gauge(registry, 'sluice_bundle_problem', 'Why the newest bundle is not the active one', ['code'], (set) => {
    const { lastError } = activation.status;
    if (lastError !== null) set({ code: lastError.code }, 1);
  });
  for (const [name, what] of [
    ['attempt', 'lastAttempt'],
    ['activation', 'lastActivation'],
  ] as const) {
    const help = `When a bundle was last ${name === 'attempt' ? 'tried' : 'activated'}`;
    gauge(registry, `sluice_bundle_last_${name}_timestamp_seconds`, help, [], (set) => {
      const at = activation.status[what];
      if (at !== null) set({}, Date.parse(at) / 1000);
    });
  }
  new Counter({
    name: 'sluice_bundle_activations_total',
    help: 'Bundles that were tried',
    labelNames: ['result'],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ result: 'activated' }, activation.status.activations);
      this.inc({ result: 'refused' }, activation.status.failures);
    },
  });
}

function registerState(registry: Registry, { owner, activation }: OwnerMetricsSources): void {
  gauge(registry, 'sluice_held_requests', 'Requests that are held', ['connector', 'code'], (set) => {
    for (const connector of owner.holds.connectors()) {
      for (const [code, count] of Object.entries(owner.holds.counts(connector).byCode))
        set({ connector, code }, count);
    }
  });
  gauge(
    registry,
    'sluice_held_quota_used_ratio',
    'How much of what one connector may hold is used; at 1 its requests are answered 503',
    ['connector'],
    (set) => {
      for (const connector of owner.holds.connectors())
        set({ connector }, owner.holds.counts(connector).quotaUsed);
    },
  );
  gauge(
    registry,
    'sluice_held_total_quota_used_ratio',
    'How much of what all connectors together may hold is used',
    [],
    (set) => set({}, owner.holds.counts().quotaUsed),
  );
  gauge(
    registry,
    'sluice_held_oldest_timestamp_seconds',
    'When the oldest held request was received',
    ['code'],
    (set) => {
      for (const [code, oldestAt] of Object.entries(owner.holds.counts().oldestByCode))
        set({ code }, oldestAt / 1000);
    },
  );
  gauge(registry, 'sluice_connector_paused', 'Connectors that are paused', ['connector', 'kind'], (set) => {
    for (const id of new Set(owner.pauses().map((pause) => pause.connector))) {
      // Of the pauses on record, the one that applies to what is served now.
      const plan = activation.served.get(id)?.plan() ?? null;
      const pause = plan === null ? null : owner.pauseOf(id, plan.behaviour, plan.behaviourBefore);
      if (pause !== null) set({ connector: id, kind: pause.kind }, 1);
    }
  });
  gauge(
    registry,
    'sluice_everything_paused',
    'Whether all is paused, as an overlay could not be read',
    [],
    (set) => set({}, owner.everythingPaused() === null ? 0 : 1),
  );
  gauge(registry, 'sluice_state_problems', 'Problems of the state folder; /status names them', [], (set) =>
    set({}, owner.problems().length),
  );
  gauge(
    registry,
    'sluice_state_ours',
    'Whether this process still has its state folder; 0: it answers 503',
    [],
    (set) => set({}, owner.isOurs() ? 1 : 0),
  );
}

function registerDatabase(registry: Registry, owner: StateOwner): void {
  const read = (name: string, help: string, of: (database: SharedDatabase) => number): void =>
    gauge(registry, name, help, [], (set) => {
      const database = owner.database();
      if (database !== null) set({}, of(database));
    });
  read('sluice_database_up', 'Whether the database that replicas share is reached', ({ isUp }) =>
    isUp ? 1 : 0,
  );
  read(
    'sluice_spooled_requests',
    'Held requests that wait on the disk for the database',
    ({ spooled }) => spooled,
  );
}

function registerRedelivery(registry: Registry, status: () => RedeliveryStatus): void {
  gauge(registry, 'sluice_redelivery_waiting', 'Held requests that are sent again by themselves', [], (set) =>
    set({}, status().waiting),
  );
  gauge(
    registry,
    'sluice_redelivery_parked',
    'Those that may not be sent as their connector is now',
    [],
    (set) => set({}, status().parked),
  );
}

/** More of them are one cause, and the counts say how many. */
const MAX_NAMED_FLOWS = 50;

function registerFlows(registry: Registry, flows: () => readonly FlowReport[]): void {
  const help = 'Flows that do not take triggers as they should; their requests are held and sent again';
  gauge(registry, 'sluice_flows_troubled', help, ['state'], (set) => {
    const states = flows().map(({ state }) => state);
    for (const state of ['slow', 'failing', 'parked'])
      set({ state }, states.filter((one) => one === state).length);
  });
  gauge(
    registry,
    'sluice_flow_troubled_since_timestamp_seconds',
    'Since when a flow does not take triggers as it should; the 50 that have been so for longest',
    ['target', 'flow', 'state'],
    (set) => {
      const troubled = flows().filter(({ since }) => since !== null);
      troubled.sort((one, other) => (one.since ?? 0) - (other.since ?? 0));
      for (const { target, flow, state, since } of troubled.slice(0, MAX_NAMED_FLOWS))
        set({ target, flow, state }, (since ?? 0) / 1000);
    },
  );
}

/** By secret, not by connector: one may stop many, and is one thing to mend. */
function registerSecrets(registry: Registry, secrets: SecretHealth): void {
  const count = (kind: string): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const problems of secrets.problems.values())
      for (const problem of problems)
        if (problem.kind === kind) counts.set(problem.name, (counts.get(problem.name) ?? 0) + 1);
    return counts;
  };
  for (const [kind, help] of [
    ['missing', 'Connectors that need a secret which this deployment does not have'],
    ['unusable', 'Connectors whose secret is set, but is no key of their scheme'],
  ] as const) {
    gauge(registry, `sluice_secret_${kind}`, help, ['secret'], (set) => {
      for (const [secret, connectors] of count(kind)) set({ secret }, connectors);
    });
  }
  gauge(
    registry,
    'sluice_connectors_without_secret',
    'Connectors that answer 503, as none of their secrets can be used',
    [],
    (set) => {
      const stopped = [...secrets.problems.values()].filter((problems) =>
        problems.some(({ stops }) => stops),
      );
      set({}, stopped.length);
    },
  );
}
