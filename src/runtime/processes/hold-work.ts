/**
 * What has to know everything that is held: what is sent again, told and dropped. Starts once the holds have been read, and
 * ends in two steps: nothing is sent any more, then nobody is told any more.
 */
import type { Hold } from '../../admin-api/records.ts';
import { systemTimer } from '../../outcomes/timer.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { Activation } from '../bundles/activate.ts';
import type { RuntimeConfig } from '../config/config.ts';
import type { DeliveryRoom } from '../delivery/delivery-room.ts';
import type { Log } from '../log/log.ts';
import { startNotifier } from '../notify/notify.ts';
import type { RequestMetrics } from '../observe/metrics.ts';
import { modeOf } from '../pipeline/judge.ts';
import { startRetention } from '../redelivery/hold-retention.ts';
import { type ConnectorState, type Redelivery, startRedelivery } from '../redelivery/redeliver.ts';
import { type ReplayDeps, type ReplayResult, replayHold } from '../redelivery/replay.ts';
import { othersOf } from '../redelivery/same-event.ts';
import type { Holds, StateOwner } from '../state/state-owner.ts';
import type { TargetRouter } from '../targets/by-name.ts';

export interface HoldWorkDeps {
  readonly config: RuntimeConfig;
  readonly owner: StateOwner;
  /** As the owner's, for as long as this process may change them. */
  readonly holds: Holds;
  readonly activation: Activation;
  readonly metrics: RequestMetrics;
  readonly scripts: ScriptRunner;
  readonly target: TargetRouter;
  readonly room: DeliveryRoom;
  readonly adminUrl: () => string;
  readonly log: Log;
}

export interface HoldWork {
  redelivery(): ReturnType<Redelivery['status']>;
  /** What keeps notifications from their receiver. */
  problems(): readonly string[];
  bundleChanged(): void;
  stopSending(): Promise<void>;
  stopTelling(): Promise<void>;
}

export function startHoldWork(deps: HoldWorkDeps): HoldWork {
  const { config, owner, activation, metrics, log } = deps;
  const notifier = startNotifier({
    config,
    owner,
    isReady: () => activation.ready,
    connector: (id) => activation.served.get(id)?.plan() ?? null,
    adminUrl: deps.adminUrl,
    registry: metrics.registry,
    log,
  });
  const { holds } = deps;
  const redelivery = startRedelivery({
    owner: { holds, subscribe: (listener) => owner.subscribe(listener) },
    target: metrics.countDeliveries(deps.target, 'redelivery'),
    room: deps.room,
    now: Date.now,
    random: Math.random,
    connectorState: (connector) => stateOf(connector, deps),
    rejudge: (hold, target) => rejudge(hold, target, deps),
  });
  const { holdDays: days } = config;
  const stopRetention =
    days === null ? null : startRetention({ owner: { holds }, days, now: Date.now, timer: systemTimer, log });
  return {
    redelivery: () => redelivery.status(),
    problems: () => notifier?.problems() ?? [],
    bundleChanged() {
      redelivery.wake();
      notifier?.bundleChanged();
    },
    async stopSending() {
      await Promise.all([redelivery.stop(), stopRetention?.()]);
    },
    stopTelling: async () => notifier?.stop(),
  };
}

function rejudge(hold: Hold, target: ReplayDeps['target'], deps: HoldWorkDeps): Promise<ReplayResult> {
  const { config, owner, holds, activation, metrics, scripts } = deps;
  return replayHold(hold, {
    connector: activation.connector,
    scripts: metrics.countScriptFailures(scripts),
    maxMode: config.maxMode,
    ...(config.flows === null ? {} : { flows: config.flows }),
    target,
    state: owner,
    others: (one) => othersOf(holds, one),
    remove: async ({ id }) => (await holds.remove(id)).ok,
    amend: async ({ id, code }, change) => (await holds.update(id, change, code)).ok,
  });
}

function stateOf(connector: string, { config, owner, activation }: HoldWorkDeps): ConnectorState {
  const plan = activation.served.get(connector)?.plan() ?? null;
  // Whoever has the folder now decides what is paused, and sends what is held.
  if (plan === null || !owner.isOurs()) return { mode: 'absent', paused: false };
  const mode = plan.status === 'disabled' ? plan.status : modeOf(plan, config.maxMode);
  return { mode, paused: owner.pauseOf(connector, plan.behaviour, plan.behaviourBefore) !== null };
}
