/**
 * The one process that owns a state folder: what the pipeline needs of it, and what operators, workers and redelivery need
 * besides.
 */

import type { PauseRecord } from '../../admin-api/records.ts';
import type { CaptureStatus, OpenedWindow } from './capturing.ts';
import type { Drift } from './drift-log.ts';
import type { BundleCache } from './files/bundle-cache.ts';
import type { Written } from './files/durable-file.ts';
import type { HoldStore } from './files/hold-store.ts';
import type { NotifiedStore } from './files/notified-store.ts';
import type { EverythingPaused, HistoryEntry } from './overlay.ts';
import type { SnapshotPart, StateSnapshot } from './snapshot.ts';
import type { CaptureWindow, RuntimeState } from './state.ts';

/** Part of a snapshot that changed, or `held`: a request was kept, changed or removed. */
export type StateChange = { readonly kind: SnapshotPart } | { readonly kind: 'held'; readonly id: string };

export interface Operator {
  readonly by: string;
  readonly reason?: string;
}

export interface StateOwner extends RuntimeState {
  readonly folder: string;
  readonly holds: Omit<HoldStore, 'keep' | 'restore' | 'settled'>;
  readonly bundles: BundleCache;
  /** What the operator's webhook was told. */
  readonly notified: NotifiedStore;
  /** Ends only by `resume`. Applies at once; not ok: it applies, but would not survive a restart yet. */
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
  openCapture(connector: string, seconds?: number): OpenedWindow;
  closeCapture(connector: string): void;
  captureWindows(): readonly CaptureWindow[];
  captureStatus(connector: string): Promise<CaptureStatus>;
  /** How many requests without a recipient are kept for a while, as it may have been renamed. */
  asideOf(connector: string): number;
  /** Newest first. */
  driftOf(connector: string): readonly Drift[];
  snapshot(): StateSnapshot;
  /** Called synchronously on every change. Returns how to stop it. */
  subscribe(listener: (change: StateChange) => void): () => void;
  /** Tries whether anything could be kept now; `problems` says what came of it. Never rejects. */
  check(): Promise<void>;
  /** Hears after the folder was deleted under this process and is there again; pauses and holds are written by then. */
  onRestored(listener: () => void): void;
  /** What is wrong with the folder now, for status and log: sentences for people. */
  problems(): readonly string[];
  /** Waits for what is being written, and lets go of the folder. Nothing is kept after that. */
  close(): Promise<void>;
}
