/** Writes the files of a new connector, all or none. Gives null, or what went wrong for people. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describeError } from '../../compiler/read-file.ts';
import type { NewFiles } from './try-files.ts';

/** `home` must not exist: what is there is never touched, nor followed if it is a link. */
export async function writeNew(home: string, files: NewFiles): Promise<string | null> {
  let isOurs = false;
  try {
    await mkdir(dirname(home), { recursive: true });
    await mkdir(home);
    isOurs = true;
    for (const [path, text] of files) {
      await mkdir(dirname(join(home, path)), { recursive: true });
      await writeFile(join(home, path), text, { flag: 'wx' });
    }
    return null;
  } catch (error) {
    if (isOurs) await rm(home, { recursive: true, force: true });
    return `${home} cannot be written: ${describeError(error)}`;
  }
}
