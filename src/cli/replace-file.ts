import { rename, writeFile } from 'node:fs/promises';

/** Replaces a file whole: whoever watches it never sees half of it. */
export async function replaceFile(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.${process.pid}.partial`;
  await writeFile(temporary, bytes);
  await rename(temporary, path);
}
