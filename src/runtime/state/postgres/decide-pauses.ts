/** What operators decide, as one transaction each: the connectors are locked, the rules of the overlay are asked, the rest is told. */
import type { ClientBase } from 'pg';
import { EVERY_CONNECTOR, type Note, type Overlay, pauseManually, resume } from '../overlay.ts';
import { inTransaction } from './database-link.ts';
import {
  type ConnectorRow,
  EMPTY_ROW,
  lockConnectors,
  overlayOf,
  rowOf,
  streakOf,
  writeConnectors,
} from './restriction-rows.ts';

/** Out: the connector as it is now. */
export function pauseInDatabase(
  client: ClientBase,
  connector: string,
  note: Note,
): Promise<readonly ConnectorRow[]> {
  return decide(
    client,
    [connector],
    (overlay) => pauseManually(overlay, connector, note),
    (row) => row,
  );
}

/** Of one connector, or of all of them. Out: those that were looked at, as they are now. */
export async function resumeInDatabase(
  client: ClientBase,
  connector: string,
  note: Note,
): Promise<readonly ConnectorRow[]> {
  const change = (overlay: Overlay): Overlay => resume(overlay, connector, note);
  const isResumed = ({ id }: ConnectorRow): boolean => connector === EVERY_CONNECTOR || id === connector;
  const mark = (row: ConnectorRow): ConnectorRow =>
    isResumed(row) ? { ...row, streak: null, resumed_at: note.at } : row;
  if (connector !== EVERY_CONNECTOR) return decide(client, [connector, EVERY_CONNECTOR], change, mark);
  const { rows } = await client.query<{ id: string }>('select id from sluice.connectors');
  return decide(client, [...rows.map(({ id }) => id), EVERY_CONNECTOR], change, mark);
}

function decide(
  client: ClientBase,
  ids: readonly string[],
  change: (overlay: Overlay) => Overlay,
  mark: (row: ConnectorRow) => ConnectorRow,
): Promise<readonly ConnectorRow[]> {
  return inTransaction(client, async () => {
    const before = await lockConnectors(client, ids);
    const everything = before.get(EVERY_CONNECTOR) ?? EMPTY_ROW(EVERY_CONNECTOR);
    const overlay = change(overlayOf(before.values(), everything));
    const after = [...before.values()].map((row) => mark(rowOf(row, overlay, streakOf(row))));
    await writeConnectors(client, before, after, overlay.history);
    return after;
  });
}
