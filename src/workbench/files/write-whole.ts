/**
 * The one way in which files outside the state folder are written: whole, under a name that nobody can have prepared, and
 * then put in place. Nobody ever sees half of a file, and a link that stands there is replaced, never written through.
 */
import { randomBytes } from 'node:crypto';
import { lstatSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The file keeps the mode that it has. Throws what the file system says; then nothing has changed. */
export function writeWhole(path: string, content: Buffer | string): void {
  // The compiler does not look at names that begin with a dot.
  const temporary = join(dirname(path), `.${randomBytes(8).toString('hex')}.partial`);
  const there = lstatSync(path, { throwIfNoEntry: false });
  const mode = there?.isFile() ? { mode: there.mode & 0o777 } : {};
  try {
    writeFileSync(temporary, content, { flag: 'wx', ...mode });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
