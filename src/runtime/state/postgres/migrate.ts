/**
 * In: a connection. Out: the schema of this version, made or brought up to date one step a transaction, or how far it is.
 * Two that migrate at once take turns: an advisory lock is held meanwhile.
 */
import type { Client } from 'pg';
import { MIGRATIONS, SCHEMA_VERSION } from './migrations.ts';

/** Any number that nobody else uses: "sluice" in ASCII. */
const LOCK = '126943957869413';

export interface SchemaState {
  /** Number of the last step that was taken; 0: there is no schema. */
  readonly version: number;
  /** The lowest version that a runtime may be made for. */
  readonly worksFrom: number;
}

export async function readSchema(client: Pick<Client, 'query'>): Promise<SchemaState> {
  const { rows: tables } = await client.query<{ there: boolean }>(
    `select to_regclass('sluice.migrations') is not null as there`,
  );
  if (tables[0]?.there !== true) return { version: 0, worksFrom: 0 };
  const { rows } = await client.query<{ version: number | null; works_from: number | null }>(
    'select max(number) as version, max(works_from) as works_from from sluice.migrations',
  );
  return { version: rows[0]?.version ?? 0, worksFrom: rows[0]?.works_from ?? 0 };
}

/** null: this version of Sluice can work with it. */
export function refuseSchema({ version, worksFrom }: SchemaState): string | null {
  if (version === 0) return 'it has no tables of Sluice yet: run `sluice database migrate`';
  if (version < SCHEMA_VERSION)
    return `its schema is ${version}, and this version needs ${SCHEMA_VERSION}: run \`sluice database migrate\``;
  if (worksFrom > SCHEMA_VERSION)
    return `its schema is ${version}, which this version (made for ${SCHEMA_VERSION}) cannot work with: use a newer version of Sluice`;
  return null;
}

/** Names of the steps that were taken now. Rejects with the database's error, and has taken the steps before it. */
export async function migrate(client: Client): Promise<readonly string[]> {
  await client.query(`select pg_advisory_lock(${LOCK})`);
  try {
    await client.query('create schema if not exists sluice');
    await client.query(`create table if not exists sluice.migrations (
      number integer primary key, name text not null, works_from integer not null,
      taken_at timestamptz not null default now())`);
    const { version } = await readSchema(client);
    const taken: string[] = [];
    for (const { number, name, worksFrom, sql } of MIGRATIONS) {
      if (number <= version) continue;
      await client.query('begin');
      await client.query(sql);
      await client.query('insert into sluice.migrations (number, name, works_from) values ($1, $2, $3)', [
        number,
        name,
        worksFrom,
      ]);
      await client.query('commit');
      taken.push(`${number} ${name}`);
    }
    return taken;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.query(`select pg_advisory_unlock(${LOCK})`).catch(() => {});
  }
}
