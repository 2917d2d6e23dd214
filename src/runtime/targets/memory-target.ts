/** A target that keeps triggers in memory, for cases, previews and tests. */

import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';
import { ABORTED, CLOSED, unlessAborted } from './aborted.ts';
import type { Target } from './target.ts';

export interface MemoryTarget extends Target {
  /** What was acknowledged, in order. */
  readonly sent: readonly OutgoingTrigger[];
}

/** `answer` says what becomes of a trigger; without it, everything is acknowledged. It must not reject. */
export function createMemoryTarget(
  answer: (trigger: OutgoingTrigger) => Delivery | Promise<Delivery> = () => ({ ok: true }),
): MemoryTarget {
  const sent: OutgoingTrigger[] = [];
  let isClosed = false;
  return {
    name: 'memory',
    sent,
    async send(trigger, signal) {
      if (isClosed) return CLOSED;
      if (signal.aborted) return ABORTED;
      const delivery = await unlessAborted(Promise.resolve(answer(trigger)), signal);
      if (delivery?.ok) sent.push(trigger);
      return delivery ?? ABORTED;
    },
    async close() {
      isClosed = true;
    },
  };
}
