/**
 * The bearer token of the admin API. A configured one is used as it is; otherwise one is made up at each start and left
 * in the state folder, readable by its owner alone, where the command line on the same machine finds it.
 */
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'admin-token';

export type TokenResult =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly message: string };

/** `folder` must be owned by this process. */
export async function provideAdminToken(folder: string, configured: string | null): Promise<TokenResult> {
  const path = join(folder, FILE);
  try {
    if (configured !== null) {
      // The one of an earlier start would only mislead.
      await rm(path, { force: true });
      return { ok: true, token: configured };
    }
    const token = randomBytes(32).toString('base64url');
    const temporary = `${path}.partial`;
    // A file that is there already would keep the permissions it has.
    await rm(temporary, { force: true });
    await writeFile(temporary, `${token}\n`, { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
    return { ok: true, token };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return {
      ok: false,
      message: `the admin token cannot be written to "${path}" (${reason}): set SLUICE_ADMIN_TOKEN, or make the folder writable`,
    };
  }
}
