/**
 * A state folder that is open, with its parts behind one face. Restricting happens in memory at once; a request counts as
 * kept only when it is durable. Disk failures come back as values, and the next attempt tries again.
 */
import type { PauseRecord, StoredRequest } from '../../../admin-api/records.ts';
import type { Difference } from '../../../stages/shape/difference.ts';
import { Aside } from '../aside.ts';
import { type CaptureStatus, Capturing, type OpenedWindow } from '../capturing.ts';
import { isConnectorId } from '../connector-id.ts';
import type { Drift } from '../drift-log.ts';
import {
  allPauses,
  EVERY_CONNECTOR,
  type EverythingPaused,
  type HistoryEntry,
  pauseManually,
  resume,
} from '../overlay.ts';
import { Restrictions } from '../restrictions.ts';
import type { StateSnapshot } from '../snapshot.ts';
import type { CaptureWindow, KeepResult, NewHold, SetAside } from '../state.ts';
import type { Duty, Operator, StateChange, StateOwner } from '../state-owner.ts';
import type { BundleCache } from './bundle-cache.ts';
import type { CaptureStore } from './capture-store.ts';
import { WRITTEN, type Written } from './durable-file.ts';
import type { FileSystem } from './file-system.ts';
import type { OwnerLock } from './heartbeat-lock.ts';
import type { HoldStore } from './hold-store.ts';
import type { NotifiedFile } from './notified-store.ts';
import type { OverlayStore } from './overlay-store.ts';
import { probeFolder } from './probe-folder.ts';

/** What a state folder is made of, opened. */
export interface FolderParts {
  readonly folder: string;
  readonly fileSystem: FileSystem;
  readonly now: () => number;
  readonly lock: OwnerLock;
  readonly overlay: OverlayStore;
  readonly holds: HoldStore;
  /** Requests that are ignored as their recipient is gone. */
  readonly aside: HoldStore;
  readonly captures: CaptureStore;
  readonly bundles: BundleCache;
  readonly notified: NotifiedFile;
}

export class FolderOwner implements StateOwner {
  readonly holds: StateOwner['holds'];
  readonly #parts: FolderParts;
  readonly #restrictions: Restrictions;
  readonly #capturing: Capturing;
  readonly #aside: Aside;
  readonly #listeners = new Set<(change: StateChange) => void>();
  readonly #restored = new Set<() => void>();
  #closed = false;
  /** Why nothing could be kept when it was last tried. */
  #unwritable: string | null = null;
  /** What was lost when the folder was deleted, for people. */
  #deletion: string | null = null;

