/** A state that lives in memory and keeps everything: for test cases, previews and tests. Decides as the owner of a state folder does. */
import type { Hold, PauseRecord, StoredRequest } from '../../admin-api/records.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import { DEFAULT_CAPTURE_SECONDS } from './capture-windows.ts';
import type { Drift } from './drift-log.ts';
import { WRITTEN } from './files/durable-file.ts';
import { HeldRequests } from './files/held-requests.ts';
import { newHold } from './files/hold-format.ts';
import { createHoldIds } from './hold-id.ts';
import { EMPTY_OVERLAY, EVERY_CONNECTOR, type Overlay, pauseManually, resume } from './overlay.ts';
import { Restrictions } from './restrictions.ts';
import { retryKeyOf } from './same-request.ts';
import {
  type CaptureWindow,
  type KeepResult,
  MAX_ASIDE,
  type NewHold,
  type RuntimeState,
  type SetAside,
} from './state.ts';

export interface MemoryState extends RuntimeState {
  pause(connector: string, operator: { readonly by: string; readonly reason?: string }): void;
  /** Of one connector, or of EVERY_CONNECTOR. */
  resume(connector: string, operator: { readonly by: string }): void;
  openCapture(connector: string, seconds?: number): void;
  /** Oldest first. */
  holds(): readonly Hold[];
  captures(): readonly { readonly connector: string; readonly request: StoredRequest }[];
  driftOf(connector: string): readonly Drift[];
  asideOf(connector: string): number;
}

export function createMemoryState(now: () => number): MemoryState {
  return new KeptInMemory(now);
}

class KeptInMemory implements MemoryState {
  readonly #now: () => number;
  readonly #restrictions: Restrictions;
  readonly #nextId: () => string;
  readonly #holds = new Map<string, Hold>();
  readonly #requests = new HeldRequests();
  readonly #captures: { connector: string; request: StoredRequest }[] = [];
  readonly #aside = new Map<string, readonly NewHold[]>();
  #overlay: Overlay = EMPTY_OVERLAY;

  constructor(now: () => number) {
    this.#now = now;
    this.#nextId = createHoldIds(now);
    this.#restrictions = new Restrictions({
      now,
      overlay: () => this.#overlay,
      isOurs: () => true,
      changed: () => {},
    });
  }

  isOurs(): boolean {
    return true;
  }

  pauseOf(connector: string, behaviour: string, before?: string): PauseRecord | null {
    return this.#restrictions.pauseOf(connector, behaviour, before);
  }

  captureWindowOf(connector: string, now: number): CaptureWindow | null {
    return this.#restrictions.captureWindowOf(connector, now);
  }

  async keep(hold: NewHold): Promise<KeepResult> {
    const known = this.#holds.get(this.#requests.find(hold)?.id ?? '');
    this.#overlay = this.#restrictions.count(hold);
    const kept = known === undefined ? newHold(hold, this.#nextId()) : { ...known, count: known.count + 1 };
    this.#holds.set(kept.id, kept);
    this.#requests.remember(kept, Promise.resolve(WRITTEN));
    const paused = this.pauseOf(hold.connector, hold.behaviour) !== null;
    return { ok: true, holdId: kept.id, paused, added: known === undefined };
  }

  async setAside(hold: NewHold): Promise<SetAside> {
    const before = this.#aside.get(hold.connector) ?? [];
    const key = retryKeyOf(hold);
    const isRetry = key !== null && before.some((one) => retryKeyOf(one) === key);
    const aside = isRetry ? before : [...before, hold];
    this.#aside.set(hold.connector, aside);
    if (aside.length < MAX_ASIDE) return { ok: true, holdId: null };
    this.#aside.delete(hold.connector);
    const kept = await Promise.all(aside.map((one) => this.keep({ ...one, grade: 'none' })));
    const last = kept.at(-1);
    return { ok: true, holdId: last?.ok === true ? last.holdId : null };
  }

  fitted(connector: string, hasRecipient: boolean): void {
    this.#restrictions.endStreak(connector);
    if (hasRecipient) this.#aside.delete(connector);
  }

  async capture(connector: string, request: StoredRequest, now: number): Promise<{ ok: boolean }> {
    if (this.#restrictions.claimWindow(connector, now) === null) return { ok: false };
    this.#captures.push({ connector, request });
    return { ok: true };
  }

  drifted(connector: string, differences: readonly Difference[], now: number): void {
    this.#restrictions.drifted(connector, differences, now);
  }

  pause(connector: string, { by, reason = 'paused by an operator' }: { by: string; reason?: string }): void {
    this.#overlay = pauseManually(this.#overlay, connector, { by, at: this.#time(), reason });
  }

  resume(connector: string, { by }: { by: string }): void {
    if (connector === EVERY_CONNECTOR) this.#restrictions.endStreaks();
    else this.#restrictions.endStreak(connector);
    this.#overlay = resume(this.#overlay, connector, {
      by,
      at: this.#time(),
      reason: 'resumed by an operator',
    });
  }

  openCapture(connector: string, seconds: number = DEFAULT_CAPTURE_SECONDS): void {
    this.#restrictions.openWindow(connector, seconds);
  }

  holds(): readonly Hold[] {
    return [...this.#holds.values()];
  }

  captures(): readonly { readonly connector: string; readonly request: StoredRequest }[] {
    return this.#captures;
  }

  driftOf(connector: string): readonly Drift[] {
    return this.#restrictions.driftOf(connector);
  }

  asideOf(connector: string): number {
    return this.#aside.get(connector)?.length ?? 0;
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }
}
