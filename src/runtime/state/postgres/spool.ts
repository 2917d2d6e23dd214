/**
 * What has to be kept while the database is away, on a durable disk of this replica. In: requests. Out: the same ones, oldest
 * first, once the database is there again. Nothing is sent from here. A request is in the database, under the id that it has
 * here, before it is gone from here: it arrives once, also where a restart comes between.
 */
import type { Hold } from '../../../admin-api/records.ts';
import type { KeepResult, NewHold } from '../state.ts';
import type { StateOwner } from '../state-owner.ts';

/** What a hold's file says besides, so that the database can decide what this replica could only guess. */
interface Waited {
  readonly grade: NewHold['grade'];
  readonly pauseAfter: number;
  /** When it came, in ISO 8601. */
  readonly at: string;
}

type SpooledHold = Hold & { readonly waited?: Waited };

export interface Spooled extends Waited {
  /** With the id that it has had here. */
  readonly hold: Hold;
}

/** Resolves when the request is in the database. Rejects where that is away again. */
export type Deliver = (spooled: Spooled) => Promise<void>;

export class Spool {
  /** A state folder that holds nothing else. */
  readonly #owner: StateOwner;
  readonly #moved: (id: string) => void;
  #draining: Promise<void> | null = null;
  #problem: string | null = null;

  /** `moved` hears of each that the database has. */
  constructor(owner: StateOwner, moved: (id: string) => void) {
    this.#owner = owner;
    this.#moved = moved;
  }

  keep(hold: NewHold, at: string): Promise<KeepResult> {
    const { grade, pauseAfter } = hold;
    const waited: Waited = { grade, pauseAfter, at };
    return this.#owner.keep({ ...hold, grade: 'none', waited } as NewHold);
  }

  count(): number {
    return this.#owner.holds.counts().count;
  }

  /** The folder, and why what is in it does not get away. */
  problems(): readonly string[] {
    const count = this.count();
    return [
      ...(count === 0
        ? []
        : [
            `${count} held requests lie in the spool "${this.#owner.folder}" and move to the database when it is there${this.#problem === null ? '' : ` (${this.#problem})`}`,
          ]),
      ...this.#owner.problems(),
    ];
  }

  /** Hands over what there is, one after the other. Calls that come meanwhile share the run. Never rejects. */
  drain(deliver: Deliver): Promise<void> {
    this.#draining ??= this.#drain(deliver).finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  async close(): Promise<void> {
    await this.#draining;
    await this.#owner.close();
  }

  async #drain(deliver: Deliver): Promise<void> {
    await this.#owner.holds.read;
    for (const { id, count } of this.#owner.holds.list().holds) {
      const found: SpooledHold | null = await this.#owner.holds.get(id);
      if (found === null) continue;
      const { waited = { grade: 'none', pauseAfter: 1, at: '' }, ...hold } = found;
      try {
        await deliver({ hold: { ...hold, count: Math.max(hold.count, count) }, ...waited });
      } catch (error) {
        this.#problem = error instanceof Error ? error.message : String(error);
        return;
      }
      const removed = await this.#owner.holds.remove(id);
      this.#problem = removed.ok ? null : removed.reason;
      this.#moved(id);
      if (!removed.ok) return;
    }
  }
}
