/**
 * Reads what earlier processes held. What interrupted writes left is removed; a hold that makes no sense is renamed, so
 * that it is neither delivered nor overwritten, and counted. One bad file never keeps the others from being found.
 */

import { join } from 'node:path';
import type { Hold } from '../../../admin-api/records.ts';
import { isConnectorId } from '../connector-id.ts';
import { isHoldId } from '../hold-id.ts';
import { isTemporary } from './durable-file.ts';
import type { FileSystem, FolderEntry } from './file-system.ts';
import { decodeHold } from './hold-format.ts';
import { limitConcurrency } from './limit-concurrency.ts';

/** Longer than any hold is: a batch of 1 MiB with ten thousand triggers stays far below. */
export const MAX_HOLD_BYTES = 256 * 1024 * 1024;

const CONCURRENT_READS = 32;
const SUFFIX = '.json';
const SET_ASIDE_SUFFIX = '.unreadable';

export interface FoundHolds {
  /** Oldest first. */
  readonly holds: readonly { readonly hold: Hold; readonly bytes: number }[];
  /** Files that should be holds and cannot be read, also those of earlier starts. */
  readonly unreadable: number;
}

/** Rejects with an `ErrnoException` when the folder itself cannot be listed. */
export async function scanHolds(fileSystem: FileSystem, root: string, now: number): Promise<FoundHolds> {
  const limited = limitConcurrency(CONCURRENT_READS);
  const holds: { hold: Hold; bytes: number }[] = [];
  let unreadable = 0;

  const scanFile = async (connector: string, { name, kind }: FolderEntry): Promise<void> => {
    const path = join(root, connector, name);
    if (kind === 'file' && isTemporary(name)) return fileSystem.unlink(path).catch(() => {});
    const id = name.slice(0, -SUFFIX.length);
    if (kind !== 'file' || !name.endsWith(SUFFIX) || !isHoldId(id)) {
      unreadable += 1;
      return;
    }
    const bytes = await fileSystem.read(path, MAX_HOLD_BYTES).catch(() => null);
    const hold = bytes === null ? null : decodeHold(bytes, connector, id);
    if (bytes !== null && hold !== null) {
      holds.push({ hold, bytes: bytes.length });
      return;
    }
    unreadable += 1;
    // A disk that fails now may read it at the next start: only what was read and makes no sense gets another name.
    if (bytes !== null) await fileSystem.rename(path, `${path}.${now}${SET_ASIDE_SUFFIX}`).catch(() => {});
  };

  for (const folder of await fileSystem.listFolder(root)) {
    if (folder.kind !== 'folder' || !isConnectorId(folder.name)) continue;
    const entries = await fileSystem.listFolder(join(root, folder.name)).catch(() => null);
    if (entries === null) unreadable += 1;
    else await Promise.all(entries.map((entry) => limited(() => scanFile(folder.name, entry))));
  }
  holds.sort((a, b) => (a.hold.id < b.hold.id ? -1 : 1));
  return { holds, unreadable };
}
