import { SETTINGS } from '../../runtime/config/settings.ts';
import type { DatabaseAddress } from '../../runtime/settings/database-url.ts';
import { environmentVariable, type Setting } from '../../runtime/settings/setting.ts';
import {
  type DatabaseStatus,
  importState,
  migrateDatabase,
  readDatabaseStatus,
} from '../../runtime/state/postgres/administer.ts';
import { type Context, EXIT, type ExitCode, failed, print, printJson, usage } from '../context.ts';
import { withOfflineState } from '../offline-state.ts';

export interface DatabaseOptions {
  readonly database?: string;
  readonly json?: boolean;
}

/** `sluice database migrate`: makes the tables, or brings them up to date. Exit 1 where the database does not take it. */
export async function databaseMigrate(context: Context, options: DatabaseOptions): Promise<ExitCode> {
  const address = addressOf(context, options);
  if (typeof address === 'number') return address;
  const done = await migrateDatabase(address);
  if (!done.ok) return failed(context, done.message);
  const steps = done.value;
  if (options.json) printJson(context, { steps });
  else if (steps.length === 0) print(context, 'the schema is up to date');
  else print(context, steps.map((step) => `done: ${step}`).join('\n'));
  return EXIT.clean;
}

/** `sluice database status`: exit 1 where a replica of this version could not use it. */
export async function databaseStatus(context: Context, options: DatabaseOptions): Promise<ExitCode> {
  const address = addressOf(context, options);
  if (typeof address === 'number') return address;
  const done = await readDatabaseStatus(address);
  if (!done.ok) return failed(context, done.message);
  if (options.json) printJson(context, done.value);
  else print(context, describeStatus(done.value));
  return done.value.schema.problem === null ? EXIT.clean : EXIT.problems;
}

/** `sluice database import`: moves a replica's own holds and pauses into the database; its runtime must not run meanwhile. */
export function databaseImport(
  context: Context,
  options: DatabaseOptions & { readonly state: string },
): Promise<ExitCode> | ExitCode {
  const address = addressOf(context, options);
  if (typeof address === 'number') return address;
  return withOfflineState(context, options.state, async (owner) => {
    const done = await importState(address, owner);
    if (!done.ok) return failed(context, done.message);
    const { holds, aside, pauses, unreadable } = done.value;
    if (options.json) printJson(context, done.value);
    else
      print(
        context,
        `moved: ${holds} held requests, ${aside} set aside, pauses of ${pauses} connectors${unreadable === 0 ? '' : `; ${unreadable} files cannot be read and stay where they are`}`,
      );
    return unreadable === 0 ? EXIT.clean : EXIT.problems;
  });
}

function addressOf(context: Context, { database }: DatabaseOptions): DatabaseAddress | ExitCode {
  const setting = SETTINGS.database as Setting<DatabaseAddress>;
  const variable = environmentVariable(setting);
  const text = database ?? context.env[variable] ?? '';
  if (text === '') return usage(context, `no database is named: give --database, or set ${variable}`);
  const parsed = setting.parse(text);
  if (parsed.ok) return parsed.value;
  return usage(context, `--database "${setting.mask?.(text) ?? text}" ${parsed.fact}: ${parsed.advice}`);
}

function describeStatus(status: DatabaseStatus): string {
  const { database, version, schema, durability, replicas, inCharge, held, paused } = status;
  const { synchronousCommit, fsync, synchronousStandbys } = durability;
  const waits =
    synchronousStandbys === '' ? 'no other server' : `synchronous_standby_names = ${synchronousStandbys}`;
  return [
    `${database}: PostgreSQL ${version}`,
    `schema ${schema.version}${schema.problem === null ? '' : `: ${schema.problem}`}`,
    `a commit waits for: synchronous_commit = ${synchronousCommit}, fsync = ${fsync}, ${waits}`,
    `replicas connected: ${replicas.length === 0 ? 'none' : replicas.join(', ')}`,
    `sends again what is held: ${inCharge ?? 'none of them at the moment'}`,
    `held: ${held}, connectors paused: ${paused}`,
  ].join('\n');
}
