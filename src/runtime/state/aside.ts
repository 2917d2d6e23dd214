/**
 * Requests that were ignored as their recipient was gone: kept until the next request with a recipient, or until there are
 * so many in a row that they become holds. Decides nothing about pausing. In: a store for them and the store of holds.
 */
import type { Hold, HoldSummary } from '../../admin-api/records.ts';
import type { HoldStore } from './files/hold-store.ts';
import { MAX_ASIDE, type NewHold, type SetAside } from './state.ts';

export interface AsideDeps {
  /** Where they are kept: a store of its own. */
  readonly aside: HoldStore;
  readonly keepHold: (hold: NewHold) => ReturnType<HoldStore['keep']>;
  /** Called when a connector's first one is kept, and when its last one is gone. */
  readonly changed: () => void;
}

export class Aside {
  readonly #deps: AsideDeps;
  /** Connectors whose requests are becoming holds. */
  readonly #moving = new Set<string>();
  /** Ids of what no longer counts, though its file may still be there. */
  readonly #dropped = new Set<string>();

  constructor(deps: AsideDeps) {
    this.#deps = deps;
  }

  async keep(hold: NewHold): Promise<SetAside> {
    const { aside, changed } = this.#deps;
    const kept = await aside.keep(hold);
    if (!kept.ok) return kept;
    const count = this.count(hold.connector);
    if (count === 1) changed();
    if (count < MAX_ASIDE || this.#moving.has(hold.connector)) return { ok: true, holdId: null };
    this.#moving.add(hold.connector);
    const holdIds = await this.#hold(hold.connector);
    this.#moving.delete(hold.connector);
    if (this.count(hold.connector) === 0) changed();
    return { ok: true, holdId: holdIds.get(kept.id) ?? null };
  }

  /** How many a connector has. */
  count(connector: string): number {
    return this.#current(connector).length;
  }

  /** Those that have some. */
  connectors(): readonly string[] {
    return this.#deps.aside.connectors().filter((connector) => this.count(connector) > 0);
  }

  /** There was a recipient: nothing was renamed. Counts at once; what cannot be removed is removed with the next one. */
  drop(connector: string): void {
    const { aside, changed } = this.#deps;
    const { holds } = aside.list({ connector });
    if (holds.length === 0) return;
    for (const { id } of holds) {
      this.#dropped.add(id);
      void aside.remove(id).then(({ ok }) => ok && this.#dropped.delete(id));
    }
    changed();
  }

  #current(connector: string): readonly HoldSummary[] {
    return this.#deps.aside.list({ connector }).holds.filter(({ id }) => !this.#dropped.has(id));
  }

  /** Oldest first; each is a hold before it is gone from here, so that a stop between the two loses nothing. */
  async #hold(connector: string): Promise<ReadonlyMap<string, string>> {
    const { aside, keepHold } = this.#deps;
    const holdIds = new Map<string, string>();
    for (const { id } of this.#current(connector)) {
      const hold = await aside.get(id);
      const kept = hold === null ? null : await keepHold(heldOf(hold));
      if (kept?.ok !== true) continue;
      holdIds.set(id, kept.id);
      await aside.remove(id);
    }
    return holdIds;
  }
}

function heldOf(hold: Hold): NewHold {
  const {
    id: _id,
    format: _format,
    count: _count,
    attempts: _attempts,
    nextAttemptAt: _next,
    ...kept
  } = hold;
  return { ...kept, grade: 'none', pauseAfter: 1 };
}
