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

/** Longer than any hold is: a batch of 1 MiB with ten thousand triggers stays far below. */
export const MAX_HOLD_BYTES = 256 * 1024 * 1024;

/** Requests write and read beside them: the pool of Node has four threads. */
const CONCURRENT_READS = 8;
const SUFFIX = '.json';
const SET_ASIDE_SUFFIX = '.unreadable';

/** The names of the files there were, by connector; null: the folder cannot be listed. */
export type ListedHolds = ReadonlyMap<string, readonly FolderEntry[] | null>;

export interface HoldReading {
  readonly now: number;
  /** Hears of each hold, in no order; nothing of it is kept here. */
  readonly found: (hold: Hold, bytes: number) => void;
  /** Nothing more is wanted. */
  readonly isStopped: () => boolean;
}

/** What is written after this is none of the reader's business. Rejects when the folder itself cannot be listed. */
export async function listHolds(fileSystem: FileSystem, root: string): Promise<ListedHolds> {
  const listed = new Map<string, readonly FolderEntry[] | null>();
  for (const { kind, name } of await fileSystem.listFolder(root)) {
    if (kind !== 'folder' || !isConnectorId(name)) continue;
    listed.set(name, await fileSystem.listFolder(join(root, name)).catch(() => null));
  }
  return listed;
}

/** Out: how many files should be holds and cannot be read, also those of earlier starts. Never rejects. */
export async function readHolds(
  fileSystem: FileSystem,
  root: string,
  listed: ListedHolds,
  { now, found, isStopped }: HoldReading,
): Promise<number> {
  let unreadable = [...listed.values()].filter((entries) => entries === null).length;

  const readFile = async (connector: string, { name, kind }: FolderEntry): Promise<void> => {
    const path = join(root, connector, name);
    if (kind === 'file' && isTemporary(name)) return fileSystem.unlink(path).catch(() => {});
    const id = name.slice(0, -SUFFIX.length);
    if (kind !== 'file' || !name.endsWith(SUFFIX) || !isHoldId(id)) {
      unreadable += 1;
      return;
    }
    const bytes = await fileSystem.read(path, MAX_HOLD_BYTES).catch(() => null);
    const hold = bytes === null ? null : decodeHold(bytes, connector, id);
    if (bytes !== null && hold !== null) return found(hold, bytes.length);
    unreadable += 1;
    // A disk that fails now may read it at the next start: only what was read and makes no sense gets another name.
    if (bytes !== null) await fileSystem.rename(path, `${path}.${now}${SET_ASIDE_SUFFIX}`).catch(() => {});
  };

  const rest = namesOf(listed);
  const readRest = async (): Promise<void> => {
    for (const [connector, entry] of rest) {
      if (isStopped()) return;
      await readFile(connector, entry);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_READS }, readRest));
  return unreadable;
}

function* namesOf(listed: ListedHolds): Generator<readonly [string, FolderEntry]> {
  for (const [connector, entries] of listed) for (const entry of entries ?? []) yield [connector, entry];
}
