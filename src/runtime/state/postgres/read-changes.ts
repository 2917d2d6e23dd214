/**
 * Brings a local copy up to date. In: a connection. What it reads is what transactions wrote that were not over when it last
 * looked: the order in which they commit does not matter, and what is read twice is the same twice. Where nothing has
 * changed, one statement says so.
 */
import type { Client } from 'pg';
import type { HoldSummary } from '../../../admin-api/records.ts';
import type { LocalCopy } from './local-copy.ts';
import type { ConnectorRow } from './restriction-rows.ts';

const MAX_HISTORY = 200;
/** A few hundred bytes each. */
const HOLDS_AT_ONCE = 5000;
/** Who was away for longer reads everything: what went is not known any more. */
export const REMOVED_MINUTES = 10;
const TRUSTED_MS = (REMOVED_MINUTES / 2) * 60_000;

type News = Record<'connectors' | 'holds' | 'windows', boolean> & { readonly next: string };

/** Where nobody answers within this time the connection is dead, whatever the network says. */
const LOOK_MS = 1000;
const LOOK = `
  select pg_snapshot_xmin(pg_current_snapshot())::text as next,
    exists (select from sluice.connectors where changed_in >= $1::text::xid8) as connectors,
    exists (select from sluice.holds where changed_in >= $1::text::xid8)
      or exists (select from sluice.removed where changed_in >= $1::text::xid8) as holds,
    exists (select from sluice.windows where changed_in >= $1::text::xid8) as windows`;

interface FoundHold {
  readonly id: string;
  readonly is_aside: boolean;
  readonly count: number;
  readonly summary: string;
  readonly version: string;
}

export class ChangeReader {
  readonly #copy: LocalCopy;
  readonly #monotonicNow: () => number;
  /** What was under way when it last looked began here: a transaction's number. */
  #since = '0';
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Which server, since which start. */
  #server = '';
  /** Of each hold, the transaction that wrote what is known of it. */
  readonly #versions = new Map<string, string>();
  /** Changed by this replica since it last looked: read anew then, whatever is read meanwhile. */
  #touched = new Set<string>();

  constructor(copy: LocalCopy, monotonicNow: () => number) {
    this.#copy = copy;
    this.#monotonicNow = monotonicNow;
  }

  /** This replica has changed the hold, and told the copy. */
  touch(id: string): void {
    this.#touched.add(id);
  }

  async read(client: Client, isFirst: boolean): Promise<void> {
    const began = this.#monotonicNow();
    const isAll = (isFirst && !(await this.#isSameServer(client))) || began - this.#lookedAt > TRUSTED_MS;
    const since = isAll ? '0' : this.#since;
    const look = { text: LOOK, values: [since], query_timeout: LOOK_MS };
    const { rows } = await client.query<News>(look);
    const news = rows[0];
    if (news === undefined) throw new Error('the database answered nothing');
    if (isAll || news.connectors) await this.#readConnectors(client, since, isAll);
    if (isAll || news.windows) await this.#readWindows(client, since, isAll);
    if (isAll) await this.#readAllHolds(client);
    else if (news.holds || this.#touched.size > 0) await this.#readHolds(client, since);
    this.#since = news.next;
    this.#lookedAt = began;
  }

  /** Of a server that was started anew, or is another, the numbers of transactions say nothing. */
  async #isSameServer(client: Client): Promise<boolean> {
    const { rows } = await client.query<{ server: string }>(
      `select pg_postmaster_start_time()::text || coalesce(host(inet_server_addr()), '') as server`,
    );
    const server = rows[0]?.server ?? '';
    const isSame = server === this.#server;
    this.#server = server;
    return isSame;
  }

  async #readConnectors(client: Client, since: string, isAll: boolean): Promise<void> {
    const { rows } = await client.query<ConnectorRow>(
      'select id, pauses, resumed, streak, resumed_at from sluice.connectors where changed_in >= $1::text::xid8',
      [since],
    );
    const { rows: history } = await client.query<{ entry: string }>(
      `select entry from sluice.history order by number desc limit ${MAX_HISTORY}`,
    );
    this.#copy.setHistory(history.reverse().map(({ entry }) => JSON.parse(entry)));
    this.#copy.setConnectors(rows, isAll);
  }

  async #readWindows(client: Client, since: string, isAll: boolean): Promise<void> {
    const { rows } = await client.query<{ connector: string; ends_at: string }>(
      'select connector, ends_at from sluice.windows where changed_in >= $1::text::xid8',
      [since],
    );
    this.#copy.setWindows(
      rows.map(({ connector, ends_at }) => [connector, Number(ends_at)]),
      isAll,
    );
  }

  async #readHolds(client: Client, since: string): Promise<void> {
    const again = this.#touched;
    this.#touched = new Set();
    const { rows } = await client.query<FoundHold>(
      `select id, is_aside, count, summary, changed_in::text as version from sluice.holds
       where changed_in >= $1::text::xid8 or id = any($2)`,
      [since, [...again]],
    );
    const { rows: removed } = await client.query<{ id: string }>(
      'select id from sluice.removed where changed_in >= $1::text::xid8',
      [since],
    );
    const found = new Set(rows.map(({ id }) => id));
    this.#put(rows);
    for (const { id } of removed) this.#drop(id);
    for (const id of again) if (!found.has(id) && !this.#touched.has(id)) this.#drop(id);
  }

  async #readAllHolds(client: Client): Promise<void> {
    this.#touched = new Set();
    const found = new Set<string>();
    for (let after = '', isDone = false; !isDone; ) {
      const { rows } = await client.query<FoundHold>(
        `select id, is_aside, count, summary, changed_in::text as version from sluice.holds
         where id > $1 order by id limit ${HOLDS_AT_ONCE}`,
        [after],
      );
      this.#put(rows);
      for (const { id } of rows) found.add(id);
      after = rows.at(-1)?.id ?? after;
      isDone = rows.length < HOLDS_AT_ONCE;
    }
    for (const index of [this.#copy.holds, this.#copy.aside]) {
      for (const { id } of index.list({}).holds) if (!found.has(id) && !this.#touched.has(id)) this.#drop(id);
    }
  }

  #put(rows: readonly FoundHold[]): void {
    for (const { id, is_aside, count, summary, version } of rows) {
      if (this.#touched.has(id) || this.#versions.get(id) === version) continue;
      this.#versions.set(id, version);
      this.#copy.putHold({ ...(JSON.parse(summary) as HoldSummary), count }, is_aside);
    }
  }

  #drop(id: string): void {
    this.#versions.delete(id);
    this.#copy.dropHold(id);
  }
}

/** Forgets what every replica has heard of by now, or will read anew, and what nobody is shown any more. */
export async function forgetRemoved(client: Client): Promise<void> {
  await client.query(
    `delete from sluice.removed where removed_at < now() - interval '${REMOVED_MINUTES} minutes'`,
  );
  await client.query(
    `delete from sluice.history where number <=
       (select number from sluice.history order by number desc offset ${MAX_HISTORY} limit 1)`,
  );
}
