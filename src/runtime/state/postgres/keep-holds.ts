/**
 * Keeps requests in groups: the holds, the streaks that they count for and the pauses that these lead to are one transaction.
 * In: what is to be kept, under ids that are there already, so that doing it again changes nothing. Out: what each became.
 */
import type { ClientBase } from 'pg';
import { pauseOf } from '../overlay.ts';
import { countHold, type Streak } from '../pause-machine.ts';
import type { NewHold } from '../state.ts';
import { inTransaction } from './database-link.ts';
import type { HoldRow } from './hold-rows.ts';
import {
  type ConnectorRow,
  lockConnectors,
  overlayOf,
  readEverything,
  rowOf,
  streakOf,
  writeConnectors,
} from './restriction-rows.ts';

export interface ToKeep {
  readonly hold: NewHold;
  readonly row: HoldRow;
  /** ISO 8601. */
  readonly at: string;
  /** It has waited for the database: an operator may have resumed the connector since. */
  readonly isLate?: boolean;
}

export interface KeptRow {
  /** Of the hold that has the request now. */
  readonly id: string;
  readonly count: number;
  readonly added: boolean;
  /** null: grade none, nothing was decided. */
  readonly paused: boolean | null;
}

export interface KeptGroup {
  readonly kept: readonly KeptRow[];
  /** As they are now, of those that were looked at. */
  readonly connectors: readonly ConnectorRow[];
}

export async function keepHolds(client: ClientBase, group: readonly ToKeep[]): Promise<KeptGroup> {
  const graded = group.filter(({ hold }) => hold.grade !== 'none');
  // One statement is a transaction.
  if (graded.length === 0) return { kept: await insertHolds(client, group), connectors: [] };
  return inTransaction(client, async () => {
    const before = await lockConnectors(
      client,
      graded.map(({ hold }) => hold.connector),
    );
    const everything = await readEverything(client);
    let overlay = overlayOf(before.values(), everything);
    const streaks = new Map<string, Streak | null>([...before].map(([id, row]) => [id, streakOf(row)]));
    for (const { hold, at, isLate } of graded) {
      const resumedAt = lastResume(before.get(hold.connector), everything);
      if (isLate === true && resumedAt !== null && resumedAt > at) continue;
      const verdict = countHold(overlay, streaks.get(hold.connector) ?? null, hold, at);
      overlay = verdict.overlay;
      streaks.set(hold.connector, verdict.streak);
    }
    const inserted = await insertHolds(client, group);
    const connectors = [...before].map(([id, row]) => rowOf(row, overlay, streaks.get(id) ?? null));
    await writeConnectors(client, before, connectors, overlay.history);
    const kept = inserted.map((row, index) => {
      const { hold } = group[index] as ToKeep;
      if (hold.grade === 'none') return row;
      return { ...row, paused: pauseOf(overlay, hold.connector, hold.behaviour) !== null };
    });
    return { kept, connectors };
  });
}

/** Those of one key become one row; where that is there already, they count as its retries. */
export async function insertHolds(
  client: ClientBase,
  group: readonly { readonly row: HoldRow }[],
  isAside = false,
): Promise<KeptRow[]> {
  const byKey = new Map<string, HoldRow>();
  for (const { row } of group) {
    const first = byKey.get(row.retryKey);
    byKey.set(row.retryKey, first === undefined ? row : { ...first, count: first.count + 1 });
  }
  // In one order everywhere: two groups that wait for each other would be a deadlock.
  const rows = [...byKey.values()].sort((one, other) => (one.retryKey < other.retryKey ? -1 : 1));
  const { rows: found } = await client.query<{ id: string; retry_key: string; count: number }>(
    `insert into sluice.holds as held
       (id, connector, retry_key, is_aside, code, count, last_attempt, summary, document, body)
     select id, connector, retry_key, $1, code, count, id, summary, document, body
     from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::bytea[])
       as given (id, connector, retry_key, code, count, summary, document, body)
     on conflict (retry_key) do update set
       count = held.count + case
         when held.id = excluded.id or held.last_attempt = excluded.id then 0
         else excluded.count end,
       last_attempt = excluded.id,
       changed_in = pg_current_xact_id()
     returning id, retry_key, count`,
    [
      isAside,
      rows.map(({ id }) => id),
      rows.map(({ connector }) => connector),
      rows.map(({ retryKey }) => retryKey),
      rows.map(({ code }) => code),
      rows.map(({ count }) => count),
      rows.map(({ summary }) => JSON.stringify(summary)),
      rows.map(({ document }) => document),
      rows.map(({ body }) => body),
    ],
  );
  const foundByKey = new Map(found.map((row) => [row.retry_key, row]));
  return group.map(({ row }) => {
    const { id, count } = foundByKey.get(row.retryKey) ?? { id: row.id, count: row.count };
    return { id, count, added: id === row.id, paused: null };
  });
}

/** A hold of another place, as it is. Where another hold has its key, retries count for that one; its own id makes it one hold. */
export async function insertImported(client: ClientBase, row: HoldRow, isAside: boolean): Promise<void> {
  await client.query(
    `insert into sluice.holds (id, connector, retry_key, is_aside, code, count, last_attempt, summary, document, body)
     values ($1, $2, case when exists (select from sluice.holds where retry_key = $3) then $1 else $3 end,
       $4, $5, $6, $1, $7, $8, $9)
     on conflict (id) do nothing`,
    [
      row.id,
      row.connector,
      row.retryKey,
      isAside,
      row.code,
      row.count,
      JSON.stringify(row.summary),
      row.document,
      row.body,
    ],
  );
}

function lastResume(row: ConnectorRow | undefined, everything: ConnectorRow): string | null {
  const [first, second] = [row?.resumed_at ?? null, everything.resumed_at];
  return first === null || (second !== null && second > first) ? second : first;
}
