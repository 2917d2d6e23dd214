/**
 * The one process that owns a state folder: what the pipeline needs of it, and what operators, workers and redelivery
 * need besides. Restricting happens in memory at once; a request counts as kept only when it is durable. Disk failures
 * come back as values, and the next attempt tries again.
 */
import { systemTimer, type Timer } from '../deliver.ts';
import { type BundleCache, openBundleCache } from './bundle-cache.ts';
import { openCaptureStore } from './capture-store.ts';
import type { CaptureStatus, OpenedWindow } from './capturing.ts';
import type { Drift } from './drift-log.ts';
import { ensureFolder, removeTemporaries, type Written } from './durable-file.ts';
import { fenceFileSystem } from './fenced-file-system.ts';
import { describeFailure, type FileSystem, nodeFileSystem } from './file-system.ts';
import { FolderOwner } from './folder-owner.ts';
import { DEFAULT_HOLD_LIMITS, type HoldLimits } from './hold-index.ts';
import { type HoldStore, openHoldStore } from './hold-store.ts';
import { type TakeKernelLock, takeSqliteLock } from './kernel-lock.ts';
import { type NotifiedStore, openNotifiedStore } from './notified-store.ts';
import type { EverythingPaused, HistoryEntry } from './overlay.ts';
import { openOverlayStore } from './overlay-store.ts';
import { type Identity, thisProcess } from './owner-info.ts';
import { acquireOwnerLock, unusable } from './owner-lock.ts';
import type { SnapshotPart, StateSnapshot } from './snapshot.ts';
import type { CaptureWindow, PauseRecord, RuntimeState } from './state.ts';

export interface StateOwnerOptions {
  readonly folder: string;
  readonly holdLimits?: HoldLimits;
  readonly fileSystem?: FileSystem;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow?: () => number;
  readonly timer?: Timer;
  readonly identity?: Identity;
  readonly takeKernelLock?: TakeKernelLock;
}

export type OpenedState =
  | { readonly ok: true; readonly owner: StateOwner }
  /** A sentence for people: who has the folder, or why it cannot be used. */
  | { readonly ok: false; readonly message: string };

/** Part of a snapshot that changed, or `held`: a request was kept, changed or removed. */
export type StateChange = { readonly kind: SnapshotPart } | { readonly kind: 'held'; readonly id: string };

export interface Operator {
  readonly by: string;
  readonly reason?: string;
}

export interface StateOwner extends RuntimeState {
  readonly folder: string;
  readonly holds: Omit<HoldStore, 'keep' | 'isRetry' | 'settled'>;
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
  /** Newest first. */
  driftOf(connector: string): readonly Drift[];
  snapshot(): StateSnapshot;
  /** Called synchronously on every change. Returns how to stop it. */
  subscribe(listener: (change: StateChange) => void): () => void;
  /** What is wrong with the folder now, for status and log: sentences for people. */
  problems(): readonly string[];
  /** Waits for what is being written, and lets go of the folder. Nothing is kept after that. */
  close(): Promise<void>;
}

/** Never rejects for what a folder, its files or another process may be like. */
export async function openStateOwner(options: StateOwnerOptions): Promise<OpenedState> {
  const { folder } = options;
  const fileSystem = options.fileSystem ?? nodeFileSystem;
  const now = options.now ?? Date.now;
  const monotonicNow = options.monotonicNow ?? (() => performance.now());
  const timer = options.timer ?? systemTimer;
  try {
    await ensureFolder(fileSystem, folder);
  } catch (error) {
    return { ok: false, message: unusable(folder, describeFailure(error)) };
  }
  const { identity = thisProcess(), takeKernelLock = takeSqliteLock } = options;
  const locked = await acquireOwnerLock({
    fileSystem,
    folder,
    now,
    monotonicNow,
    timer,
    identity,
    takeKernelLock,
  });
  if (!locked.ok) return locked;
  const { lock } = locked;
  // Where the disk is full the lock is not held for sure yet, but what is opened now was nobody's a moment ago.
  let isOpening = true;
  const owned = fenceFileSystem(fileSystem, () => isOpening || lock.isHeld());
  try {
    await removeTemporaries(owned, folder);
    const overlay = await openOverlayStore({ fileSystem: owned, folder, now, timer });
    const limits = options.holdLimits ?? DEFAULT_HOLD_LIMITS;
    const holds = await openHoldStore({ fileSystem: owned, folder, now, limits });
    const captures = await openCaptureStore(owned, folder);
    const bundles = await openBundleCache(owned, folder);
    const notified = await openNotifiedStore(owned, folder);
    isOpening = false;
    const parts = { folder, now, lock, overlay, holds, captures, bundles, notified };
    return { ok: true, owner: new FolderOwner(parts) };
  } catch (error) {
    await lock.release();
    return { ok: false, message: unusable(folder, describeFailure(error)) };
  }
}
