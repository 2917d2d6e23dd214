/**
 * The address of the admin API, left in the state folder for the command line on the same machine, beside the token. It is
 * there while the runtime runs; where it cannot be written, --admin says it.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceOwnSync } from '../state-folder/open-own.ts';

export const ADMIN_ADDRESS_FILE = 'admin-address';

/** `folder` must be owned by this process. Returns why it could not be written; null: it is there. */
export async function leaveAdminAddress(folder: string, url: string): Promise<string | null> {
  try {
    replaceOwnSync(folder, ADMIN_ADDRESS_FILE, `${url}\n`);
    return null;
  } catch (error) {
    // The one of an earlier start would mislead.
    await removeAdminAddress(folder);
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

export async function removeAdminAddress(folder: string): Promise<void> {
  await rm(join(folder, ADMIN_ADDRESS_FILE), { force: true }).catch(() => {});
}
