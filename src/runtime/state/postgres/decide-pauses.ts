/** What operators decide, as one transaction each: the connectors are locked, the rules of the overlay are asked, the rest is told. */
import type { ClientBase } from 'pg';
import { EVERY_CONNECTOR, type Note, type Overlay, pauseManually, resume } from '../overlay.ts';
import { inTransaction } from './database-link.ts';
import {
  type ConnectorRow,
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
  return decide(client, [connector], (overlay) => pauseManually(overlay, connector, note), false);
}

/** Of one connector, or of all of them. Out: those that are not as they were. */
export async function resumeInDatabase(
  client: ClientBase,
  connector: string,
  note: Note,
): Promise<readonly ConnectorRow[]> {
  const change = (overlay: Overlay): Overlay => resume(overlay, connector, note);
  if (connector !== EVERY_CONNECTOR) return decide(client, [connector, EVERY_CONNECTOR], change, true);
  const { rows } = await client.query<{ id: string }>('select id from sluice.connectors');
  return decide(client, [...rows.map(({ id }) => id), EVERY_CONNECTOR], change, true);
}

function decide(
  client: ClientBase,
  ids: readonly string[],
  change: (overlay: Overlay) => Overlay,
  endsStreaks: boolean,
): Promise<readonly ConnectorRow[]> {
  return inTransaction(client, async () => {
    const before = await lockConnectors(client, ids);
    const everything = before.get(EVERY_CONNECTOR) ?? {
      id: EVERY_CONNECTOR,
      pauses: null,
      resumed: null,
      streak: null,
    };
    const overlay = change(overlayOf(before.values(), everything));
    const after = [...before].map(([id, row]) => rowOf(id, overlay, endsStreaks ? null : streakOf(row)));
    // Pausing locks no row of all connectors, and says nothing about it.
    await writeConnectors(client, before, after, overlay.history);
    return after;
  });
}
