/**
 * Gathers requests that are to be kept while others are on their way to the database, so that many share a transaction. In:
 * holds. Out: what became of each, durable. A group that fails for what it says is tried one by one: one request never costs
 * another its answer.
 */
import { describeFailure } from './connect.ts';
import { DatabaseAway, type DatabaseLink } from './database-link.ts';
import { type KeptRow, keepHolds, type ToKeep } from './keep-holds.ts';
import type { ConnectorRow } from './restriction-rows.ts';

export type Settled =
  | { readonly ok: true; readonly kept: KeptRow }
  /** `isAway`: nothing is wrong with the request. */
  | { readonly ok: false; readonly reason: string; readonly isAway: boolean };

interface Waiting {
  readonly one: ToKeep;
  readonly settle: (settled: Settled) => void;
}

const MAX_GROUP = 64;
const MAX_GROUP_BYTES = 4 * 1024 * 1024;
/** While one waits for its commit, the next is sent. */
const CONCURRENT_GROUPS = 2;

export class Keeper {
  readonly #link: Pick<DatabaseLink, 'run'>;
  readonly #decided: (rows: readonly ConnectorRow[]) => void;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Set<Promise<void>>();

  /** `decided` hears what connectors are now, before those who wait hear of their requests. */
  constructor(link: Pick<DatabaseLink, 'run'>, decided: (rows: readonly ConnectorRow[]) => void) {
    this.#link = link;
    this.#decided = decided;
  }

  /** Never rejects. */
  keep(one: ToKeep): Promise<Settled> {
    return new Promise((settle) => {
      this.#waiting.push({ one, settle });
      this.#start();
    });
  }

  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #start(): void {
    if (this.#waiting.length === 0 || this.#running.size >= CONCURRENT_GROUPS) return;
    const running = this.#run().finally(() => {
      this.#running.delete(running);
      this.#start();
    });
    this.#running.add(running);
  }

  async #run(): Promise<void> {
    // In the next turn: what came with the same one goes along.
    await Promise.resolve();
    const group: Waiting[] = [];
    let bytes = 0;
    while (this.#waiting.length > 0 && group.length < MAX_GROUP && bytes < MAX_GROUP_BYTES) {
      const next = this.#waiting.shift() as Waiting;
      bytes += next.one.row.body.length + next.one.row.document.length;
      group.push(next);
    }
    if (group.length === 0) return;
    const failure = await this.#try(group);
    if (failure === null) return;
    for (const waiting of group) {
      const own = group.length === 1 || failure.isAway ? failure : await this.#try([waiting]);
      if (own !== null) waiting.settle({ ok: false, ...own });
    }
  }

  async #try(group: readonly Waiting[]): Promise<{ reason: string; isAway: boolean } | null> {
    const wanted = group.map(({ one }) => one);
    try {
      const { kept, connectors } = await this.#link.run((client) => keepHolds(client, wanted));
      this.#decided(connectors);
      for (const [index, { settle }] of group.entries()) settle({ ok: true, kept: kept[index] as KeptRow });
      return null;
    } catch (error) {
      return { reason: describeFailure(error), isAway: error instanceof DatabaseAway };
    }
  }
}
