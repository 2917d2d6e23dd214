/**
 * Brings what one replica kept in its state folder into the database. In: the folder, open and nobody else's. Out: how much of
 * it there was. Each hold is in the database before it is gone from the folder, under its own id: doing it again after a stop
 * doubles nothing. Pauses join those that are there already: an import never lifts one.
 */
import type { Client } from 'pg';
import type { Hold } from '../../../admin-api/records.ts';
import type { HoldStore } from '../files/hold-store.ts';
import { encodeNotified, type NotifiedHold } from '../notified.ts';
import { type ConnectorPauses, EVERY_CONNECTOR, type Overlay } from '../overlay.ts';
import type { StateOwner } from '../state-owner.ts';
import { inTransaction } from './database-link.ts';
import { ASIDE, encodeRow } from './hold-rows.ts';
import { insertImported } from './keep-holds.ts';
import {
  EMPTY_ROW,
  lockConnectors,
  overlayOf,
  rowOf,
  streakOf,
  writeConnectors,
} from './restriction-rows.ts';

export interface ImportSources {
  readonly owner: StateOwner;
  /** What is set aside in the same folder. */
  readonly aside: Pick<HoldStore, 'list' | 'get' | 'remove'>;
  /** The pauses are in the database: the folder must not say them again. */
  readonly retireOverlay: () => Promise<void>;
}

export interface Imported {
  readonly holds: number;
  readonly aside: number;
  /** Connectors that were paused. */
  readonly pauses: number;
  /** Files that cannot be read stay where they are. */
  readonly unreadable: number;
}

/** Rejects with what the database or the folder says; what was brought over by then stays. */
export async function importFolder(client: Client, sources: ImportSources): Promise<Imported> {
  const { owner, aside, retireOverlay } = sources;
  await owner.holds.read;
  const pauses = await importPauses(client, owner);
  await retireOverlay();
  await importNotified(client, owner);
  const holds = await moveHolds(client, owner.holds, false);
  const setAside = await moveHolds(client, aside, true);
  return {
    holds: holds.moved,
    aside: setAside.moved,
    pauses,
    unreadable: holds.unreadable + setAside.unreadable,
  };
}

/** Before the holds: a request that paused its connector must not be sent while that is not paused yet. */
async function importPauses(client: Client, owner: StateOwner): Promise<number> {
  const { overlay } = owner.snapshot();
  const connectors = new Set([...overlay.pauses.keys(), ...overlay.resumed.keys()]);
  if (overlay.everything !== null) connectors.add(EVERY_CONNECTOR);
  if (connectors.size === 0) return 0;
  await inTransaction(client, async () => {
    const before = await lockConnectors(client, [...connectors]);
    const there = overlayOf(before.values(), before.get(EVERY_CONNECTOR) ?? EMPTY_ROW(EVERY_CONNECTOR));
    const merged: Overlay = {
      ...there,
      everything: there.everything ?? overlay.everything,
      pauses: new Map(
        [...connectors]
          .map((id) => [id, joinPauses(there.pauses.get(id), overlay.pauses.get(id))] as const)
          .filter(([, { manual, automatic }]) => manual !== null || automatic.length > 0),
      ),
      resumed: new Map(
        [...connectors].map((id) => [
          id,
          [...new Set([...(overlay.resumed.get(id) ?? []), ...(there.resumed.get(id) ?? [])])],
        ]),
      ),
    };
    const after = [...before].map(([, row]) => rowOf(row, merged, streakOf(row)));
    await writeConnectors(client, before, after, overlay.history);
  });
  return overlay.pauses.size;
}

function joinPauses(there?: ConnectorPauses, brought?: ConnectorPauses): ConnectorPauses {
  const automatic = [...(there?.automatic ?? [])];
  for (const pause of brought?.automatic ?? [])
    if (!automatic.some(({ behaviour }) => behaviour === pause.behaviour)) automatic.push(pause);
  return { manual: there?.manual ?? brought?.manual ?? null, automatic };
}

/** Only where no replica has told anything yet. */
async function importNotified(client: Client, owner: StateOwner): Promise<void> {
  const { notified } = owner;
  const holds = new Map<string, NotifiedHold>();
  for (const connector of owner.holds.connectors()) {
    const told = notified.holdOf(connector);
    if (told !== null) holds.set(connector, told);
  }
  await client.query(
    `insert into sluice.documents (name, content) values ('notified', $1) on conflict (name) do nothing`,
    [encodeNotified({ pauses: new Map(notified.pauses()), holds })],
  );
}

async function moveHolds(
  client: Client,
  store: Pick<HoldStore, 'list' | 'get' | 'remove'>,
  isAside: boolean,
): Promise<{ moved: number; unreadable: number }> {
  let moved = 0;
  let unreadable = 0;
  for (const { id, count } of store.list().holds) {
    const hold: Hold | null = await store.get(id);
    if (hold === null) {
      unreadable += 1;
      continue;
    }
    const row = encodeRow({ ...hold, count: Math.max(hold.count, count) });
    const isAlone = row.retryKey === row.id;
    await insertImported(
      client,
      { ...row, retryKey: isAside && !isAlone ? `${ASIDE}${row.retryKey}` : row.retryKey },
      isAside,
    );
    const removed = await store.remove(id);
    if (!removed.ok)
      throw new Error(`the hold ${id} is in the database, but cannot be removed: ${removed.reason}`);
    moved += 1;
  }
  return { moved, unreadable };
}
