/**
 * In: holds as they are made. Out: which of them begins a series, as only that one is worth a message. A series is what a
 * connector holds although it is not paused; it ends with a resume, another behaviour, or a quarter of an hour without.
 * What the receiver has taken of earlier holds decides what is still to be told after a restart.
 */
import type { HoldSummary } from '../../admin-api/records.ts';
import type { StateOwner } from '../state/state-owner.ts';

export interface SeriesSources {
  readonly owner: Pick<StateOwner, 'pauseOf' | 'holds' | 'notified'>;
  /** As the active bundle has it; null: it does not have it. */
  readonly connector: (id: string) => { readonly behaviour: string } | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow: () => number;
}

interface Series {
  /** Of the connector at the last hold; null: not known, it was before the start. */
  readonly behaviour: string | null;
  /** On the monotonic clock. */
  readonly lastAt: number;
}

/** A hold after so much time without one is news again. */
const QUIET_MS = 15 * 60_000;

export class HoldSeries {
  readonly #sources: SeriesSources;
  readonly #series = new Map<string, Series>();
  /** The newest hold of each connector: ids sort by age. */
  readonly #newest = new Map<string, HoldSummary>();
  /** Of each connector, the hold that began its last series, where nobody was told of it. */
  readonly #untold = new Map<string, HoldSummary>();

  /** What is held already may be the beginning of a series that goes on. */
  constructor(sources: SeriesSources) {
    this.#sources = sources;
    const { owner, now, monotonicNow } = sources;
    owner.notified.keepHoldsOf(owner.holds.connectors());
    /** When the series of each connector was last known to go on. */
    const goesOnAt = new Map<string, number>();
    for (const hold of owner.holds.list().holds) {
      const { id, connector, code, receivedAt } = hold;
      this.#newest.set(connector, hold);
      if (code === 'paused') continue;
      const lastAt = monotonicNow() - Math.max(0, now() - receivedAt);
      this.#series.set(connector, { behaviour: null, lastAt });
      const told = owner.notified.holdOf(connector);
      if (told !== null && id <= told.id) continue;
      const before = goesOnAt.get(connector) ?? (told?.goesOn ? told.at : null);
      if (before === null || receivedAt - before >= QUIET_MS) this.#untold.set(connector, hold);
      goesOnAt.set(connector, receivedAt);
    }
  }

  /** What began before the start and was not told. The pause of a connector says that it holds. */
  untold(): readonly HoldSummary[] {
    const { owner, connector: find } = this.#sources;
    return [...this.#untold.values()].filter(({ connector }) => {
      const behaviour = find(connector)?.behaviour;
      return behaviour !== undefined && owner.pauseOf(connector, behaviour) === null;
    });
  }

  /** null: the hold was removed, changed by a replay, or its event came again. */
  newHold(id: string): HoldSummary | null {
    const hold = this.#sources.owner.holds.summary(id);
    if (hold === null || id <= this.newestOf(hold.connector).id) return null;
    this.#newest.set(hold.connector, hold);
    return hold;
  }

  /** Whether a new hold begins a series. */
  begins({ connector, code }: HoldSummary): boolean {
    if (code === 'paused') return false;
    const { owner, connector: find, monotonicNow } = this.#sources;
    const behaviour = find(connector)?.behaviour;
    if (behaviour === undefined) return false;
    const last = this.#series.get(connector);
    const lastAt = monotonicNow();
    this.#series.set(connector, { behaviour, lastAt });
    const isSame = last !== undefined && (last.behaviour === null || last.behaviour === behaviour);
    if (isSame && lastAt - last.lastAt < QUIET_MS) return false;
    // The pause itself says that requests are held.
    return owner.pauseOf(connector, behaviour) === null;
  }

  /** Whatever the connector holds next is news. Out: up to where it is not. */
  end(connector: string): { readonly id: string; readonly at: number } {
    this.#series.delete(connector);
    return this.newestOf(connector);
  }

  /** The newest hold there was, be it gone since. */
  newestOf(connector: string): { readonly id: string; readonly at: number } {
    const newest = this.#newest.get(connector);
    return newest === undefined ? { id: '', at: 0 } : { id: newest.id, at: newest.receivedAt };
  }
}
