/** Puts one file into a repository if nothing is there. Never overwrites, never goes through a symbolic link. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { describeError } from '../../compiler/read-file.ts';
import { lstatIfThere } from '../../workbench/files/lstat-if-there.ts';

export type Put =
  | { readonly done: 'wrote' | 'kept' }
  /** For people, to go behind the path. */
  | { readonly done: 'failed'; readonly message: string };

/** `target` is below `folder`, which exists. */
export async function putFile(folder: string, target: string, text: string): Promise<Put> {
  try {
    const parts = dirname(target)
      .split('/')
      .filter((part) => part !== '.');
    for (let count = 1; count <= parts.length; count += 1) {
      const above = join(folder, ...parts.slice(0, count));
      const found = await lstatIfThere(above);
      if (found !== null && !found.isDirectory())
        return { done: 'failed', message: `is left out: ${parts.slice(0, count).join(sep)} is not a folder` };
    }
    if ((await lstatIfThere(join(folder, target))) !== null) return { done: 'kept' };
    await mkdir(join(folder, ...parts), { recursive: true });
    await writeFile(join(folder, target), text, { flag: 'wx' });
    return { done: 'wrote' };
  } catch (error) {
    return { done: 'failed', message: `cannot be written: ${describeError(error)}` };
  }
}
