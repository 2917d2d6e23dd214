/**
 * Recognises a sender's retry of a request that is held, or is just being written. Knows digests, not events.
 */
import type { Hold } from '../../../admin-api/records.ts';
import { retryKeyOf } from '../same-request.ts';
import type { NewHold } from '../state.ts';
import { WRITTEN, type Written } from './durable-file.ts';

export interface HeldRequest {
  /** Id of the hold. */
  readonly id: string;
  /** Whether the hold became durable: a retry is acknowledged only then. */
  readonly durable: Promise<Written>;
}

export class HeldRequests {
  readonly #byKey = new Map<string, HeldRequest>();
  readonly #keyOf = new Map<string, string>();

  find(hold: NewHold): HeldRequest | null {
    const key = retryKeyOf(hold);
    return key === null ? null : (this.#byKey.get(key) ?? null);
  }

  remember(hold: Hold, durable: Promise<Written>): void {
    const key = retryKeyOf(hold);
    if (key === null) return;
    this.#byKey.set(key, { id: hold.id, durable });
    this.#keyOf.set(hold.id, key);
  }

  /** One of an earlier process; where the same has come again meanwhile, a further retry counts for that. */
  adopt(hold: Hold): void {
    const key = retryKeyOf(hold);
    if (key !== null && !this.#byKey.has(key)) this.remember(hold, Promise.resolve(WRITTEN));
  }

  forget(id: string): void {
    const key = this.#keyOf.get(id);
    if (key === undefined) return;
    this.#keyOf.delete(id);
    if (this.#byKey.get(key)?.id === id) this.#byKey.delete(key);
  }
}
