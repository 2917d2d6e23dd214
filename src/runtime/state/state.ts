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
export interface NewHold extends Omit<Hold, 'format' | 'id' | 'count' | 'attempts' | 'nextAttemptAt'> {
  /** pause: pauses at once. hold: counts towards pauseAfter. none: kept without consequence (already paused, undelivered). */
  readonly grade: Grade;
  readonly pauseAfter: number;
}

export type KeepResult =
  | { readonly ok: true; readonly holdId: string; readonly paused: boolean; readonly added: boolean }
  /** Nothing was kept: the answer must be 503. */
  | { readonly ok: false; readonly reason: string };

export interface RuntimeState {
  /** The pause that applies to a connector with this behaviour digest, or null. Manual pauses apply to every digest. */
  pauseOf(connector: string, behaviour: string): PauseRecord | null;
  captureWindowOf(connector: string, now: number): CaptureWindow | null;
  /** Keeps a request durably, and pauses the connector where grade and streak say so. Never rejects. */
  keep(hold: NewHold): Promise<KeepResult>;
  /** A request fitted: ends the connector's streak of hold-graded requests. Cheap when there is none. */
  fitted(connector: string): void;
  /** Keeps a captured request and closes the window. */
  capture(connector: string, request: StoredRequest, now: number): Promise<{ readonly ok: boolean }>;
  /** Records drift (delivered, but not quite like the samples); at most the latest few per connector are listed. */
  drifted(connector: string, differences: readonly Difference[], now: number): void;
}
