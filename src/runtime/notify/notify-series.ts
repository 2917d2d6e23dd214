/**
 * In: holds as they are made. Out: which of them begins a series, as only that one is worth a message. A series is what a
 * connector holds for one reason at one path although it is not paused; it ends with a resume, another behaviour, or a day
 * after it was told. What the receiver has taken of earlier holds decides what is still to be told after a restart.
 */
import type { HoldSummary } from '../../admin-api/records.ts';
import { EVERY_CONNECTOR } from '../state/overlay.ts';
import type { StateOwner } from '../state/state-owner.ts';

export interface SeriesSources {
  readonly owner: Pick<StateOwner, 'pauseOf' | 'holds' | 'notified'>;
  /** As the active bundle has it; null: it does not have it. */
  readonly connector: (
    id: string,
  ) => { readonly behaviour: string; readonly behaviourBefore?: string } | null;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow: () => number;
}

/** Its id, and when it was received in milliseconds since the epoch. */
interface HoldPlace {
  readonly id: string;
  readonly at: number;
}

interface Series {
  /** Of the connector when it was told; null: not known, it was before the start. */
  readonly behaviour: string | null;
  /** On the monotonic clock. */
  readonly toldAt: number;
  /** How many holds came since. */
  since: number;
}

/** A connector is told of once a day for each reason and path: some senders lack a field in every tenth request. */
const DAY_MS = 24 * 60 * 60_000;

export class HoldSeries {
  readonly #sources: SeriesSources;
  /** By connector, then by reason and path. */
  readonly #series = new Map<string, Map<string, Series>>();
  /** The newest hold of each connector: ids sort by age. */
  readonly #newest = new Map<string, HoldSummary>();
  /** Of each connector, the hold that began its last series, where nobody was told of it. */
  readonly #untold = new Map<string, HoldSummary>();

  /** What is held already may be the beginning of a series that goes on. */
  constructor(sources: SeriesSources) {
    this.#sources = sources;
    const { owner, now, monotonicNow } = sources;
    owner.notified.keepHoldsOf(owner.holds.connectors());
    for (const hold of owner.holds.list().holds) {
      const { id, connector, receivedAt } = hold;
      this.#newest.set(connector, hold);
      const told = owner.notified.holdOf(connector);
      const toldAt = monotonicNow() - Math.max(0, now() - receivedAt);
      const known = this.#seriesOf(connector).get(kindOf(hold));
      if (known !== undefined && toldAt - known.toldAt < DAY_MS) {
        known.since += 1;
        continue;
      }
      this.#seriesOf(connector).set(kindOf(hold), { behaviour: null, toldAt, since: 0 });
      if (told !== null && (id <= told.id || (told.goesOn && receivedAt - told.at < DAY_MS))) continue;
      if (!this.#untold.has(connector)) this.#untold.set(connector, hold);
    }
  }

  /**
   * What began before the start and was not told. The pause of a connector says that it holds; where it was lifted before
   * anybody was told of it, what it kept says so.
   */
  untold(): readonly HoldSummary[] {
    const { owner, connector: find } = this.#sources;
    return [...this.#untold.values()].filter(({ connector }) => {
      const found = find(connector);
      return found !== null && owner.pauseOf(connector, found.behaviour, found.behaviourBefore) === null;
    });
  }

  /** null: the hold was removed, changed by a replay, or its event came again. */
  newHold(id: string): HoldSummary | null {
    const hold = this.#sources.owner.holds.summary(id);
    if (hold === null || id <= this.newestOf(hold.connector).id) return null;
    this.#newest.set(hold.connector, hold);
    return hold;
  }

  /** Whether a new hold begins a series, and how many were held since the last one of the kind was told. */
  begins(hold: HoldSummary): { readonly since: number } | null {
    const { connector, code } = hold;
    if (code === 'paused') return null;
    const { owner, connector: find, monotonicNow } = this.#sources;
    const found = find(connector);
    if (found === null) return null;
    const { behaviour, behaviourBefore } = found;
    const last = this.#seriesOf(connector).get(kindOf(hold));
    const toldAt = monotonicNow();
    const isSame = last !== undefined && (last.behaviour === null || last.behaviour === behaviour);
    if (isSame && toldAt - last.toldAt < DAY_MS) {
      last.since += 1;
      return null;
    }
    this.#seriesOf(connector).set(kindOf(hold), { behaviour, toldAt, since: 0 });
    // The pause itself says that requests are held.
    if (owner.pauseOf(connector, behaviour, behaviourBefore) !== null) return null;
    return { since: isSame ? last.since : 0 };
  }

  /**
   * Whatever it holds next is news; EVERY_CONNECTOR ends those of all. Out: the newest holds that there were, each of a
   * connector whose end this is.
   */
  end(connector: string): readonly (readonly [connector: string, newest: HoldPlace])[] {
    const ended = connector === EVERY_CONNECTOR ? [...this.#newest.keys()] : [connector];
    return ended.map((one) => {
      this.#series.delete(one);
      this.#untold.delete(one);
      return [one, this.newestOf(one)];
    });
  }

  /** The newest hold there was, be it gone since. */
  newestOf(connector: string): HoldPlace {
    const newest = this.#newest.get(connector);
    return newest === undefined ? { id: '', at: 0 } : { id: newest.id, at: newest.receivedAt };
  }

  #seriesOf(connector: string): Map<string, Series> {
    const known = this.#series.get(connector) ?? new Map<string, Series>();
    this.#series.set(connector, known);
    return known;
  }
}

/** A connector has few: codes, and paths of its own samples. */
function kindOf({ code, path }: HoldSummary): string {
  return `${code} ${path ?? ''}`;
}
