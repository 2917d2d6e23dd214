/** What the command line does with a database: brings its schema up to date, says how it is, takes a state folder over. */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import type { DatabaseAddress } from '../../settings/database-url.ts';
import { nodeFileSystem } from '../files/file-system.ts';
import { openHoldStore } from '../files/hold-store.ts';
import { ASIDE_LIMITS } from '../hold-index.ts';
import type { StateOwner } from '../state-owner.ts';
import { connect, describeFailure, endQuietly, nameOf } from './connect.ts';
import { type Imported, importFolder } from './import-folder.ts';
import { migrate, readSchema, refuseSchema } from './migrate.ts';
import { SCHEMA_VERSION } from './migrations.ts';

export type Done<T> =
  | { readonly ok: true; readonly value: T }
  /** A sentence for people. */
  | { readonly ok: false; readonly message: string };

export interface DatabaseStatus {
  readonly database: string;
  /** Of the server, such as 15.18. */
  readonly version: string;
  readonly schema: { readonly version: number; readonly needed: number; readonly problem: string | null };
  /** What a commit waits for. */
  readonly durability: {
    readonly synchronousCommit: string;
    readonly fsync: string;
    /** Empty: commits wait for no other server. */
    readonly synchronousStandbys: string;
  };
  /** Connected now. */
  readonly replicas: readonly string[];
  /** Which of them sends again what is held; null: none at the moment. */
  readonly inCharge: string | null;
  readonly held: number;
  /** Connectors that are paused, whatever their behaviour is now. */
  readonly paused: number;
}

/** Out: the steps that were taken. */
export function migrateDatabase(address: DatabaseAddress): Promise<Done<readonly string[]>> {
  return withClient(address, (client) => migrate(client));
}

export function readDatabaseStatus(address: DatabaseAddress): Promise<Done<DatabaseStatus>> {
  return withClient(address, async (client) => {
    const schema = await readSchema(client);
    const { rows } = await client.query<Record<'version' | 'commit' | 'fsync' | 'standbys', string>>(
      `select current_setting('server_version') as version, current_setting('synchronous_commit') as commit,
         current_setting('fsync') as fsync, current_setting('synchronous_standby_names') as standbys`,
    );
    const { version = '', commit = '', fsync = '', standbys = '' } = rows[0] ?? {};
    return {
      database: nameOf(address),
      version,
      schema: { version: schema.version, needed: SCHEMA_VERSION, problem: refuseSchema(schema) },
      durability: { synchronousCommit: commit, fsync, synchronousStandbys: standbys },
      ...(schema.version === 0
        ? { replicas: [], inCharge: null, held: 0, paused: 0 }
        : await readUse(client)),
    };
  });
}

/** `owner`: of the folder, which nobody else uses. */
export function importState(address: DatabaseAddress, owner: StateOwner): Promise<Done<Imported>> {
  return withClient(address, async (client) => {
    const refused = refuseSchema(await readSchema(client));
    if (refused !== null) throw new Error(refused);
    const { folder } = owner;
    const fileSystem = nodeFileSystem(folder);
    const aside = await openHoldStore({
      fileSystem,
      folder,
      name: 'aside',
      now: Date.now,
      limits: ASIDE_LIMITS,
    });
    const retireOverlay = async (): Promise<void> => {
      const retired = `overlay.imported-${new Date().toISOString().replace(/[-:.]/g, '')}.json`;
      await rename(join(folder, 'overlay.json'), join(folder, retired)).catch(ignoreMissing);
      await rm(join(folder, 'overlay.previous.json'), { force: true });
      await fileSystem.syncFolder(folder);
    };
    return importFolder(client, { owner, aside, retireOverlay });
  });
}

async function readUse(
  client: Client,
): Promise<Pick<DatabaseStatus, 'replicas' | 'inCharge' | 'held' | 'paused'>> {
  const { rows: connected } = await client.query<{ name: string }>(
    `select distinct substr(application_name, 8) as name from pg_stat_activity
     where datname = current_database() and application_name like 'sluice %' order by 1`,
  );
  const { rows } = await client.query<{ held: number; paused: number; holder: string | null }>(
    `select (select count(*)::int from sluice.holds where not is_aside) as held,
       (select count(*)::int from sluice.connectors where pauses is not null) as paused,
       (select holder from sluice.leases where name = 'held' and expires_at > now()) as holder`,
  );
  const { held = 0, paused = 0, holder = null } = rows[0] ?? {};
  return { replicas: connected.map(({ name }) => name), inCharge: holder, held, paused };
}

async function withClient<T>(
  address: DatabaseAddress,
  work: (client: Client) => Promise<T>,
): Promise<Done<T>> {
  const connected = await connect(address, { name: 'sluice-command', isPatient: true });
  if (!connected.ok) return { ok: false, message: `${nameOf(address)} cannot be used: ${connected.reason}` };
  const { client } = connected;
  try {
    return { ok: true, value: await work(client) };
  } catch (error) {
    return { ok: false, message: `${nameOf(address)}: ${describeFailure(error)}` };
  } finally {
    await endQuietly(client);
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
