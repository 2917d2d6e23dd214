/**
 * Stage 13. In: triggers and the target. Out: what the target said about each, within one time budget for the whole
 * request. Never rejects and never waits longer: what the target did not take in time may be sent again.
 */

import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';
import { systemTimer, type Timer } from '../../outcomes/timer.ts';
import type { Target } from '../targets/target.ts';
import { DEFAULT_PIPELINE_LIMITS, type PipelineLimits } from './limits.ts';

export interface DeliveryDeps {
  readonly target: Target;
  readonly timer?: Timer;
  readonly limits?: Pick<PipelineLimits, 'deliveryMs' | 'batchConcurrency'>;
}

/** One result per trigger, in order. A batch is sent a few at a time; what the time does not reach counts as not taken. */
export async function deliver(
  triggers: readonly OutgoingTrigger[],
  { target, timer = systemTimer, limits = DEFAULT_PIPELINE_LIMITS }: DeliveryDeps,
): Promise<readonly Delivery[]> {
  const abort = new AbortController();
  const { promise: expired, resolve: expire } = Promise.withResolvers<Delivery>();
  const cancel = timer.start(limits.deliveryMs, () => {
    abort.abort();
    expire({ ok: false, retry: true, reason: `the target gave no answer within ${limits.deliveryMs} ms` });
  });
  const deliveries: Delivery[] = [];
  let next = 0;
  const sendRest = async (): Promise<void> => {
    for (let index = next++; index < triggers.length; index = next++) {
      const trigger = triggers[index] as OutgoingTrigger;
      // Once the time is over, the rest gets the expired answer without being sent.
      const sending = abort.signal.aborted
        ? expired
        : Promise.race([send(target, trigger, abort.signal), expired]);
      deliveries[index] = await sending;
    }
  };
  if (triggers.length === 1) await sendRest();
  else
    await Promise.all(Array.from({ length: Math.min(limits.batchConcurrency, triggers.length) }, sendRest));
  cancel();
  return deliveries;
}

/** A target that breaks its promise not to reject has not acknowledged anything. */
async function send(target: Target, trigger: OutgoingTrigger, signal: AbortSignal): Promise<Delivery> {
  try {
    return await target.send(trigger, signal);
  } catch {
    return { ok: false, retry: true, reason: 'the target failed without saying why' };
  }
}
