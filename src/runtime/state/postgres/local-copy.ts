/**
 * What one replica knows: pauses, streaks, capture windows and what is held, for the hot path and for lists. In: rows of the
 * database, and holds that are on their way to it, which may pause at once. Decides nothing that the database does not.
 */
import type { HoldSummary } from '../../../admin-api/records.ts';
import { ASIDE_LIMITS, HoldIndex, type HoldLimits } from '../hold-index.ts';
import { EMPTY_OVERLAY, EVERY_CONNECTOR, type HistoryEntry, type Overlay } from '../overlay.ts';
import { countHold, type Streak } from '../pause-machine.ts';
import type { NewHold } from '../state.ts';
import type { StateChange } from '../state-owner.ts';
import { type ConnectorRow, EMPTY_ROW, overlayOf, streakOf } from './restriction-rows.ts';

/** A request that is being kept, and when it came. */
export interface OnItsWay {
  readonly hold: NewHold;
  /** ISO 8601. */
  readonly at: string;
}

export class LocalCopy {
  readonly holds: HoldIndex;
  readonly aside = new HoldIndex(ASIDE_LIMITS);
  readonly #announce: (change: StateChange) => void;
  readonly #rows = new Map<string, ConnectorRow>();
  readonly #onTheirWay = new Map<string, Set<OnItsWay>>();
  readonly #streaks = new Map<string, Streak>();
  #windows: ReadonlyMap<string, number> = new Map();
  #overlay: Overlay = EMPTY_OVERLAY;

  constructor(limits: HoldLimits, announce: (change: StateChange) => void) {
    this.holds = new HoldIndex(limits);
    this.#announce = announce;
  }

  overlay(): Overlay {
    return this.#overlay;
  }

  hasStreak(connector: string): boolean {
    return this.#streaks.has(connector);
  }

  /** Those for which `fitted` has something to end. */
  unfitted(): readonly string[] {
    return [...new Set([...this.#streaks.keys(), ...this.aside.connectors()])];
  }

  /** Restricts at once, until `settle` says what the database made of it. */
  expect(one: OnItsWay): void {
    const { connector } = one.hold;
    this.#onTheirWay.set(connector, (this.#onTheirWay.get(connector) ?? new Set()).add(one));
    this.#rebuild([connector]);
  }

  settle(one: OnItsWay): void {
    const { connector } = one.hold;
    const waiting = this.#onTheirWay.get(connector);
    if (waiting?.delete(one) !== true) return;
    if (waiting.size === 0) this.#onTheirWay.delete(connector);
    this.#rebuild([connector]);
  }

  /** `isAll`: what is not among them is not there. */
  setConnectors(rows: readonly ConnectorRow[], isAll = false): void {
    const changed = new Set(rows.map(({ id }) => id));
    if (isAll) {
      for (const id of this.#rows.keys()) changed.add(id);
      this.#rows.clear();
    }
    for (const row of rows) this.#rows.set(row.id, row);
    this.#rebuild(changed);
  }

  endStreak(connector: string): void {
    const row = this.#rows.get(connector);
    if (row !== undefined) this.#rows.set(connector, { ...row, streak: null });
    this.#rebuild([connector]);
  }

  setHistory(history: readonly HistoryEntry[]): void {
    this.#overlay = { ...this.#overlay, history };
  }

  windowOf(connector: string, now: number): number | null {
    const endsAt = this.#windows.get(connector);
    return endsAt !== undefined && now < endsAt ? endsAt : null;
  }

  windows(): ReadonlyMap<string, number> {
    return this.#windows;
  }

  /** Of milliseconds since the epoch; 0: it is closed. */
  setWindows(rows: Iterable<readonly [string, number]>, isAll = false): void {
    const windows = new Map(isAll ? [] : this.#windows);
    for (const [connector, endsAt] of rows) {
      if (endsAt === 0) windows.delete(connector);
      else windows.set(connector, endsAt);
    }
    this.#windows = windows;
    this.#announce({ kind: 'windows' });
  }

  /** A hold that was found, kept or changed. */
  putHold(summary: HoldSummary, isAside: boolean): void {
    const [index, other] = isAside ? [this.aside, this.holds] : [this.holds, this.aside];
    const hadAside = this.aside.counts(summary.connector).count > 0;
    other.remove(summary.id);
    if (index.get(summary.id) === null) index.add(summary, true);
    else index.replace(summary);
    if (!isAside) this.#announce({ kind: 'held', id: summary.id });
    this.#announceAside(summary.connector, hadAside);
  }

  dropHold(id: string): void {
    const summary = this.holds.get(id) ?? this.aside.get(id);
    if (summary === null) return;
    const hadAside = this.aside.get(id) !== null;
    this.holds.remove(id);
    this.aside.remove(id);
    this.#announce({ kind: 'held', id });
    this.#announceAside(summary.connector, hadAside);
  }

  #announceAside(connector: string, hadAside: boolean): void {
    if (hadAside !== this.aside.counts(connector).count > 0) this.#announce({ kind: 'streaks' });
  }

  #rebuild(connectors: Iterable<string>): void {
    const before = this.#overlay;
    const hadStreaks = this.#streaks.size;
    const pauses = new Map(before.pauses);
    const resumed = new Map(before.resumed);
    const everything = this.#rows.get(EVERY_CONNECTOR) ?? EMPTY_ROW(EVERY_CONNECTOR);
    let isChanged = false;
    for (const id of connectors) {
      if (id === EVERY_CONNECTOR) isChanged = true;
      const row = this.#rows.get(id) ?? EMPTY_ROW(id);
      let own = overlayOf([row], everything);
      let streak = streakOf(row);
      for (const { hold, at } of this.#onTheirWay.get(id) ?? [])
        ({ overlay: own, streak } = countHold(own, streak, hold, at));
      isChanged = replaceEntry(pauses, id, own.pauses.get(id)) || isChanged;
      replaceEntry(resumed, id, own.resumed.get(id));
      if (streak === null) this.#streaks.delete(id);
      else this.#streaks.set(id, streak);
    }
    const all = overlayOf([], everything).everything;
    const generation = before.generation + (isChanged ? 1 : 0);
    this.#overlay = { ...before, pauses, resumed, everything: all, generation };
    if (isChanged) this.#announce({ kind: 'overlay' });
    if (hadStreaks !== this.#streaks.size) this.#announce({ kind: 'streaks' });
  }
}

/** Whether it says something else now. */
function replaceEntry<T>(map: Map<string, T>, key: string, value: T | undefined): boolean {
  const before = map.get(key);
  if (value === undefined) return map.delete(key);
  map.set(key, value);
  return before === undefined || JSON.stringify(before) !== JSON.stringify(value);
}
