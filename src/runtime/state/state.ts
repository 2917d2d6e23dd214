/**
 * What the request pipeline needs of the state folder. One process owns the folder; worker processes reach it through
 * the owner by the same interface. Reads are synchronous on a local copy (the hot path asks for each request); writes
 * are acknowledged only when they are durable.
 */

import type { Hold, PauseRecord, StoredRequest } from '../../admin-api/records.ts';
import type { Grade } from '../../outcomes/codes.ts';
import type { Difference } from '../../stages/shape/difference.ts';

export interface CaptureWindow {
  readonly connector: string;
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
}

/** What the pipeline wants to be kept, and what the owner needs to decide whether the connector pauses. */
export interface NewHold
  extends Omit<Hold, 'format' | 'id' | 'count' | 'attempts' | 'nextAttemptAt' | 'ownEvent'> {
  /** pause: pauses at once. hold: counts towards pauseAfter. none: kept without consequence (already paused, undelivered). */
  readonly grade: Grade;
  readonly pauseAfter: number;
  /** The target said when to come again, in milliseconds since the epoch. */
  readonly nextAttemptAt?: number;
}

export type KeepResult =
  | { readonly ok: true; readonly holdId: string; readonly paused: boolean; readonly added: boolean }
  /** Nothing was kept: the answer must be 503. */
  | { readonly ok: false; readonly reason: string };

/** What became of a request that was set aside. */
export type SetAside =
  /** `holdId`: it was the last that was missing, and is a hold now, as are those before it; null: it is only kept. */
  | { readonly ok: true; readonly holdId: string | null }
  /** Nothing was kept: the answer must be 503. */
  | { readonly ok: false; readonly reason: string };

/**
 * Requests without a recipient, in a row, that are more likely a renamed member than fifty events that concern nobody:
 * they become holds.
 */
export const MAX_ASIDE = 50;

/** What every implementation promises is tried by test/conformance/runtime-state.ts. */
export interface RuntimeState {
  /**
   * False once somebody else may decide what is paused, for good or until it is known again: nothing may be delivered then,
   * and every request is answered 503. Synchronous, from a local copy.
   */
  isOurs(): boolean;
  /**
   * The pause that applies to a connector with this behaviour digest, or null. Manual pauses apply to every digest,
   * automatic ones to the digest that they name; `before` is the digest that an earlier version of the tool gave the same
   * behaviour, and its pauses apply as well. Synchronous, from a local copy; what `keep` has paused applies from the
   * moment that `keep` was called, for every later call on the same object.
   */
  pauseOf(connector: string, behaviour: string, before?: string): PauseRecord | null;
  /** The window that is open at `now` (milliseconds since the epoch), or null. Synchronous, from a local copy. */
  captureWindowOf(connector: string, now: number): CaptureWindow | null;
  /**
   * Keeps a request, and pauses the connector where grade and streak say so. Never rejects.
   *
   * - `ok: true` only once the request, and the pause that it led to, are durable. `ok: false`: neither is acknowledged.
   * - A retry, with `added: false` and the id of the hold that has it, is a request whose `retryKeyOf` a hold has: same
   *   connector, mode, event id and `requestDigest`, held for the same part of the same thing. It is counted, not added;
   *   it is acknowledged only once that hold is durable, and kept anew where that hold is gone. Calls that come together
   *   for one such request make one hold. Everything else is a hold of its own: another body under a held event id, and
   *   every request without an event id.
   * - A streak counts events under one behaviour, not requests: `streakKeyOf` counts once. `pauseAfter` of them in a row
   *   pause; `fitted` and `resume` end the streak, another behaviour starts it anew. Grade `pause` pauses at once, `none`
   *   neither pauses nor counts.
   * - An event that has paused a connector (`eventKeyOf`) never pauses it again after a resume.
   * - `paused`: whether a pause applies to the connector with `hold.behaviour` when the call resolves.
   */
  keep(hold: NewHold): Promise<KeepResult>;
  /**
   * Keeps a request that is ignored because its recipient is gone, durably and beside what is held: MAX_ASIDE of a connector
   * in a row become holds. Pauses nothing, and counts for no streak. Never rejects.
   */
  setAside(hold: NewHold): Promise<SetAside>;
  /**
   * A request fitted: ends the connector's streak of hold-graded requests. `hasRecipient`: it had somebody to tell, so what
   * was set aside is dropped. Cheap when there is neither.
   */
  fitted(connector: string, hasRecipient: boolean): void;
  /**
   * Keeps a captured request and closes the window. Of calls that come together one has it. `ok: false`: no window was
   * open, or nothing was kept, and the window is open as before.
   */
  capture(connector: string, request: StoredRequest, now: number): Promise<{ readonly ok: boolean }>;
  /**
   * Records drift (delivered, but not quite like the samples). Listed are the latest few kinds per connector, the latest
   * first, each once. May be lost when a process ends.
   */
  drifted(connector: string, differences: readonly Difference[], now: number): void;
}
