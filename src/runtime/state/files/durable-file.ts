/**
 * Writing so that a reader finds the old file or the new one, whole, also after a power failure at any moment:
 * temporary file in the same folder, fsync, rename, fsync of the folder.
 */
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { coalesce } from './coalesce.ts';
import { errorCode, type FileSystem, isMissing } from './file-system.ts';

/** What an operation on the state folder came to. */
export type Written =
  | { readonly ok: true }
  /** `isUndone`: nothing has changed in memory either. */
  | { readonly ok: false; readonly reason: string; readonly isUndone?: true };

export const WRITTEN: Written = { ok: true };

const TEMPORARY_SUFFIX = '.tmp';

export type SyncFolder = (folder: string) => Promise<void>;

/**
 * Resolves when the new content is durable. Rejects with an `ErrnoException` otherwise; the file may then hold either
 * content, as the failure of the last step (fsync of the folder) comes after the rename.
 */
export async function replaceFile(
  fileSystem: FileSystem,
  path: string,
  bytes: Uint8Array,
  syncFolder: SyncFolder = (folder) => fileSystem.syncFolder(folder),
): Promise<void> {
  await replaceUnsynced(fileSystem, path, bytes);
  await syncFolder(dirname(path));
}

/** The same without the last step, for files that another write of the same folder makes durable, or that need not be. */
export async function replaceUnsynced(
  fileSystem: FileSystem,
  path: string,
  bytes: Uint8Array,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}${TEMPORARY_SUFFIX}`;
  const file = await fileSystem.create(temporary);
  try {
    try {
      await file.write(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await fileSystem.rename(temporary, path);
  } catch (error) {
    // A failed fsync may have dropped the pages: the data is written anew next time, never synced again.
    await fileSystem.unlink(temporary).catch(() => {});
    throw error;
  }
}

/** A file that a write left behind when the process died. */
export function isTemporary(name: string): boolean {
  return name.endsWith(TEMPORARY_SUFFIX);
}

/** Removes what interrupted writes left in a folder. A file that cannot be removed does no harm. */
export async function removeTemporaries(fileSystem: FileSystem, folder: string): Promise<void> {
  for (const { name, kind } of await fileSystem.listFolder(folder)) {
    if (kind === 'file' && isTemporary(name)) await fileSystem.unlink(`${folder}/${name}`).catch(() => {});
  }
}

/**
 * Makes a folder and its parents; durable when it resolves. A folder that is there may have been made moments before a
 * crash: its entry is synced too, unless the parent is none of ours to open.
 */
export async function ensureFolder(fileSystem: FileSystem, path: string): Promise<void> {
  const parent = dirname(path);
  try {
    await fileSystem.makeFolder(path);
    await fileSystem.syncFolder(parent);
  } catch (error) {
    if (isMissing(error) && parent !== path) {
      await ensureFolder(fileSystem, parent);
      await ensureFolder(fileSystem, path);
    } else if (errorCode(error) === 'EEXIST') {
      await fileSystem.syncFolder(parent).catch((failure: unknown) => {
        if (errorCode(failure) !== 'EACCES') throw failure;
      });
    } else {
      throw error;
    }
  }
}

/** `syncFolder` for many concurrent writers: those of one folder share one fsync. */
export function groupFolderSyncs(fileSystem: FileSystem): SyncFolder {
  const byFolder = new Map<string, () => Promise<void>>();
  return (folder) => {
    let sync = byFolder.get(folder);
    if (sync === undefined) {
      sync = coalesce(() => fileSystem.syncFolder(folder));
      byFolder.set(folder, sync);
    }
    return sync();
  };
}
