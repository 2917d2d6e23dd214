/**
 * What operators do, done by the process that owns the state folder. In: names and decisions of people. Out: what became
 * of them; each change leaves a line in the log with the name of who made it.
 */

import type { PauseRecord } from '../../admin-api/records.ts';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Activation } from '../bundles/activate.ts';
import type { Log } from '../log/log.ts';
import { type SendDeps, sendTestCard } from '../pipeline/send.ts';
import type { Written } from '../state/files/durable-file.ts';
import { EVERY_CONNECTOR } from '../state/overlay.ts';
import type { StateOwner } from '../state/state-owner.ts';
import { type Control, done, refuse } from './control.ts';
import { createHeldControl, type HeldControlDeps } from './held-control.ts';

export interface OwnerControlDeps extends HeldControlDeps {
  readonly owner: StateOwner;
  readonly activation: Activation;
  readonly sending: SendDeps;
  readonly log: Log;
  /** Where a sender reaches a connector. */
  readonly urlOf: (connector: string) => string;
  readonly isReady: Control['isReady'];
  readonly metrics: Control['metrics'];
  readonly status: Control['status'];
}

export function createOwnerControl(deps: OwnerControlDeps): Control {
  const { owner, activation, log, urlOf } = deps;
  const unknown = (connector: string) =>
    refuse(
      404,
      `the active bundle has no connector "${connector}"${didYouMean(connector, activation.served.keys())}`,
    );
  const unwritten = (what: string, { reason, isUndone }: Extract<Written, { ok: false }>) =>
    refuse(
      503,
      isUndone
        ? `nothing was changed: ${reason}`
        : `${what}, but that cannot be written and would not survive a restart: ${reason}`,
    );
  const planOf = (connector: string): ConnectorPlan | null =>
    activation.served.get(connector)?.plan() ?? null;
  const pauseOf = (connector: string): PauseRecord | null => {
    const plan = planOf(connector);
    return owner.pauseOf(connector, plan?.behaviour ?? '', plan?.behaviourBefore);
  };

  return {
    isReady: deps.isReady,
    metrics: deps.metrics,
    status: deps.status,
    async fleet() {
      const fleet = owner.fleet();
      if (fleet === null)
        return refuse(409, 'this runtime shares no database with others: `sluice status` says all there is');
      try {
        return done({ replicas: await fleet });
      } catch {
        return refuse(503, owner.problems().join('; ') || 'the database did not answer: try again');
      }
    },
    async pause(connector, by, reason) {
      if (!activation.served.has(connector)) return unknown(connector);
      const written = await owner.pause(connector, { by, reason });
      log.warn({ connector, by, reason }, 'an operator paused a connector');
      if (!written.ok) return unwritten(`"${connector}" is paused`, written);
      const paused = pauseOf(connector) as PauseRecord;
      return done({ connector, paused });
    },
    async resume(connector, by) {
      const isRecorded = owner.pauses().some((pause) => pause.connector === connector);
      if (!activation.served.has(connector) && !isRecorded) return unknown(connector);
      const wasPaused = isRecorded || pauseOf(connector) !== null;
      const written = await owner.resume(connector, { by });
      log.warn({ connector, by }, 'an operator resumed a connector');
      if (!written.ok) return unwritten(`"${connector}" is resumed`, written);
      return done({ connector, wasPaused, held: owner.holds.counts(connector).count });
    },
    async resumeAll(by) {
      const written = await owner.resume(EVERY_CONNECTOR, { by });
      log.warn({ by }, 'an operator resumed every connector');
      if (!written.ok) return unwritten('every connector is resumed', written);
      return done({ held: owner.holds.counts().count });
    },
    async openCapture(connector, seconds) {
      const plan = planOf(connector);
      if (plan === null) return unknown(connector);
      if (plan.status === 'disabled')
        return refuse(409, `"${connector}" is disabled: give it the status test to capture`);
      const opened = await owner.openCapture(connector, seconds);
      if (!opened.ok) return refuse(503, opened.reason);
      log.info({ connector, seconds }, 'waiting for a request to capture');
      return done({ url: urlOf(plan.eventsOf ?? connector), endsAt: opened.window.endsAt });
    },
    async closeCapture(connector) {
      if (!activation.served.has(connector)) return unknown(connector);
      await owner.closeCapture(connector);
      return done({ connector });
    },
    async captureOf(connector) {
      if (!activation.served.has(connector)) return unknown(connector);
      const { window, latest } = await owner.captureStatus(connector);
      return done({ window: window === null ? null : { endsAt: window.endsAt }, latest });
    },
    async send(connector, sample, to) {
      if (!activation.served.has(connector)) return unknown(connector);
      const plan = planOf(connector);
      if (plan === null)
        return refuse(409, `the plan of "${connector}" cannot be read: build the bundle again`);
      const card = to === undefined ? { plan, sample } : { plan, sample, to };
      const { outcome, code, triggers, ...rest } = await sendTestCard(card, deps.sending);
      log.info({ connector, outcome, code }, 'an operator sent a test card');
      return done({ outcome, code, triggers, ...('message' in rest ? { message: rest.message } : {}) });
    },
    ...createHeldControl(deps),
  };
}
