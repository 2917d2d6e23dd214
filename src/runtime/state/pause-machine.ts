/**
 * Decides whether a request that is held pauses its connector. Pure, and the only place that knows: the owner of the
 * state folder, the in-memory state of test cases and the tests all ask here.
 */

import { createHash } from 'node:crypto';
import type { PauseRecord } from '../../admin-api/records.ts';
import { type Overlay, pauseAutomatically, pauseOf, SLUICE, wasResumedFor } from './overlay.ts';
import { eventKeyOf, streakKeyOf } from './same-request.ts';
import type { NewHold } from './state.ts';

/** Events of grade hold in a row under one behaviour. */
export interface Streak {
  readonly behaviour: string;
  /** `streakKeyOf` of each, fewer than the connector's `pauseAfter`. */
  readonly events: readonly string[];
}

export interface Verdict {
  readonly overlay: Overlay;
  /** The connector's streak from now on; null: none. */
  readonly streak: Streak | null;
}

/** `at`: ISO 8601. The overlay comes back as the same object when the request pauses nothing. */
export function countHold(overlay: Overlay, streak: Streak | null, hold: NewHold, at: string): Verdict {
  const unchanged = { overlay, streak };
  if (hold.grade === 'none' || pauseOf(overlay, hold.connector, hold.behaviour) !== null) return unchanged;
  // Overlays of earlier versions know bodies, not events.
  if (wasResumedFor(overlay, hold.connector, [eventKeyOf(hold), digestBody(hold)])) return unchanged;
  if (hold.grade === 'pause') return paused(overlay, hold, at, hold.message);
  const before = streak?.behaviour === hold.behaviour ? streak.events : [];
  const key = streakKeyOf(hold);
  if (before.includes(key)) return unchanged;
  const events = [...before, key];
  if (events.length < hold.pauseAfter) return { overlay, streak: { behaviour: hold.behaviour, events } };
  const reason =
    events.length === 1
      ? hold.message
      : `${events.length} requests in a row did not fit, the last: ${hold.message}`;
  return paused(overlay, hold, at, reason);
}

function paused(overlay: Overlay, hold: NewHold, at: string, reason: string): Verdict {
  const record: PauseRecord = {
    kind: 'auto',
    connector: hold.connector,
    at,
    by: SLUICE,
    reason,
    behaviour: hold.behaviour,
    code: hold.code,
    requestId: hold.requestId,
    event: eventKeyOf(hold),
    differences: hold.differences,
  };
  return { overlay: pauseAutomatically(overlay, record), streak: null };
}

function digestBody(hold: NewHold): string {
  return createHash('sha256').update(Buffer.from(hold.request.body, 'base64')).digest('hex');
}
