/**
 * When two requests are one: the keys by which every implementation of the state recognises a retry, an event in a streak,
 * and another request of a held event. In: what is kept of a request. Out: SHA-256 in hex, as ids come from payloads and
 * may be long. An event id alone never says that two requests are the same.
 */

import { createHash } from 'node:crypto';
import type { Hold } from '../../admin-api/records.ts';
import type { NewHold } from './state.ts';

/**
 * The same for a retry of a held request; null where the event has no id. Requests held for how they look and triggers
 * held for want of a target are never merged, nor test and live, nor different parts of a batch, nor different contents
 * under one id: each would lose something of the other.
 */
export function retryKeyOf(hold: NewHold | Hold): string | null {
  if (hold.sourceId === null) return null;
  const hasTriggers = hold.triggers.length > 0;
  const part = hasTriggers ? hold.triggers.map((trigger) => trigger.flowInvocationId) : hold.elements;
  return digest([hold.connector, hold.mode, hold.sourceId, hold.requestDigest, hasTriggers, part]);
}

/** The same for all requests of one event, whatever they say: they share its invocation id. null: it shares none. */
export function heldEventOf(hold: Pick<Hold, 'connector' | 'mode' | 'sourceId' | 'ownEvent'>): string | null {
  const isAlone = hold.sourceId === null || hold.ownEvent === true;
  return isAlone ? null : digest([hold.connector, hold.mode, hold.sourceId]);
}

/** What a streak counts once: the event; a request without an event id is an event of its own. */
export function streakKeyOf(hold: Pick<NewHold, 'sourceId' | 'requestId'>): string {
  return digest(hold.sourceId === null ? ['request', hold.requestId] : ['event', hold.sourceId]);
}

/** What pauses a connector once: the event; where it has no id, a request that says the same. */
export function eventKeyOf(hold: Pick<NewHold, 'sourceId' | 'requestDigest'>): string {
  return digest(hold.sourceId === null ? ['request', hold.requestDigest] : ['event', hold.sourceId]);
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
