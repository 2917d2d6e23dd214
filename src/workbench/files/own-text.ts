/**
 * Reads and replaces the text of connector and case files that a command edits. Never follows a symbolic link, never leaves
 * a file half written, never writes over what somebody else wrote meanwhile.
 */
import { join } from 'node:path';
import { describeError, readOwnFile } from '../../compiler/read-file.ts';
import { writeWhole } from './write-whole.ts';

/** Of a connector or case file, in bytes. */
const MAX_BYTES = 256 * 1024;

/** The text of a file in `folder`, without its byte order mark. */
export function readOwnText(
  folder: string,
  fileName: string,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string } {
  const content = readOwnFile(folder, fileName, MAX_BYTES);
  return content.ok ? { ok: true, text: content.text } : content;
}

/** Replaces the file whole, with the mode that it has, if it still is what was read. Gives null, or what went wrong. */
export async function replaceOwnText(
  folder: string,
  fileName: string,
  before: string,
  after: string,
): Promise<string | null> {
  try {
    const content = readOwnFile(folder, fileName, MAX_BYTES);
    if (!content.ok) return content.message;
    if (content.text !== before) return `${fileName} was changed meanwhile; try again`;
    const mark = content.bytes.length > Buffer.byteLength(content.text) ? '\ufeff' : '';
    writeWhole(join(folder, fileName), `${mark}${after}`);
    return null;
  } catch (error) {
    return `${fileName} cannot be written: ${describeError(error)}`;
  }
}
