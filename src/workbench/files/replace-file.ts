import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file whole: whoever watches it never sees half of it. Makes the folders above it. Gives why it cannot be
 * written, or null; `name` is what the message calls it.
 */
export async function replaceFile(path: string, bytes: Buffer, name: string): Promise<string | null> {
  // A name that nobody can have prepared: a link there would be written through.
  const temporary = `${path}.${randomBytes(8).toString('hex')}.partial`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, path);
    return null;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EISDIR' ? 'it is a folder' : (code ?? String(error));
    return `"${name}" cannot be written (${why}): name a file in a folder that this user may write to`;
  }
}
