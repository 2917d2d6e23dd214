/**
 * The part of a state that lives in memory and decides synchronously: pauses, streaks, capture windows and drift. The
 * owner of the state folder puts files behind it; test cases use it as it is.
 */
import type { PauseRecord } from '../../admin-api/records.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import { CaptureWindows } from './capture-windows.ts';
import { type Drift, DriftLog } from './drift-log.ts';
import { type Overlay, pauseOf } from './overlay.ts';
import { countHold, type Streak } from './pause-machine.ts';
import type { SnapshotPart, StateSnapshot } from './snapshot.ts';
import type { CaptureWindow, NewHold } from './state.ts';

export interface RestrictionOptions {
  readonly now: () => number;
  readonly overlay: () => Overlay;
  /** Whether what is here still counts. */
  readonly isOurs: () => boolean;
  /** Called after every change that other processes must hear of. */
  readonly changed: (part: SnapshotPart) => void;
}

export class Restrictions {
  readonly #options: RestrictionOptions;
  readonly #streaks = new Map<string, Streak>();
  readonly #windows = new CaptureWindows();
  readonly #drift = new DriftLog();

  constructor(options: RestrictionOptions) {
    this.#options = options;
  }

  pauseOf(connector: string, behaviour: string, before?: string): PauseRecord | null {
    return pauseOf(this.#options.overlay(), connector, behaviour, before);
  }

  /** The overlay that a held request leads to: the same object where it pauses nothing. Counts the streak. */
  count(hold: NewHold): Overlay {
    const at = new Date(this.#options.now()).toISOString();
    const before = this.#streaks.get(hold.connector) ?? null;
    const verdict = countHold(this.#options.overlay(), before, hold, at);
    if (verdict.streak === null) this.endStreak(hold.connector);
    else this.#streaks.set(hold.connector, verdict.streak);
    if (before === null && verdict.streak !== null) this.#options.changed('streaks');
    return verdict.overlay;
  }

  endStreak(connector: string): void {
    if (this.#streaks.delete(connector)) this.#options.changed('streaks');
  }

  endStreaks(): void {
    if (this.#streaks.size === 0) return;
    this.#streaks.clear();
    this.#options.changed('streaks');
  }

  captureWindowOf(connector: string, now: number): CaptureWindow | null {
    return this.#windows.of(connector, now);
  }

  openWindow(connector: string, seconds: number): CaptureWindow {
    const window = this.#windows.open(connector, seconds, this.#options.now());
    this.#options.changed('windows');
    return window;
  }

  closeWindow(connector: string): void {
    if (this.#windows.close(connector)) this.#options.changed('windows');
  }

  claimWindow(connector: string, now: number): CaptureWindow | null {
    const window = this.#windows.claim(connector, now);
    if (window !== null) this.#options.changed('windows');
    return window;
  }

  giveBackWindow(window: CaptureWindow): void {
    this.#windows.giveBack(window);
    this.#options.changed('windows');
  }

  drifted(connector: string, differences: readonly Difference[], now: number): void {
    this.#drift.add(connector, differences, now);
  }

  driftOf(connector: string): readonly Drift[] {
    return this.#drift.of(connector);
  }

  snapshot(): StateSnapshot {
    return {
      overlay: this.#options.overlay(),
      windows: this.#windows.all(this.#options.now()),
      streaks: [...this.#streaks.keys()],
      isOurs: this.#options.isOurs(),
    };
  }
}
