import { dirname } from 'node:path';
import type { FileSystem, FolderEntry } from '../../../src/runtime/state/files/file-system.ts';

/** What a disk holds: folders with their entries, and files by number, so that a rename moves no content. */
export interface Disk {
  readonly folders: ReadonlyMap<string, ReadonlyMap<string, number | 'folder'>>;
  readonly files: ReadonlyMap<number, Buffer>;
}

export interface CrashingFileSystem extends FileSystem {
  /** After each call that changes something: what survives a power failure then, and what the process saw. */
  readonly moments: readonly { readonly synced: Disk; readonly seen: Disk }[];
}

type Folders = Map<string, Map<string, number | 'folder'>>;

/**
 * A file system in memory that knows what has been synced: content of files and entries of folders apart, as a disk
 * does. Times of modification do not exist here.
 */
export function makeCrashingFileSystem(disk?: Disk): CrashingFileSystem {
  const seen = { folders: copyFolders(disk?.folders), files: new Map(disk?.files) };
  const synced = { folders: copyFolders(disk?.folders), files: new Map(disk?.files) };
  const moments: { synced: Disk; seen: Disk }[] = [];
  let lastFile = Math.max(0, ...seen.files.keys());

  const freeze = ({ folders, files }: typeof seen): Disk => ({
    folders: copyFolders(folders),
    files: new Map(files),
  });
  const changed = (): void => void moments.push({ synced: freeze(synced), seen: freeze(seen) });
  const folderOf = (path: string): Map<string, number | 'folder'> => {
    const folder = seen.folders.get(dirname(path));
    if (folder === undefined) throw failure('ENOENT');
    return folder;
  };
  const fileAt = (path: string): number => {
    const file = folderOf(path).get(nameOf(path));
    if (typeof file !== 'number') throw failure('ENOENT');
    return file;
  };
  return {
    moments,
    async create(path) {
      if (folderOf(path).has(nameOf(path))) throw failure('EEXIST');
      lastFile += 1;
      const file = lastFile;
      folderOf(path).set(nameOf(path), file);
      seen.files.set(file, Buffer.alloc(0));
      changed();
      return {
        async write(bytes) {
          seen.files.set(file, Buffer.from(bytes));
          changed();
        },
        async sync() {
          synced.files.set(file, seen.files.get(file) ?? Buffer.alloc(0));
          changed();
        },
        close: async () => {},
      };
    },
    read: async (path) => Buffer.from(seen.files.get(fileAt(path)) ?? Buffer.alloc(0)),
    async rename(from, to) {
      const file = fileAt(from);
      folderOf(from).delete(nameOf(from));
      folderOf(to).set(nameOf(to), file);
      changed();
    },
    async unlink(path) {
      fileAt(path);
      folderOf(path).delete(nameOf(path));
      changed();
    },
    async makeFolder(path) {
      if (seen.folders.has(path)) throw failure('EEXIST');
      if (dirname(path) !== path && dirname(path) !== '/') folderOf(path).set(nameOf(path), 'folder');
      seen.folders.set(path, new Map());
      changed();
    },
    async listFolder(path) {
      const folder = seen.folders.get(path);
      if (folder === undefined) throw failure('ENOENT');
      return [...folder].map(
        ([name, entry]): FolderEntry => ({ name, kind: entry === 'folder' ? 'folder' : 'file' }),
      );
    },
    async syncFolder(path) {
      if (path === '/') return;
      const folder = seen.folders.get(path);
      if (folder === undefined) throw failure('ENOENT');
      synced.folders.set(path, new Map(folder));
      changed();
    },
    async stat(path) {
      return { size: seen.files.get(fileAt(path))?.length ?? 0, modifiedMs: 0 };
    },
    async touch(path) {
      fileAt(path);
    },
  };
}

/** What is there after a power failure: folders that their parents know, and of files only what was synced. */
export function recover({ folders, files }: Disk): Disk {
  const reachable: Folders = new Map();
  const visit = (path: string): void => {
    const entries = new Map(folders.get(path) ?? []);
    reachable.set(path, entries);
    for (const [name, entry] of entries) if (entry === 'folder') visit(`${path}/${name}`);
  };
  for (const path of folders.keys()) if (dirname(path) === '/') visit(path);
  // A file whose name is durable and whose content is not comes back empty.
  const content = new Map(files);
  for (const entries of reachable.values()) {
    for (const entry of entries.values())
      if (entry !== 'folder' && !content.has(entry)) content.set(entry, Buffer.alloc(0));
  }
  return { folders: reachable, files: content };
}

function copyFolders(folders?: Disk['folders']): Folders {
  return new Map([...(folders ?? [])].map(([path, entries]) => [path, new Map(entries)]));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}
