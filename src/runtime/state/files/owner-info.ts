/** owner.json: who owns a state folder, for the next who wants it. */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { type FileSystem, isMissing } from './file-system.ts';

export interface Identity {
  readonly pid: number;
  readonly host: string;
  /** The kernel that this process runs on: processes with the same one see each other's locks. */
  readonly kernel: string;
}

export interface OwnerInfo extends Identity {
  readonly token: string;
  /** ISO 8601. */
  readonly since: string;
}

/** An owner that has not said who it is. */
export const UNKNOWN_OWNER: OwnerInfo = { token: '', pid: 0, host: 'an unknown host', kernel: '', since: '' };

const MAX_INFO_BYTES = 4096;

/** null: no owner. A file that makes no sense has an owner about whom nothing is known. */
export async function readOwnerInfo(fileSystem: FileSystem, path: string): Promise<OwnerInfo | null> {
  let text: string;
  try {
    text = (await fileSystem.read(path, MAX_INFO_BYTES)).toString('utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    return { ...UNKNOWN_OWNER, ...(JSON.parse(text) as Partial<OwnerInfo>) };
  } catch {
    return UNKNOWN_OWNER;
  }
}

export function encodeOwnerInfo(info: OwnerInfo): Buffer {
  return Buffer.from(`${JSON.stringify(info)}\n`);
}

export function thisProcess(): Identity {
  return { pid: process.pid, host: hostname(), kernel: bootId() ?? hostname() };
}

/** A random id that Linux draws at each boot; the same in all containers of a machine. */
function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
