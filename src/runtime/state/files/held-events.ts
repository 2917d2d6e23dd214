/**
 * Recognises a sender's retry of an event that is held, or is just being written. Knows digests, not events.
 */

import { createHash } from 'node:crypto';
import type { Hold } from '../../../admin-api/records.ts';
import type { NewHold } from '../state.ts';
import type { Written } from './durable-file.ts';

export interface HeldEvent {
  /** Id of the hold. */
  readonly id: string;
  /** Whether the hold became durable: a retry is acknowledged only then. */
  readonly durable: Promise<Written>;
}

export class HeldEvents {
  readonly #byKey = new Map<string, HeldEvent>();
  readonly #keyOf = new Map<string, string>();

  find(hold: NewHold): HeldEvent | null {
    const key = retryKey(hold);
    return key === null ? null : (this.#byKey.get(key) ?? null);
  }

  remember(hold: Hold, durable: Promise<Written>): void {
    const key = retryKey(hold);
    if (key === null) return;
    this.#byKey.set(key, { id: hold.id, durable });
    this.#keyOf.set(hold.id, key);
  }

  forget(id: string): void {
    const key = this.#keyOf.get(id);
    if (key === undefined) return;
    this.#keyOf.delete(id);
    if (this.#byKey.get(key)?.id === id) this.#byKey.delete(key);
  }
}

/**
 * The same for a retry of a held event, null where the event has no id. Requests held for how they look and triggers
 * held for want of a target are never merged, nor test and live, nor different parts of a batch: each would lose
 * something of the other.
 */
function retryKey(hold: NewHold | Hold): string | null {
  if (hold.sourceId === null) return null;
  const part =
    hold.triggers.length > 0 ? hold.triggers.map((trigger) => trigger.flowInvocationId) : hold.elements;
  const key = JSON.stringify([hold.connector, hold.mode, hold.sourceId, hold.triggers.length > 0, part]);
  // Ids come from payloads and may be long.
  return createHash('sha256').update(key).digest('base64');
}
