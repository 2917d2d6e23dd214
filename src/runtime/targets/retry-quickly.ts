/**
 * Another try or two within the time of one call, for what passes at once: a kept-alive connection that the other side
 * had closed, a target that asks for a moment. Everything else is for the redelivery of later.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../../outcomes/delivery.ts';

const MAX_TRIES = 3;

/** Longest Retry-After that is waited for within a call. */
const MOMENT_MS = 500;

/** Waits for a spread around this, so that many calls that failed together do not come back together. */
const JITTER_MS = 50;

export interface Attempt {
  readonly delivery: Delivery;
  /** Nothing is wrong but the connection. */
  readonly isBroken: boolean;
}

/** Waits; resolves early when the signal aborts. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>;

export const systemPause: Pause = (milliseconds, signal) =>
  sleep(milliseconds, undefined, { signal }).catch(() => {});

export async function retryQuickly(
  attempt: () => Promise<Attempt>,
  signal: AbortSignal,
  pause: Pause = systemPause,
): Promise<Delivery> {
  for (let tries = 1; ; tries += 1) {
    const { delivery, isBroken } = await attempt();
    if (delivery.ok || !delivery.retry || tries >= MAX_TRIES) return delivery;
    const asked = delivery.retryAfterMs ?? Number.POSITIVE_INFINITY;
    if (!isBroken && asked > MOMENT_MS) return delivery;
    await pause((isBroken ? 0 : asked) + Math.random() * JITTER_MS, signal);
    if (signal.aborted) return delivery;
  }
}
