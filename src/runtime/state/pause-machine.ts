/**
 * Decides whether a request that is held pauses its connector. Pure, and the only place that knows: the owner of the
 * state folder, the in-memory state of test cases and the tests all ask here.
 */

import { createHash } from 'node:crypto';
import type { PauseRecord } from '../../admin-api/records.ts';
import { type Overlay, pauseAutomatically, pauseOf, SLUICE, wasResumedFor } from './overlay.ts';
import type { NewHold } from './state.ts';

/** Requests of grade hold in a row under one behaviour. */
export interface Streak {
  readonly behaviour: string;
  readonly length: number;
}

export interface Verdict {
  readonly overlay: Overlay;
  /** The connector's streak from now on; null: none. */
  readonly streak: Streak | null;
}

export interface HeldContext {
  /** The sender sent the same event before: one event counts once. */
  readonly isRetry: boolean;
  /** ISO 8601. */
  readonly at: string;
}

/** The overlay comes back as the same object when the request pauses nothing. */
export function judgeHold(
  overlay: Overlay,
  streak: Streak | null,
  hold: NewHold,
  { isRetry, at }: HeldContext,
): Verdict {
  const unchanged = { overlay, streak };
  if (hold.grade === 'none' || pauseOf(overlay, hold.connector, hold.behaviour) !== null) return unchanged;
  const bodyDigest = digestBody(hold);
  if (wasResumedFor(overlay, hold.connector, bodyDigest)) return unchanged;
  if (hold.grade === 'pause') return paused(overlay, hold, bodyDigest, at, hold.message);
  if (isRetry) return unchanged;
  const length = streak?.behaviour === hold.behaviour ? streak.length + 1 : 1;
  if (length < hold.pauseAfter) return { overlay, streak: { behaviour: hold.behaviour, length } };
  const reason =
    length === 1 ? hold.message : `${length} requests in a row did not fit, the last: ${hold.message}`;
  return paused(overlay, hold, bodyDigest, at, reason);
}

function paused(overlay: Overlay, hold: NewHold, bodyDigest: string, at: string, reason: string): Verdict {
  const record: PauseRecord = {
    kind: 'auto',
    connector: hold.connector,
    at,
    by: SLUICE,
    reason,
    behaviour: hold.behaviour,
    code: hold.code,
    requestId: hold.requestId,
    bodyDigest,
    differences: hold.differences,
  };
  return { overlay: pauseAutomatically(overlay, record), streak: null };
}

function digestBody(hold: NewHold): string {
  return createHash('sha256').update(Buffer.from(hold.request.body, 'base64')).digest('hex');
}
