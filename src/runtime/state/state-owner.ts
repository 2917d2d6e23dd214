/**
 * The one process that owns a state folder: what the pipeline needs of it, and what operators, workers and redelivery
 * need besides. Restricting happens in memory at once; a request counts as kept only when it is durable. Disk failures
 * come back as values, and the next attempt tries again.
 */
import type { Difference } from '../../stages/shape/difference.ts';
import { systemTimer, type Timer } from '../deliver.ts';
import { type BundleCache, openBundleCache } from './bundle-cache.ts';
import { type Capture, type CaptureStore, openCaptureStore } from './capture-store.ts';
import { DEFAULT_CAPTURE_SECONDS, MAX_CAPTURE_SECONDS } from './capture-windows.ts';
import { isConnectorId } from './connector-id.ts';
import type { Drift } from './drift-log.ts';
import { ensureFolder, removeTemporaries, WRITTEN, type Written } from './durable-file.ts';
import { fenceFileSystem } from './fenced-file-system.ts';
import { describeFailure, type FileSystem, nodeFileSystem } from './file-system.ts';
import { DEFAULT_HOLD_LIMITS, type HoldLimits } from './hold-index.ts';
import { type HoldStore, openHoldStore } from './hold-store.ts';
import { type TakeKernelLock, takeSqliteLock } from './kernel-lock.ts';
import {
  allPauses,
  EVERY_CONNECTOR,
  type EverythingPaused,
  type HistoryEntry,
  pauseManually,
  resume,
} from './overlay.ts';
import { type OverlayStore, openOverlayStore } from './overlay-store.ts';
import { acquireOwnerLock, type Identity, type OwnerLock, thisProcess, unusable } from './owner-lock.ts';
import { Restrictions } from './restrictions.ts';
import type { SnapshotPart, StateSnapshot } from './snapshot.ts';
import type {
  CaptureWindow,
  KeepResult,
  NewHold,
  PauseRecord,
  RuntimeState,
  StoredRequest,
} from './state.ts';

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

export type OpenedWindow =
  | { readonly ok: true; readonly window: CaptureWindow }
  | { readonly ok: false; readonly reason: string };

export interface CaptureStatus {
  readonly window: CaptureWindow | null;
  readonly latest: Capture | null;
}

export interface StateOwner extends RuntimeState {
  readonly folder: string;
  readonly holds: Omit<HoldStore, 'keep' | 'isRetry' | 'settled'>;
  readonly bundles: BundleCache;
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
  const owned = fenceFileSystem(fileSystem, () => lock.isHeld());
  try {
    await removeTemporaries(owned, folder);
    const overlay = await openOverlayStore({ fileSystem: owned, folder, now, timer });
    const limits = options.holdLimits ?? DEFAULT_HOLD_LIMITS;
    const holds = await openHoldStore({ fileSystem: owned, folder, now, limits });
    const captures = await openCaptureStore(owned, folder);
    const bundles = await openBundleCache(owned, folder);
    return { ok: true, owner: new FolderOwner({ folder, now, lock, overlay, holds, captures, bundles }) };
  } catch (error) {
    await lock.release();
    return { ok: false, message: unusable(folder, describeFailure(error)) };
  }
}

interface Parts {
  readonly folder: string;
  readonly now: () => number;
  readonly lock: OwnerLock;
  readonly overlay: OverlayStore;
  readonly holds: HoldStore;
  readonly captures: CaptureStore;
  readonly bundles: BundleCache;
}

