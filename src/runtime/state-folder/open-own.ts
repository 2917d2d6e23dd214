/**
 * The one way to what lies below a state folder. In: the folder and a path in it. Out: an open file, or an error that says
 * what is wrong with it. Follows no link on the way, and takes only what is ours and nobody else may write to: a folder may
 * have come with somebody else's branch.
 */
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

const PRIVATE_FILE = 0o600;
/** No link, and no waiting for the other end of a pipe. */
const CAREFULLY = constants.O_NOFOLLOW | constants.O_NONBLOCK;
const WRITABLE_BY_OTHERS = 0o002;
const FOR_OTHERS = 0o077;

/** Why an entry is not touched: a fact, and what to do. */
export class UnsafeEntry extends Error {}

/** Rejects with `UnsafeEntry` or an `ErrnoException`. `path` begins with `folder`; `flags` are of `fs.constants`. */
export async function openOwn(folder: string, path: string, flags: number): Promise<FileHandle> {
  await checkWay(folder, path);
  const handle = await open(path, flags | CAREFULLY, PRIVATE_FILE).catch((error: unknown) => {
    throw explain(error, path);
  });
  try {
    checkFile(await handle.stat(), path);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Checks the folders between `folder` and what lies at `path`. What lies outside `folder` has none. */
export async function checkWay(folder: string, path: string): Promise<void> {
  for (const place of foldersBetween(folder, path)) checkFolder(await lstat(place), place);
}

/** The text of a file directly in `folder`, at most so many bytes; a secret nobody else may read. Throws. */
export function readOwnSync(
  folder: string,
  name: string,
  maxBytes: number,
  { isSecret = false }: { readonly isSecret?: boolean } = {},
): string {
  const path = join(folder, name);
  const descriptor = openCarefully(path);
  try {
    const status = fstatSync(descriptor);
    checkFile(status, path);
    if (isSecret && (status.mode & FOR_OTHERS) !== 0) throw new UnsafeEntry(`others may read "${path}"`);
    if (status.size > maxBytes) throw new UnsafeEntry(`"${path}" is longer than ${maxBytes} bytes`);
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

function openCarefully(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | CAREFULLY);
  } catch (error) {
    throw explain(error, path);
  }
}

/** Replaces a file directly in `folder`, for its owner alone; whole, but not durable. Throws. */
export function replaceOwnSync(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  const temporary = `${path}.partial`;
  // A file that is there already would keep the permissions it has; neither call follows a link.
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: PRIVATE_FILE, flag: 'wx' });
  renameSync(temporary, path);
}

/** Throws `UnsafeEntry` for a folder that is a link, that others may write to, or that is neither ours nor of one of `owners`. */
export function checkFolder(status: Stats, path: string, owners: readonly number[] = []): void {
  if (status.isSymbolicLink()) throw isLink(path);
  if (!status.isDirectory()) throw new UnsafeEntry(`"${path}" is no folder: remove it`);
  checkRights(status, path, 'chmod 700', owners);
}

/** The same for a file. */
export function checkFile(status: Stats, path: string): void {
  if (status.isSymbolicLink()) throw isLink(path);
  if (!status.isFile()) throw new UnsafeEntry(`"${path}" is no file: remove it`);
  checkRights(status, path, 'chmod 600');
}

function checkRights({ uid, mode }: Stats, path: string, mend: string, owners: readonly number[] = []): void {
  const self = process.geteuid?.();
  // Not on this system. Whoever is root may work on the folder of a runtime that is not.
  if (self === undefined) return;
  if (uid !== self && self !== 0 && !owners.includes(uid)) {
    throw new UnsafeEntry(`"${path}" belongs to another user (${uid}); run: chown ${self} '${path}'`);
  }
  if ((mode & WRITABLE_BY_OTHERS) !== 0) {
    const bits = (mode & 0o777).toString(8);
    throw new UnsafeEntry(`everybody may write to "${path}" (mode ${bits}); run: ${mend} '${path}'`);
  }
}

/** What Node says about a link that it was told not to follow. */
function explain(error: unknown, path: string): unknown {
  const isRefused = error instanceof Error && 'code' in error && error.code === 'ELOOP';
  return isRefused ? isLink(path) : error;
}

export function isLink(path: string): UnsafeEntry {
  return new UnsafeEntry(`"${path}" is a symbolic link, which may lead anywhere; run: rm '${path}'`);
}

function foldersBetween(folder: string, path: string): readonly string[] {
  const steps = relative(folder, dirname(path)).split(sep).filter(Boolean);
  if (steps[0] === '..') return [];
  return steps.map((_, index) => join(folder, ...steps.slice(0, index + 1)));
}
