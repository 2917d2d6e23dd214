/**
 * Requests whose recipient is gone: kept beside what is held, in the same table, until there are so many in a row that they
 * become holds. One transaction each, which locks the connector: the fiftieth is the fiftieth for all replicas.
 */
import type { ClientBase } from 'pg';
import { MAX_ASIDE } from '../state.ts';
import { inTransaction } from './database-link.ts';
import { removeHolds } from './held-in-database.ts';
import { ASIDE, type HoldRow } from './hold-rows.ts';
import { insertHolds, type KeptRow } from './keep-holds.ts';
import { lockConnectors } from './restriction-rows.ts';

export interface KeptAside {
  readonly kept: KeptRow;
  /** Those that are holds now, by the ids that they had here; null: there are too few. */
  readonly moved: ReadonlyMap<string, string> | null;
}

export function keepAside(client: ClientBase, row: HoldRow): Promise<KeptAside> {
  const { connector } = row;
  return inTransaction(client, async () => {
    await lockConnectors(client, [connector]);
    const key = row.retryKey === row.id ? row.id : `${ASIDE}${row.retryKey}`;
    const [kept] = await insertHolds(client, [{ row: { ...row, retryKey: key } }], true);
    if (kept === undefined) throw new Error('nothing was kept');
    const { rows } = await client.query<{ count: number }>(
      'select count(*)::int as count from sluice.holds where connector = $1 and is_aside',
      [connector],
    );
    return { kept, moved: (rows[0]?.count ?? 0) < MAX_ASIDE ? null : await holdAll(client, connector) };
  });
}

export function dropAside(client: ClientBase, connector: string): Promise<readonly string[]> {
  return inTransaction(client, () => removeHolds(client, 'connector = $1 and is_aside', [connector]));
}

/** Where a hold has the same request already, it is that one. */
async function holdAll(client: ClientBase, connector: string): Promise<ReadonlyMap<string, string>> {
  const own = `case when a.retry_key like '${ASIDE}%' then substr(a.retry_key, ${ASIDE.length + 1}) else a.retry_key end`;
  const { rows: known } = await client.query<{ id: string; held: string }>(
    `select a.id, h.id as held from sluice.holds a join sluice.holds h on h.retry_key = ${own} and not h.is_aside
     where a.connector = $1 and a.is_aside`,
    [connector],
  );
  if (known.length > 0) await removeHolds(client, 'id = any($1)', [known.map(({ id }) => id)]);
  const { rows: moved } = await client.query<{ id: string }>(
    `update sluice.holds a set is_aside = false, retry_key = ${own}, changed_in = pg_current_xact_id()
     where a.connector = $1 and a.is_aside returning a.id`,
    [connector],
  );
  return new Map([
    ...moved.map(({ id }) => [id, id] as const),
    ...known.map(({ id, held }) => [id, held] as const),
  ]);
}