  constructor(parts: FolderParts) {
    this.#parts = parts;
    this.#restrictions = new Restrictions({
      now: parts.now,
      overlay: () => parts.overlay.current(),
      isOurs: () => this.isOurs(),
      changed: (kind) => this.#announce({ kind }),
    });
    parts.lock.watch({
      restored: () => void this.#restore(),
      lost: () => this.#announce({ kind: 'isOurs' }),
    });
    this.#capturing = new Capturing(this.#restrictions, parts.captures);
    const { holds } = parts;
    this.#aside = new Aside({
      aside: parts.aside,
      keepHold: async (hold) => {
        const kept = await holds.keep(hold);
        if (kept.ok) this.#announce({ kind: 'held', id: kept.id });
        return kept;
      },
      changed: () => this.#announce({ kind: 'streaks' }),
    });
    this.holds = {
      read: holds.read,
      list: (filter) => holds.list(filter),
      summary: (id) => holds.summary(id),
      othersOf: (id) => holds.othersOf(id),
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

  get notified(): NotifiedFile {
    return this.#parts.notified;
  }

  isOurs(): boolean {
    return this.#parts.lock.isOurs();
  }

  pauseOf(connector: string, behaviour: string, before?: string): PauseRecord | null {
    return this.#restrictions.pauseOf(connector, behaviour, before);
  }

  async keep(hold: NewHold): Promise<KeepResult> {
    const unavailable = this.#unavailable();
    if (unavailable !== null) return { ok: false, reason: unavailable };
    const { holds } = this.#parts;
    // The pause applies before anything is awaited: no later request may slip past it.
    const counted = this.#restrictions.count(hold);
    const pausing = counted === this.#parts.overlay.current() ? WRITTEN : this.#applyOverlay(() => counted);
    const [kept] = await Promise.all([holds.keep(hold), pausing]);
    if (!kept.ok) {
      void this.check();
      return kept;
    }
    this.#unwritable = null;
    this.#announce({ kind: 'held', id: kept.id });
    const paused = this.pauseOf(hold.connector, hold.behaviour) !== null;
    return { ok: true, holdId: kept.id, paused, added: kept.added };
  }

  async setAside(hold: NewHold): Promise<SetAside> {
    const unavailable = this.#unavailable();
    return unavailable === null ? this.#aside.keep(hold) : { ok: false, reason: unavailable };
  }

  asideOf(connector: string): number {
    return this.#aside.count(connector);
  }

  fitted(connector: string, hasRecipient: boolean): void {
    this.#restrictions.endStreak(connector);
    if (hasRecipient) this.#aside.drop(connector);
  }

  captureWindowOf(connector: string, now: number): CaptureWindow | null {
    return this.#restrictions.captureWindowOf(connector, now);
  }

  async capture(connector: string, request: StoredRequest, now: number): Promise<{ ok: boolean }> {
    return this.#unavailable() === null ? this.#capturing.capture(connector, request, now) : { ok: false };
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

  openCapture(connector: string, seconds?: number): OpenedWindow {
    return this.#capturing.open(connector, seconds);
  }

  closeCapture(connector: string): void {
    this.#restrictions.closeWindow(connector);
  }

  captureWindows(): readonly CaptureWindow[] {
    return this.#restrictions.snapshot().windows;
  }

  captureStatus(connector: string): Promise<CaptureStatus> {
    return this.#capturing.status(connector, this.#parts.now());
  }

  driftOf(connector: string): readonly Drift[] {
    return this.#restrictions.driftOf(connector);
  }

  snapshot(): StateSnapshot {
    const snapshot = this.#restrictions.snapshot();
    return { ...snapshot, streaks: [...new Set([...snapshot.streaks, ...this.#aside.connectors()])] };
  }

  subscribe(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async check(): Promise<void> {
    const { folder, fileSystem, lock } = this.#parts;
    // Who cannot be sure of the folder writes nothing, and says so.
    if (this.#closed || !lock.isHeld()) return;
    this.#unwritable = await probeFolder(fileSystem, folder);
  }

  onRestored(listener: () => void): void {
    this.#restored.add(listener);
  }

  async whileInCharge(duty: Duty): Promise<void> {
    await this.holds.read;
    if (!this.#closed) await duty.start(this.holds);
  }

  database(): null {
    return null;
  }

  unread(): null {
    return null;
  }

  problems(): readonly string[] {
    const { lock, overlay, holds, aside, bundles, notified } = this.#parts;
    const unheld = lock.problem();
    return [
      ...(unheld === null ? [] : [unheld]),
      ...(this.#unwritable === null ? [] : [this.#unwritable]),
      ...(this.#deletion === null ? [] : [this.#deletion]),
      ...overlay.problems(),
      ...holds.problems(),
      ...aside.problems(),
      ...bundles.problems(),
      ...notified.problems(),
    ];
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#parts.aside.settled();
    await this.#parts.holds.settled();
    await this.#parts.notified.settled();
    await this.#parts.overlay.close();
    await this.#parts.lock.release();
  }

  /** Somebody deleted the folder under us: what is known is written again, what is gone is said. */
  async #restore(): Promise<void> {
    const { overlay, holds, bundles, notified } = this.#parts;
    const before = holds.list().holds.length;
    await Promise.all([overlay.restore(), bundles.restore(), notified.restore()]);
    const lost = await holds.restore();
    const what =
      before === 0 ? 'nothing was held in it' : `${lost} of ${before} held requests were in it and are lost`;
    this.#deletion = `the state folder "${this.#parts.folder}" was deleted while this process was running (noticed ${this.#time()}) and is there again: ${what}; find out who deletes it, then restart`;
    this.#announce({ kind: 'overlay' });
    for (const listener of this.#restored) listener();
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
