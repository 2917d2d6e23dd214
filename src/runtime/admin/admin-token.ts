/**
 * The bearer token of the admin API. A configured one is used as it is; otherwise one is made up at each start and left
 * in the state folder, readable by its owner alone, where the command line on the same machine finds it. A disk that
 * takes no token is no reason not to start: webhooks come in without it.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readOwnSync, replaceOwnSync } from '../state-folder/open-own.ts';

export const ADMIN_TOKEN_FILE = 'admin-token';
/** Longer than any token is. */
const MAX_BYTES = 4096;

export interface ProvidedToken {
  readonly token: string;
  /** What an operator should know; null: all is well. */
  readonly problem: string | null;
}

/** `folder` must be owned by this process. */
export async function provideAdminToken(folder: string, configured: string | null): Promise<ProvidedToken> {
  const path = join(folder, ADMIN_TOKEN_FILE);
  if (configured !== null) {
    // The one of an earlier start would only mislead; nobody else can use it.
    await rm(path, { force: true }).catch(() => {});
    return { token: configured, problem: null };
  }
  const token = randomBytes(32).toString('base64url');
  try {
    replaceOwnSync(folder, ADMIN_TOKEN_FILE, `${token}\n`);
    return { token, problem: null };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    const fact = `a new admin token cannot be written to "${path}" (${reason})`;
    const earlier = readEarlierToken(folder);
    if (earlier !== null) return { token: earlier, problem: `${fact}: the one that is there stays valid` };
    return {
      token,
      problem: `${fact}: the admin API answers nobody; set SLUICE_ADMIN_TOKEN, or make room there, and start again`,
    };
  }
}

/** The state folder was deleted under this process: leaves the same token there again. */
export function restoreAdminToken(folder: string, token: string): void {
  try {
    replaceOwnSync(folder, ADMIN_TOKEN_FILE, `${token}\n`);
  } catch {
    // What keeps it from being written is a problem of the folder, and is told as one.
  }
}

/** The token of an earlier start, if nobody but its owner can have read or written it. */
function readEarlierToken(folder: string): string | null {
  try {
    const token = readOwnSync(folder, ADMIN_TOKEN_FILE, MAX_BYTES, { isSecret: true }).trim();
    return /^[A-Za-z0-9_-]{43}$/.test(token) ? token : null;
  } catch {
    return null;
  }
}
