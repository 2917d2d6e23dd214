/** What a target says when its time is over, and how it stops waiting for something that goes on without it. */
import type { Delivery } from '../../outcomes/delivery.ts';

export type Failure = Extract<Delivery, { readonly ok: false }>;

export const ABORTED: Failure = { ok: false, retry: true, reason: 'the target gave no answer in time' };

export const CLOSED: Failure = { ok: false, retry: true, reason: 'the target is closed' };

/** The promise's value, or null as soon as the signal aborts. The promise must not reject. */
export function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => {
    const stop = (): void => resolve(null);
    signal.addEventListener('abort', stop, { once: true });
    void promise.then((value) => {
      signal.removeEventListener('abort', stop);
      resolve(value);
    });
  });
}
