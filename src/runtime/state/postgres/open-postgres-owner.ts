/**
 * Joins the replicas that share a database. In: its address, and the folder that this one has for itself. Out: the state, or
 * why this replica must not start: a database that cannot be used as it is, or a folder with a state of its own.
 */
import { showDatabase } from '../../settings/database-url.ts';
import type { StateOwner } from '../state-owner.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { PostgresOwner } from './postgres-owner.ts';

export type OpenedDatabase =
  | { readonly ok: true; readonly owner: StateOwner }
  /** A sentence for people. */
  | { readonly ok: false; readonly message: string };

/** Takes `local` over: closed with the state, or at once where that is refused. Where the database is away, it is waited for. */
export async function openPostgresOwner(options: Omit<PostgresOptions, 'shown'>): Promise<OpenedDatabase> {
  const { local, address } = options;
  const shown = showDatabase(address);
  const refuse = async (message: string): Promise<OpenedDatabase> => {
    await Promise.all([local.close(), options.spool?.close()]);
    return { ok: false, message };
  };
  await local.holds.read;
  const held = local.holds.counts().count;
  const paused = local.pauses().length;
  if (held > 0 || paused > 0 || local.everythingPaused() !== null)
    return refuse(
      `the state folder "${local.folder}" holds ${held} requests and ${paused} pauses from before --database was given: bring them over with \`sluice database import --state ${local.folder}\`, or name another folder`,
    );
  const owner = new PostgresOwner({ ...options, shown });
  const failure = await owner.start();
  if (failure === null || !failure.isFinal) return { ok: true, owner };
  await owner.close();
  return { ok: false, message: `the database ${shown} cannot be used: ${failure.reason}` };
}
