/**
 * An exclusive lock that the kernel holds for this process and lets go the moment it dies, however it dies. Works
 * between containers that share a volume on one machine, whatever their process ids and host names are.
 *
 * Node has no flock(2); SQLite, which comes with Node, takes a POSIX lock on a file of ours and does nothing else with
 * it. Not proper-lockfile: it knows only a heartbeat, so that a restart after a crash waits 10 s for staleness, and a
 * process that stalls longer is robbed of its lock.
 */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export type KernelLock =
  | {
      readonly ok: true;
      release(): void;
      /** Whether the file at the path is still the one that is locked: a folder may be deleted, and made anew, under us. */
      isCurrent(): boolean;
    }
  /** `busy`: another process has it. `unsupported`: this file system has no locks. `failed`: the file cannot be opened. */
  | { readonly ok: false; readonly why: 'busy' | 'unsupported' | 'failed' };

export type TakeKernelLock = (path: string) => KernelLock;

/** https://www.sqlite.org/rescode.html; the low byte is the primary code. */
const SQLITE_BUSY = 5;
const SQLITE_IOERR = 10;

export const takeSqliteLock: TakeKernelLock = (path) => {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    // The file stays empty: nothing is ever written to it, and there is no journal beside it.
    database.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    const code = sqliteCode(error);
    return {
      ok: false,
      why: code === SQLITE_BUSY ? 'busy' : code === SQLITE_IOERR ? 'unsupported' : 'failed',
    };
  }
  const held = database;
  const locked = fileAt(path);
  return {
    ok: true,
    release: () => held.close(),
    isCurrent: () => locked !== null && fileAt(path) === locked,
  };
};

function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') throw error;
  return error.errcode & 0xff;
}

/** Which file a path leads to; null: none, or nobody can say. Opens nothing: closing it again would drop the lock. */
function fileAt(path: string): string | null {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}
