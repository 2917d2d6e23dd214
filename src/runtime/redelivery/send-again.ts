/**
 * In: triggers that a target did not take. Out: which of them it has taken by now, refused for good, or not taken yet.
 * Sends them as they are, under their invocation ids, until the target is in doubt or sending is no longer allowed.
 */

import { createHash } from 'node:crypto';
import { canonicalJson } from '../../bundle/canonical-json.ts';
import type { OutgoingTrigger } from '../../outcomes/delivery.ts';
import type { Timer } from '../../outcomes/timer.ts';
import { RETRY_AFTER_CAP_MS } from '../delivery/breaker.ts';
import { PATIENT_MS } from '../delivery/circuit.ts';
import { deliver } from '../pipeline/deliver.ts';
import type { Target } from '../targets/target.ts';

export interface SendAgainDeps {
  /** Triggers that were taken already, by `takenKey`; those taken now are added. */
  readonly taken: Set<string>;
  readonly mayGoOn: () => boolean;
  readonly target: Target;
  readonly timer: Timer;
}

export interface Sent {
  /** To be tried again, those that the target failed first. */
  readonly unsent: readonly OutgoingTrigger[];
  readonly refused: readonly OutgoingTrigger[];
  /** What the target said last; empty when it said nothing. */
  readonly reason: string;
  readonly retryAfterMs: number;
  readonly attempted: boolean;
  /** The target did not answer as it should. */
  readonly isInDoubt: boolean;
}

/** Triggers of one hold that are sent at the same time. */
const CONCURRENT_TRIGGERS = 8;
const LIMITS = { deliveryMs: PATIENT_MS, batchConcurrency: CONCURRENT_TRIGGERS };

export async function sendAgain(
  triggers: readonly OutgoingTrigger[],
  { taken, mayGoOn, target, timer }: SendAgainDeps,
): Promise<Sent> {
  const unsent = triggers.filter((trigger) => !taken.has(takenKey(trigger)));
  const refused: OutgoingTrigger[] = [];
  const failed: OutgoingTrigger[] = [];
  let reason = '';
  let retryAfterMs = 0;
  let attempted = false;
  let isInDoubt = false;
  while (unsent.length > 0 && failed.length === 0 && mayGoOn()) {
    // One first: a target that is down is not asked eight times.
    const some = unsent.splice(0, attempted ? CONCURRENT_TRIGGERS : 1);
    const deliveries = await deliver(some, { target, timer, limits: LIMITS });
    attempted ||= deliveries.some((delivery) => delivery.ok || delivery.isDeferred !== true);
    for (const [index, trigger] of some.entries()) {
      const delivery = deliveries[index];
      if (delivery === undefined) throw new Error('a trigger was sent without an answer');
      if (delivery.ok) {
        taken.add(takenKey(trigger));
        continue;
      }
      (delivery.retry ? failed : refused).push(trigger);
      isInDoubt ||= delivery.retry && delivery.isDeferred !== true;
      reason = delivery.reason;
      if (delivery.retry)
        retryAfterMs = Math.max(retryAfterMs, Math.min(delivery.retryAfterMs ?? 0, RETRY_AFTER_CAP_MS));
    }
  }
  return { unsent: [...failed, ...unsent], refused, reason, retryAfterMs, attempted, isInDoubt };
}

/** Two elements of a batch may have one invocation id and say different things: each is sent. */
function takenKey({ trigger }: OutgoingTrigger): string {
  return createHash('sha256').update(canonicalJson(trigger)).digest('base64');
}
