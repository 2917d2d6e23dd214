/**
 * What the database knows of one connector: its pauses, what it was resumed for, its streak. In: rows. Out: the overlay that
 * the rules of pausing work on, with this connector alone, and back.
 */
import type { ClientBase } from 'pg';
import { type ConnectorPauses, EMPTY_OVERLAY, EVERY_CONNECTOR, type Overlay } from '../overlay.ts';
import type { Streak } from '../pause-machine.ts';
import { CHANNEL } from './database-link.ts';

/** As the columns are: JSON, or null. */
export interface ConnectorRow {
  readonly id: string;
  readonly pauses: string | null;
  readonly resumed: string | null;
  readonly streak: string | null;
  /** When an operator resumed it last, in ISO 8601. */
  readonly resumed_at: string | null;
}

export const EMPTY_ROW = (id: string): ConnectorRow => ({
  id,
  pauses: null,
  resumed: null,
  streak: null,
  resumed_at: null,
});

/** Of rows in one transaction: those that are there now, locked in the order of their ids until it ends. */
export async function lockConnectors(
  client: ClientBase,
  ids: readonly string[],
): Promise<Map<string, ConnectorRow>> {
  const sorted = [...new Set(ids)].sort();
  await client.query(
    'insert into sluice.connectors (id) select unnest($1::text[]) on conflict (id) do nothing',
    [sorted],
  );
  const { rows } = await client.query<ConnectorRow>(
    'select id, pauses, resumed, streak, resumed_at from sluice.connectors where id = any($1) order by id for update',
    [sorted],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The row of every connector; what it says is true while no operator resumes. */
export async function readEverything(client: ClientBase): Promise<ConnectorRow> {
  const { rows } = await client.query<ConnectorRow>(
    'select id, pauses, resumed, streak, resumed_at from sluice.connectors where id = $1',
    [EVERY_CONNECTOR],
  );
  return rows[0] ?? EMPTY_ROW(EVERY_CONNECTOR);
}

/** The rules' view of these connectors; its history is empty. */
export function overlayOf(rows: Iterable<ConnectorRow>, everything: ConnectorRow): Overlay {
  const pauses = new Map<string, ConnectorPauses>();
  const resumed = new Map<string, readonly string[]>();
  for (const row of rows) {
    if (row.id === EVERY_CONNECTOR) continue;
    if (row.pauses !== null) pauses.set(row.id, JSON.parse(row.pauses));
    if (row.resumed !== null) resumed.set(row.id, JSON.parse(row.resumed));
  }
  const all = everything.pauses === null ? null : JSON.parse(everything.pauses);
  return { ...EMPTY_OVERLAY, pauses, resumed, everything: all };
}

export function streakOf(row: ConnectorRow | undefined): Streak | null {
  return row?.streak === undefined || row.streak === null ? null : JSON.parse(row.streak);
}

export function rowOf(
  { id, resumed_at }: Pick<ConnectorRow, 'id' | 'resumed_at'>,
  overlay: Overlay,
  streak: Streak | null,
): ConnectorRow {
  const text = (value: unknown): string | null =>
    value === undefined || value === null ? null : JSON.stringify(value);
  if (id === EVERY_CONNECTOR) return { ...EMPTY_ROW(id), resumed_at, pauses: text(overlay.everything) };
  return {
    id,
    pauses: text(overlay.pauses.get(id)),
    resumed: text(overlay.resumed.get(id)),
    streak: text(streak),
    resumed_at,
  };
}

/** Writes what changed, with its history, and tells the other replicas of pauses at the commit. */
export async function writeConnectors(
  client: ClientBase,
  before: ReadonlyMap<string, ConnectorRow>,
  after: Iterable<ConnectorRow>,
  history: Overlay['history'],
): Promise<void> {
  for (const row of after) {
    const was = before.get(row.id);
    if (was !== undefined && isSame(was, row)) continue;
    await client.query(
      `update sluice.connectors set pauses = $2, resumed = $3, streak = $4, resumed_at = $5, changed_in = pg_current_xact_id()
       where id = $1`,
      [row.id, row.pauses, row.resumed, row.streak, row.resumed_at],
    );
  }
  if (history.length === 0) return;
  await client.query('insert into sluice.history (entry) select unnest($1::text[])', [
    history.map((entry) => JSON.stringify(entry)),
  ]);
  await client.query(`select pg_notify('${CHANNEL}', '')`);
}

function isSame(one: ConnectorRow, other: ConnectorRow): boolean {
  return (
    one.pauses === other.pauses &&
    one.resumed === other.resumed &&
    one.streak === other.streak &&
    one.resumed_at === other.resumed_at
  );
}
