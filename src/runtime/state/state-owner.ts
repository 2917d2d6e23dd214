/**
 * The process of a replica that has its state, a folder of its own or a database that all share: what the pipeline needs of
 * it, and what operators, workers and redelivery need besides.
 */

import type { PauseRecord } from '../../admin-api/records.ts';
import type { CaptureStatus, OpenedWindow } from './capturing.ts';
import type { Drift } from './drift-log.ts';
import type { BundleCache } from './files/bundle-cache.ts';
import type { Written } from './files/durable-file.ts';
import type { HoldStore } from './files/hold-store.ts';
import type { NotifiedStore } from './notified.ts';
import type { EverythingPaused, HistoryEntry } from './overlay.ts';
import type { SnapshotPart, StateSnapshot } from './snapshot.ts';
import type { CaptureWindow, RuntimeState } from './state.ts';

/** Part of a snapshot that changed, or `held`: a request was kept, changed or removed. */
export type StateChange = { readonly kind: SnapshotPart } | { readonly kind: 'held'; readonly id: string };

export interface Operator {
  readonly by: string;
  readonly reason?: string;
}

export type Holds = Omit<HoldStore, 'keep' | 'restore' | 'settled'>;

/** Work on what is held that one process does for all who share the state. */
export interface Duty {
  /** `holds`: as `StateOwner.holds`; refuses changes once another process has the work. */
  start(holds: Holds): void | Promise<void>;
  /** Resolves when nothing of it goes on. May be called when it was not started. */
  stop(): Promise<void>;
}

/** Of a state that several replicas share. */
export interface SharedDatabase {
  readonly isUp: boolean;
  /** Holds that wait on this replica's disk for the database. */
  readonly spooled: number;
}

export interface StateOwner extends RuntimeState {
  /** What this replica has for itself: its token, the last good bundle. */
  readonly folder: string;
  readonly holds: Holds;
  readonly bundles: BundleCache;
  /** What the operator's webhook was told. */
  readonly notified: NotifiedStore;
  /**
   * Ends only by `resume`. Applies at once; not ok: it applies, but would not survive a restart yet, or nothing was done
   * (`isUndone`).
   */
  pause(connector: string, operator: Operator): Promise<Written>;
  /** Of one connector, or of EVERY_CONNECTOR. Applies at once. */
  resume(connector: string, operator: Operator): Promise<Written>;
  /** Every pause that is recorded, whichever behaviour it is bound to. */
  pauses(): readonly PauseRecord[];
  /** There when an earlier overlay could not be read: every connector is paused but those resumed since. */
  everythingPaused(): EverythingPaused | null;
  /** Who paused and resumed what, and why; the latest last. */
  history(): readonly HistoryEntry[];
  /** `seconds`: 1 to 3600, 300 by default. */
  openCapture(connector: string, seconds?: number): OpenedWindow | Promise<OpenedWindow>;
  closeCapture(connector: string): void | Promise<void>;
  captureWindows(): readonly CaptureWindow[];
  captureStatus(connector: string): Promise<CaptureStatus>;
  /** How many requests without a recipient are kept for a while, as it may have been renamed. */
  asideOf(connector: string): number;
  /** Newest first. */
  driftOf(connector: string): readonly Drift[];
  snapshot(): StateSnapshot;
  /** Called synchronously on every change. Returns how to stop it. */
  subscribe(listener: (change: StateChange) => void): () => void;
  /**
   * Has the work done here whenever this process is the one to do it, from when all holds are known. Resolves when it has
   * begun, or is another's. Called once; `close` ends it.
   */
  whileInCharge(duty: Duty): Promise<void>;
  /** Tries whether anything could be kept now; `problems` says what came of it. Never rejects. */
  check(): Promise<void>;
  /** null: this process alone has the state. */
  database(): SharedDatabase | null;
  /** Why it is not known what is held, where that may stay so: a sentence for people. null: it is known, or about to be. */
  unread(): string | null;
  /** Hears after the folder was deleted under this process and is there again; pauses and holds are written by then. */
  onRestored(listener: () => void): void;
  /** What is wrong with the folder now, for status and log: sentences for people. */
  problems(): readonly string[];
  /** Waits for what is being written, and lets go of the folder. Nothing is kept after that. */
  close(): Promise<void>;
}
