/**
 * What is held, for lists, people, redelivery and replays: read from the local copy, changed in the database. With a lease,
 * changes are made only while it is held: who has lost it meanwhile changes nothing any more.
 */
import type { ClientBase } from 'pg';
import type { Hold, HoldSummary } from '../../../admin-api/records.ts';
import type { HoldCode } from '../../../outcomes/codes.ts';
import { WRITTEN, type Written } from '../files/durable-file.ts';
import type { HoldUpdate } from '../files/hold-store.ts';
import { isHoldId } from '../hold-id.ts';
import type { StateOwner } from '../state-owner.ts';
import { describeFailure } from './connect.ts';
import { type DatabaseLink, inTransaction, Refused } from './database-link.ts';
import { decodeRow, encodeRow } from './hold-rows.ts';
import type { LocalCopy } from './local-copy.ts';
import type { ChangeReader } from './read-changes.ts';

export interface HeldDeps {
  readonly link: Pick<DatabaseLink, 'run'>;
  readonly copy: LocalCopy;
  readonly changes: Pick<ChangeReader, 'touch'>;
  readonly read: Promise<void>;
  /** Number of the claim under which changes are made; undefined: an operator's. */
  readonly lease?: { readonly name: string; readonly number: string };
}

interface StoredHold {
  readonly document: string;
  readonly body: Buffer;
  readonly count: number;
}

export function heldInDatabase(deps: HeldDeps): StateOwner['holds'] {
  const { link, copy, changes, read, lease } = deps;
  const index = copy.holds;

  const isAllowed = async (client: ClientBase): Promise<void> => {
    if (lease === undefined) return;
    const { rowCount } = await client.query(
      'select from sluice.leases where name = $1 and number = $2 and expires_at > now() for share',
      [lease.name, lease.number],
    );
    if (rowCount !== 1) throw new Refused('another replica sends what is held by now');
  };
  const attempt = async (work: (client: ClientBase) => Promise<void>): Promise<Written> => {
    try {
      await link.run((client) =>
        inTransaction(client, async () => {
          await isAllowed(client);
          await work(client);
        }),
      );
      return WRITTEN;
    } catch (error) {
      return { ok: false, reason: describeFailure(error) };
    }
  };

  return {
    read,
    list: (filter = {}) => index.list(filter),
    summary: (id) => index.get(id),
    othersOf: (id) => index.othersOf(id),
    counts: (connector) => index.counts(connector),
    connectors: () => index.connectors(),
    problems: () => [],
    async get(id) {
      if (!isHoldId(id)) return null;
      return link.run((client) => readHold(client, id)).catch(() => null);
    },
    async remove(id) {
      const written = await attempt(async (client) => {
        await removeHolds(client, 'id = $1', [id]);
      });
      if (!written.ok) return written;
      changes.touch(id);
      copy.dropHold(id);
      return written;
    },
    async update(id, changed, ifCode) {
      let summary: HoldSummary | null = null;
      const written = await attempt(async (client) => {
        summary = await updateHold(client, id, changed, ifCode);
      });
      if (!written.ok || summary === null) return written;
      changes.touch(id);
      copy.putHold(summary, false);
      return written;
    },
  };
}

async function readHold(client: ClientBase, id: string, lock = ''): Promise<Hold | null> {
  const { rows } = await client.query<StoredHold>(
    `select document, body, count from sluice.holds where id = $1 and not is_aside ${lock}`,
    [id],
  );
  const [row] = rows;
  return row === undefined ? null : decodeRow(row.document, row.body, row.count);
}

/** Where another hold has the key that this one comes to, retries count for that one. */
async function updateHold(
  client: ClientBase,
  id: string,
  changed: HoldUpdate,
  ifCode?: HoldCode,
): Promise<HoldSummary> {
  const hold = await readHold(client, id, 'for update');
  if (hold === null) throw new Refused('it is not there, or cannot be read');
  if (ifCode !== undefined && hold.code !== ifCode) throw new Refused(`it is "${hold.code}" by now`);
  const { retryKey, code, summary, document } = encodeRow({ ...hold, ...changed });
  await client.query(
    `update sluice.holds set code = $2, summary = $3, document = $4, changed_in = pg_current_xact_id(),
       retry_key = case when exists (select from sluice.holds where retry_key = $5 and id <> $1) then id else $5 end
     where id = $1`,
    [id, code, JSON.stringify(summary), document, retryKey],
  );
  return { ...summary, count: hold.count };
}

/** Removes them, and leaves a note for the other replicas. Out: their ids. */
export async function removeHolds(
  client: ClientBase,
  where: string,
  values: readonly unknown[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `with gone as (delete from sluice.holds where ${where} returning id)
     insert into sluice.removed (id) select id from gone on conflict (id) do nothing returning id`,
    [...values],
  );
  return rows.map(({ id }) => id);
}
