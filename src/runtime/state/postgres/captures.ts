/** Capture windows that any replica may fill. In: windows and requests. Out: each window's one request, kept at the commit. */
import type { ClientBase } from 'pg';
import type { StoredRequest } from '../../../admin-api/records.ts';
import { MAX_WRAPPED_NESTING, parseJsonBody } from '../../../stages/json/json-text.ts';
import type { Capture } from '../files/capture-store.ts';
import { sampleText } from '../files/sample-text.ts';
import { CHANNEL, inTransaction } from './database-link.ts';

const MAX_PER_CONNECTOR = 20;

/** `endsAt`: milliseconds since the epoch; 0 closes it. */
export function setWindow(client: ClientBase, connector: string, endsAt: number): Promise<void> {
  return inTransaction(client, async () => {
    await client.query(
      `insert into sluice.windows (connector, ends_at) values ($1, $2)
       on conflict (connector) do update set ends_at = excluded.ends_at, changed_in = pg_current_xact_id()`,
      [connector, endsAt],
    );
    await client.query(`select pg_notify('${CHANNEL}', '')`);
  });
}

/** False: another request was first, or the window is over. */
export function fillWindow(
  client: ClientBase,
  connector: string,
  request: StoredRequest,
  now: number,
): Promise<boolean> {
  return inTransaction(client, async () => {
    const { rowCount } = await client.query(
      `update sluice.windows set ends_at = 0, changed_in = pg_current_xact_id()
       where connector = $1 and ends_at > $2`,
      [connector, now],
    );
    if (rowCount !== 1) return false;
    const name = `${connector}-${new Date(now).toISOString().replace(/[-:.]/g, '')}.json`;
    await client.query('insert into sluice.captures (connector, name, sample) values ($1, $2, $3)', [
      connector,
      name,
      sampleText(request),
    ]);
    await client.query(
      `delete from sluice.captures where connector = $1 and number <=
         (select number from sluice.captures where connector = $1 order by number desc offset ${MAX_PER_CONNECTOR} limit 1)`,
      [connector],
    );
    await client.query(`select pg_notify('${CHANNEL}', '')`);
    return true;
  });
}

export async function latestCapture(client: ClientBase, connector: string): Promise<Capture | null> {
  const { rows } = await client.query<{ name: string; sample: string }>(
    'select name, sample from sluice.captures where connector = $1 order by number desc limit 1',
    [connector],
  );
  const [row] = rows;
  if (row === undefined) return null;
  const parsed = parseJsonBody(Buffer.from(row.sample), MAX_WRAPPED_NESTING);
  return parsed.ok ? { name: row.name, sample: parsed.value } : null;
}
