import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeWhole } from './write-whole.ts';

/**
 * Replaces a file that somebody has named. Makes the folders above it. Gives why it cannot be written, or null; `name` is
 * what the message calls it.
 */
export async function replaceFile(path: string, bytes: Buffer, name: string): Promise<string | null> {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, bytes);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EISDIR' ? 'it is a folder' : (code ?? String(error));
    return `"${name}" cannot be written (${why}): name a file in a folder that this user may write to`;
  }
}
