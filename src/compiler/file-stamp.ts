/**
 * What a file's status says about its content, as a hint: an equal stamp means the same content without reading it. In:
 * a status. Out: a text to compare. Size and times in nanoseconds; the change time cannot be set by programs.
 */
import { type BigIntStats, lstatSync } from 'node:fs';

/**
 * A file that changed so shortly before it was looked at can change again within the same tick of its file system's
 * clock, and keep its size: it has no stamp, and is read again. File systems count in at most 2 s.
 */
const SETTLED_MS = 3_000;

/** null while another change might leave no trace in the status. */
export function stampOf({ ino, size, mtimeNs, ctimeNs }: BigIntStats): string | null {
  const isSettled = Date.now() - Number(ctimeNs / 1_000_000n) > SETTLED_MS;
  return isSettled ? `${ino} ${size} ${mtimeNs} ${ctimeNs}` : null;
}

/** Nothing is there. */
export const ABSENT = 'absent';

/** The stamp of a file or folder itself; of a symbolic link, the link's. null: unknown. */
export function readStamp(path: string, kind: 'file' | 'folder'): string | null {
  try {
    const status = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (status === undefined) return ABSENT;
    return (kind === 'file' ? status.isFile() : status.isDirectory()) ? stampOf(status) : null;
  } catch {
    return null;
  }
}
