/**
 * Where the runtime of a state folder listens for its operators. In: the options. Out: a base URL. What is in the folder
 * is believed only where it is for its owner alone and names this machine: a state folder that a repository brought along
 * must not send anybody's token elsewhere.
 */
import { readFileSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { ADMIN_ADDRESS_FILE } from '../runtime/admin/admin-address.ts';

/** Where a runtime listens unless it is told otherwise. */
export const DEFAULT_ADMIN = 'http://127.0.0.1:8081';

/** No address is as long. */
const MAX_BYTES = 200;

export function adminAddress(
  cwd: string,
  { admin, state }: { readonly admin?: string | undefined; readonly state: string },
): string {
  return admin ?? readAddress(join(resolve(cwd, state), ADMIN_ADDRESS_FILE)) ?? DEFAULT_ADMIN;
}

function readAddress(path: string): string | null {
  try {
    const { mode, size } = statSync(path);
    if ((mode & 0o077) !== 0 || size > MAX_BYTES) return null;
    const text = readFileSync(path, 'utf8').trim();
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
