/**
 * The file system as the state folder uses it: a handful of calls, so that a test can record them, replay any prefix
 * of them, or make each fail. Nothing of the state folder touches `node:fs` past this file, except the kernel's lock.
 */
import { constants } from 'node:fs';
import { lstat, lutimes, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { checkFile, checkWay, openOwn } from '../../state-folder/open-own.ts';

/** A new file that is being written. */
export interface WritableFile {
  /** Writes all of it. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves when what was written survives a power failure (fsync). */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** Every call rejects with an `ErrnoException`; nobody but the callers in this folder sees it. */
export interface FileSystem {
  /** A new file, readable by its owner alone. EEXIST when the path is taken. */
  create(path: string): Promise<WritableFile>;
  /** EFBIG when the file is longer than that. */
  read(path: string, maxBytes: number): Promise<Buffer>;
  /** Atomic; replaces `to`. Durable only after `syncFolder`. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  /** One new folder, for its owner alone. EEXIST when the path is taken. */
  makeFolder(path: string): Promise<void>;
  /** Not recursive, in no particular order. */
  listFolder(path: string): Promise<readonly FolderEntry[]>;
  /** Resolves when the entries of the folder (new names, renames, removals) survive a power failure. */
  syncFolder(path: string): Promise<void>;
  stat(path: string): Promise<{ readonly size: number; readonly modifiedMs: number }>;
  /** Sets the time of modification, in milliseconds since the epoch. */
  touch(path: string, modifiedMs: number): Promise<void>;
}

const PRIVATE_FOLDER = 0o700;

/** The disk, for what lies below `folder`: entered without following links, and only where it is ours. */
export function nodeFileSystem(folder: string): FileSystem {
  const check = (path: string): Promise<void> => checkWay(folder, path);
  return {
    async create(path) {
      const handle = await openOwn(folder, path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL);
      return {
        write: (bytes) => handle.writeFile(bytes),
        sync: () => handle.sync(),
        close: () => handle.close(),
      };
    },
    async read(path, maxBytes) {
      const handle = await openOwn(folder, path, constants.O_RDONLY);
      try {
        const { size } = await handle.stat();
        if (size > maxBytes)
          throw Object.assign(new Error(`longer than ${maxBytes} bytes`), { code: 'EFBIG' });
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    },
    async rename(from, to) {
      await check(to);
      await rename(from, to);
    },
    async unlink(path) {
      await check(path);
      await unlink(path);
    },
    async makeFolder(path) {
      await check(path);
      await mkdir(path, { mode: PRIVATE_FOLDER });
    },
    async listFolder(path) {
      await check(join(path, 'any'));
      const entries = await readdir(path, { withFileTypes: true });
      return entries.map((entry) => ({
        name: entry.name,
        kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
      }));
    },
    // Nothing is read or written, and those above a state folder may be reached by links.
    async syncFolder(path) {
      const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    async stat(path) {
      await check(path);
      const status = await lstat(path);
      checkFile(status, path);
      return { size: status.size, modifiedMs: status.mtimeMs };
    },
    async touch(path, modifiedMs) {
      await check(path);
      await lutimes(path, modifiedMs / 1000, modifiedMs / 1000);
    },
  };
}

export function isMissing(error: unknown): boolean {
  return errorCode(error) === 'ENOENT';
}

export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const IN_WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EIO: 'the disk failed',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  ENOENT: 'it is gone',
  EFBIG: 'it is too long',
};

/** Why a call failed, for people: "the disk is full (ENOSPC)". Never a path. */
export function describeFailure(error: unknown): string {
  const code = errorCode(error);
  if (code === undefined) return error instanceof Error ? error.message : 'an unknown failure';
  const words = Object.hasOwn(IN_WORDS, code) ? IN_WORDS[code] : undefined;
  return words === undefined ? code : `${words} (${code})`;
}
