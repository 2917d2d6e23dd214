/**
 * The bearer token of the admin API. A configured one is used as it is; otherwise one is made up at each start and left
 * in the state folder, readable by its owner alone, where the command line on the same machine finds it. A disk that
 * takes no token is no reason not to start: webhooks come in without it.
 */
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'admin-token';

export interface ProvidedToken {
  readonly token: string;
  /** What an operator should know; null: all is well. */
  readonly problem: string | null;
}

/** `folder` must be owned by this process. */
export async function provideAdminToken(folder: string, configured: string | null): Promise<ProvidedToken> {
  const path = join(folder, FILE);
  if (configured !== null) {
    // The one of an earlier start would only mislead; nobody else can use it.
    await rm(path, { force: true }).catch(() => {});
    return { token: configured, problem: null };
  }
  const token = randomBytes(32).toString('base64url');
  try {
    await writeToken(path, token);
    return { token, problem: null };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    const fact = `a new admin token cannot be written to "${path}" (${reason})`;
    const earlier = await readEarlierToken(path);
    if (earlier !== null) return { token: earlier, problem: `${fact}: the one that is there stays valid` };
    return {
      token,
      problem: `${fact}: the admin API answers nobody; set SLUICE_ADMIN_TOKEN, or make room there, and start again`,
    };
  }
}

/** The state folder was deleted under this process: leaves the same token there again. */
export async function restoreAdminToken(folder: string, token: string): Promise<void> {
  await writeToken(join(folder, FILE), token).catch(() => {});
}

async function writeToken(path: string, token: string): Promise<void> {
  const temporary = `${path}.partial`;
  // A file that is there already would keep the permissions it has.
  await rm(temporary, { force: true });
  await writeFile(temporary, `${token}\n`, { mode: 0o600, flag: 'wx' });
  await rename(temporary, path);
}

/** The token of an earlier start, if nobody but its owner can have read or written it. */
async function readEarlierToken(path: string): Promise<string | null> {
  try {
    const { mode, uid } = await stat(path);
    const token = (await readFile(path, 'utf8')).trim();
    const isPrivate = (mode & 0o077) === 0 && uid === process.getuid?.();
    return isPrivate && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : null;
  } catch {
    return null;
  }
}
