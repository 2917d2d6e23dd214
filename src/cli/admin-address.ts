/**
 * Where the runtime of a state folder listens for its operators. In: the options. Out: a base URL. What is in the folder
 * is believed only where it is for its owner alone and names this machine: a state folder that a repository brought along
 * must not send anybody's token elsewhere.
 */
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { ADMIN_ADDRESS_FILE } from '../runtime/admin/admin-address.ts';
import { readOwnSync } from '../runtime/state-folder/open-own.ts';

/** Where a runtime listens unless it is told otherwise. */
export const DEFAULT_ADMIN = 'http://127.0.0.1:8081';

/** No address is as long. */
const MAX_BYTES = 200;

export function adminAddress(
  cwd: string,
  { admin, state }: { readonly admin?: string | undefined; readonly state: string },
): string {
  return admin ?? readAddress(resolve(cwd, state)) ?? DEFAULT_ADMIN;
}

function readAddress(folder: string): string | null {
  try {
    const text = readOwnSync(folder, ADMIN_ADDRESS_FILE, MAX_BYTES, { isSecret: true }).trim();
    const { protocol, hostname, origin } = new URL(text);
    return protocol === 'http:' && origin === text && isHere(hostname) ? text : null;
  } catch {
    return null;
  }
}

function isHere(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)) return true;
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === host));
}
