/**
 * Writes a file that others may be writing too: compare and swap. In: a folder, a path inside it that is not trusted, the
 * digest of what the writer has seen, and the new bytes. Out: done, or what is there now. Follows no link, never leaves
 * the folder, and nobody ever sees half a file.
 */
import { lstatSync, mkdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FileContent, readOwnFile } from '../../compiler/read-file.ts';
import { writeWhole } from './write-whole.ts';

export type Swapped =
  | { readonly ok: true }
  /** Somebody else has written it; null: it is gone. */
  | { readonly ok: false; readonly why: 'changed'; readonly current: FileContent | null }
  | { readonly ok: false; readonly why: 'refused'; readonly message: string };

/** `seen`: the digest of the file as the writer knows it; null: there was none. `bytes` null removes it. */
export function swapFile(
  folder: string,
  path: string,
  seen: string | null,
  bytes: Buffer | null,
  limit: number,
): Swapped {
  if (bytes !== null && bytes.length > limit)
    return refuse(`"${path}" would be larger than ${limit / 1024} KiB`);
  const current = readOwnFile(folder, path, Number.MAX_SAFE_INTEGER);
  if (!current.ok && current.code !== 'reference-missing') return refuse(current.message);
  const found = current.ok ? current.digest : null;
  if (found !== seen) return { ok: false, why: 'changed', current: current.ok ? current : null };
  const target = join(folder, path);
  try {
    if (bytes === null) {
      if (current.ok) unlinkSync(target);
      return { ok: true };
    }
    const problem = makeFolders(folder, dirname(path));
    if (problem !== null) return refuse(problem);
    writeWhole(target, bytes);
    return { ok: true };
  } catch (error) {
    return refuse(`"${path}" cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

/** Makes what is missing of the way, looking at every part by itself: a link would lead elsewhere. */
function makeFolders(folder: string, way: string): string | null {
  let place = folder;
  for (const part of ['', ...(way === '.' ? [] : way.split('/'))]) {
    place = join(place, part);
    const status = lstatSync(place, { throwIfNoEntry: false });
    if (status === undefined) mkdirSync(place);
    else if (!status.isDirectory()) return `"${part || folder}" is a link or a file, not a folder`;
  }
  return null;
}

function refuse(message: string): Swapped {
  return { ok: false, why: 'refused', message };
}
