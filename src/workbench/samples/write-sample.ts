/**
 * Puts samples into a connector's folder. Never overwrites one, never follows a symbolic link. Every function gives null,
 * or what went wrong for people.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../compiler/read-file.ts';
import { stringifyJson } from '../../stages/json/json-text.ts';
import { lstatIfThere } from '../files/lstat-if-there.ts';

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** Of a sample file, in bytes; larger ones are not read. */
const MAX_SAMPLE_BYTES = 1024 * 1024;

/** The file's name; null where it is no plain one. `.json` may be left out. */
export function sampleFileName(name: string): string | null {
  const whole = name.endsWith('.json') ? name : `${name}.json`;
  return FILE_NAME.test(whole) ? whole : null;
}

/** As a sample file has it; null where it would be larger than samples may be. */
export function sampleFileText(sample: unknown): string | null {
  for (const space of [2, 0]) {
    const text = `${stringifyJson(sample, space)}\n`;
    if (Buffer.byteLength(text) <= MAX_SAMPLE_BYTES) return text;
  }
  return null;
}

/** Why the sample cannot be written to `folder`; changes nothing. */
export async function checkSamplePlace(folder: string, name: string): Promise<string | null> {
  try {
    for (const place of [folder, join(folder, 'samples')]) {
      const status = await lstatIfThere(place);
      if (status?.isSymbolicLink()) return `${place} is a symbolic link; put the folder itself there`;
      if (status !== null && !status.isDirectory()) return `${place} is not a folder`;
    }
    const taken = (await lstatIfThere(join(folder, 'samples', name))) !== null;
    return taken ? `samples/${name} exists already; choose another name` : null;
  } catch (error) {
    return `the sample cannot be written: ${describeError(error)}`;
  }
}

export async function writeSample(folder: string, name: string, text: string): Promise<string | null> {
  const problem = await checkSamplePlace(folder, name);
  if (problem !== null) return problem;
  try {
    await mkdir(join(folder, 'samples'), { recursive: true });
    // x: fails where something is, a link included.
    await writeFile(join(folder, 'samples', name), text, { flag: 'wx' });
    return null;
  } catch (error) {
    return `samples/${name} cannot be written: ${describeError(error)}`;
  }
}
