/** In: a path. Out: what is there, links not followed; null: nothing is. Rejects for whatever else the system says. */
import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';

export async function lstatIfThere(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
