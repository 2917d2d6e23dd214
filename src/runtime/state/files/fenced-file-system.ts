/** A file system that writes only while this process owns the folder: whoever lost the lock must not undo what the new owner does. */
import type { FileSystem } from './file-system.ts';

export function fenceFileSystem(fileSystem: FileSystem, isOwner: () => boolean): FileSystem {
  const check = (): void => {
    if (!isOwner()) throw new Error('this process does not own the state folder');
  };
  return {
    async create(path) {
      check();
      return fileSystem.create(path);
    },
    read: (path, maxBytes) => fileSystem.read(path, maxBytes),
    async rename(from, to) {
      check();
      await fileSystem.rename(from, to);
    },
    async unlink(path) {
      check();
      await fileSystem.unlink(path);
    },
    async makeFolder(path) {
      check();
      await fileSystem.makeFolder(path);
    },
    listFolder: (path) => fileSystem.listFolder(path),
    async syncFolder(path) {
      await fileSystem.syncFolder(path);
      // The last step of every write: what is acknowledged was written by the owner.
      check();
    },
    stat: (path) => fileSystem.stat(path),
    async touch(path, modifiedMs) {
      check();
      await fileSystem.touch(path, modifiedMs);
    },
  };
}
