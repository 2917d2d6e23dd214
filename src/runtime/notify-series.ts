/**
 * In: holds as they are made. Out: which of them begins a series, as only that one is worth a message. A series is what a
 * connector holds although it is not paused; it ends with a resume, another behaviour, or a quarter of an hour without.
 */
import type { HoldSummary } from './state/hold-index.ts';
import type { StateOwner } from './state/state-owner.ts';

export interface SeriesSources {
  readonly owner: Pick<StateOwner, 'pauseOf' | 'holds'>;
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
  readonly #newest = new Map<string, string>();

  /** What is held already may be the beginning of a series that goes on. */
  constructor(sources: SeriesSources) {
    this.#sources = sources;
    const { owner, now, monotonicNow } = sources;
    for (const { id, connector, code, receivedAt } of owner.holds.list().holds) {
      this.#newest.set(connector, id);
      if (code === 'paused') continue;
      const lastAt = monotonicNow() - Math.max(0, now() - receivedAt);
      this.#series.set(connector, { behaviour: null, lastAt });
    }
  }

  /** null: the hold was removed, changed by a replay, or its event came again. */
  newHold(id: string): HoldSummary | null {
    const hold = this.#sources.owner.holds.summary(id);
    if (hold === null || id <= (this.#newest.get(hold.connector) ?? '')) return null;
    this.#newest.set(hold.connector, id);
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

  /** Whatever the connector holds next is news. */
  end(connector: string): void {
    this.#series.delete(connector);
  }
}