class FolderOwner implements StateOwner {
  readonly holds: StateOwner['holds'];
  readonly #parts: Parts;
  readonly #restrictions: Restrictions;
  /** Captures that are being written. */
  readonly #capturing = new Map<string, Promise<Written>>();
  readonly #listeners = new Set<(change: StateChange) => void>();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#restrictions = new Restrictions({
      now: parts.now,
      overlay: () => parts.overlay.current(),
      changed: (kind) => this.#announce({ kind }),
    });
    const { holds } = parts;
    this.holds = {
      list: (filter) => holds.list(filter),
      summary: (id) => holds.summary(id),
      get: (id) => holds.get(id),
      remove: (id) => this.#announcing(id, holds.remove(id)),
      update: (id, changes, ifCode) => this.#announcing(id, holds.update(id, changes, ifCode)),
      counts: (connector) => holds.counts(connector),
      connectors: () => holds.connectors(),
      problems: () => holds.problems(),
    };
  }

  get folder(): string {
    return this.#parts.folder;
  }

  get bundles(): BundleCache {
    return this.#parts.bundles;
  }

  pauseOf(connector: string, behaviour: string): PauseRecord | null {
    return this.#restrictions.pauseOf(connector, behaviour);
  }

  async keep(hold: NewHold): Promise<KeepResult> {
    const unavailable = this.#unavailable();
    if (unavailable !== null) return { ok: false, reason: unavailable };
    const { holds } = this.#parts;
    // The pause applies before anything is awaited: no later request may slip past it.
    const judged = this.#restrictions.judge(hold, holds.isRetry(hold));
    const pausing = judged === this.#parts.overlay.current() ? WRITTEN : this.#applyOverlay(() => judged);
    const [kept] = await Promise.all([holds.keep(hold), pausing]);
    if (!kept.ok) return kept;
    this.#announce({ kind: 'held', id: kept.id });
    const paused = this.pauseOf(hold.connector, hold.behaviour) !== null;
    return { ok: true, holdId: kept.id, paused, added: kept.added };
  }

  fitted(connector: string): void {
    this.#restrictions.endStreak(connector);
  }

  captureWindowOf(connector: string, now: number): CaptureWindow | null {
    return this.#restrictions.captureWindowOf(connector, now);
  }

  async capture(connector: string, request: StoredRequest, now: number): Promise<{ ok: boolean }> {
    // Claimed before anything is awaited: one window takes one request.
    const window = this.#unavailable() === null ? this.#restrictions.claimWindow(connector, now) : null;
    if (window === null) return { ok: false };
    const writing = this.#parts.captures.keep(connector, request, now);
    this.#capturing.set(connector, writing);
    const written = await writing;
    this.#capturing.delete(connector);
    if (!written.ok) this.#restrictions.giveBackWindow(window);
    return { ok: written.ok };
  }

  drifted(connector: string, differences: readonly Difference[], now: number): void {
    this.#restrictions.drifted(connector, differences, now);
  }

  async pause(connector: string, { by, reason = 'paused by an operator' }: Operator): Promise<Written> {
    if (!isConnectorId(connector))
      return { ok: false, reason: `"${connector}" is not the id of a connector` };
    const at = this.#time();
    return this.#applyOverlay((overlay) => pauseManually(overlay, connector, { by, at, reason }));
  }

  async resume(connector: string, { by, reason = 'resumed by an operator' }: Operator): Promise<Written> {
    if (connector !== EVERY_CONNECTOR && !isConnectorId(connector))
      return { ok: false, reason: `"${connector}" is not the id of a connector` };
    const at = this.#time();
    if (connector === EVERY_CONNECTOR) this.#restrictions.endStreaks();
    else this.#restrictions.endStreak(connector);
    return this.#applyOverlay((overlay) => resume(overlay, connector, { by, at, reason }));
  }

  pauses(): readonly PauseRecord[] {
    return allPauses(this.#parts.overlay.current());
  }

  everythingPaused(): EverythingPaused | null {
    return this.#parts.overlay.current().everything;
  }

  history(): readonly HistoryEntry[] {
    return this.#parts.overlay.current().history;
  }

  openCapture(connector: string, seconds: number = DEFAULT_CAPTURE_SECONDS): OpenedWindow {
    if (!isConnectorId(connector))
      return { ok: false, reason: `"${connector}" is not the id of a connector` };
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_CAPTURE_SECONDS) {
      return {
        ok: false,
        reason: `"${seconds}" is not a number of seconds from 1 to ${MAX_CAPTURE_SECONDS}`,
      };
    }
    return { ok: true, window: this.#restrictions.openWindow(connector, seconds) };
  }

  closeCapture(connector: string): void {
    this.#restrictions.closeWindow(connector);
  }

  captureWindows(): readonly CaptureWindow[] {
    return this.#restrictions.snapshot().windows;
  }

  async captureStatus(connector: string): Promise<CaptureStatus> {
    // In this order: whoever sees that the window is closed must also see what closed it.
    const window = this.captureWindowOf(connector, this.#parts.now());
    await this.#capturing.get(connector);
    return { window, latest: await this.#parts.captures.latest(connector) };
  }

  driftOf(connector: string): readonly Drift[] {
    return this.#restrictions.driftOf(connector);
  }

  snapshot(): StateSnapshot {
    return this.#restrictions.snapshot();
  }

  subscribe(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  problems(): readonly string[] {
    const { lock, overlay, holds, bundles } = this.#parts;
    const unheld = lock.problem();
    return [
      ...(unheld === null ? [] : [unheld]),
      ...overlay.problems(),
      ...holds.problems(),
      ...bundles.problems(),
    ];
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#parts.holds.settled();
    await this.#parts.overlay.close();
    await this.#parts.lock.release();
  }

  #unavailable(): string | null {
    if (this.#closed) return 'the state folder was closed';
    if (this.#parts.lock.isHeld()) return null;
    return this.#parts.lock.problem() ?? 'it is not sure that this process still owns the state folder';
  }

  #applyOverlay(change: Parameters<OverlayStore['apply']>[0]): Promise<Written> {
    const { overlay } = this.#parts;
    const before = overlay.current();
    const applied = overlay.apply(change);
    if (overlay.current() !== before) this.#announce({ kind: 'overlay' });
    return applied;
  }

  async #announcing(id: string, changing: Promise<Written>): Promise<Written> {
    const written = await changing;
    this.#announce({ kind: 'held', id });
    return written;
  }

  #announce(change: StateChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #time(): string {
    return new Date(this.#parts.now()).toISOString();
  }
}
