/**
 * Reads one file of a connector. In: a folder and a path inside it, both possibly written by a stranger. Out: bytes and
 * text, or what is wrong. Never follows a symbolic link, never leaves the folder, never reads past a limit.
 */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import type { Code } from '../diagnostics/codes.ts';
import { quote } from '../diagnostics/printable.ts';
import { suggest, suggestSurely } from '../diagnostics/suggest.ts';
import { stampOf } from './file-stamp.ts';

export interface FileContent {
  readonly ok: true;
  readonly bytes: Buffer;
  /** Without a byte order mark. */
  readonly text: string;
  /** SHA-256 of the bytes in hex. */
  readonly digest: string;
  /** What says, without reading it, that the file is still the same; null: nothing does. */
  readonly stamp: string | null;
}

export interface FileFailure {
  readonly ok: false;
  readonly code: Code;
  /** The fact in lower case, then what to do. */
  readonly message: string;
  /** The path that was meant beyond doubt. */
  readonly meant?: string;
}

/** `path` is relative to `folder`, with forward slashes; `limit` is in bytes. */
export function readOwnFile(folder: string, path: string, limit: number): FileContent | FileFailure {
  const refused = refuseReference(path);
  if (refused !== null) return refused;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  try {
    return findFile(folder, path, segments) ?? readBytes(join(folder, ...segments), path, limit);
  } catch (error) {
    return fail('file-unreadable', `${quote(path)} cannot be read: ${describeError(error)}`);
  }
}

/** Looks at every part of the path by itself; null when it leads to a regular file. */
function findFile(folder: string, path: string, segments: readonly string[]): FileFailure | null {
  let place = folder;
  for (const [index, segment] of segments.entries()) {
    const status = lstatSync(join(place, segment), { throwIfNoEntry: false });
    if (status === undefined) return missing(path, place, segments, index);
    place = join(place, segment);
    const problem = checkEntry(status, path, index < segments.length - 1);
    if (problem !== null) return problem;
  }
  return null;
}

function refuseReference(path: string): FileFailure | null {
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    return fail(
      'reference-escapes',
      `${quote(path)} is an absolute path; use a path inside the connector's folder`,
    );
  }
  if (path.split(/[/\\]/).includes('..')) {
    return fail('reference-escapes', `${quote(path)} leaves the connector's folder; copy the file into it`);
  }
  if (path.includes('\\') || path.includes('\0')) {
    return fail('reference-escapes', `${quote(path)} is not a plain path; separate folders with "/"`);
  }
  return null;
}

function checkEntry(status: Stats | BigIntStats, path: string, isFolder: boolean): FileFailure | null {
  if (status.isSymbolicLink()) {
    return fail(
      'reference-symlink',
      `${quote(path)} goes through a symbolic link; put the file itself there`,
    );
  }
  if (isFolder && !status.isDirectory()) {
    return fail('reference-missing', `${quote(path)} does not exist: a part of it is a file, not a folder`);
  }
  if (!isFolder && !status.isFile()) {
    const kind = status.isDirectory() ? 'a folder' : 'a device, pipe or socket';
    return fail('file-unreadable', `${quote(path)} is ${kind}, not a file`);
  }
  return null;
}

function missing(path: string, folder: string, segments: readonly string[], index: number): FileFailure {
  const names = listNames(folder);
  const nearest = suggest(segments[index] ?? '', names);
  const isSure = suggestSurely(segments[index] ?? '', names) !== undefined;
  const meant = nearest === undefined ? undefined : segments.with(index, nearest).join('/');
  const hint = meant === undefined ? 'add the file or correct the name' : `did you mean ${quote(meant)}?`;
  const failure = fail('reference-missing', `${quote(path)} does not exist; ${hint}`);
  return isSure && meant !== undefined ? { ...failure, meant } : failure;
}

/** Names in a folder; none where it cannot be read. */
function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readBytes(file: string, path: string, limit: number): FileContent | FileFailure {
  // The entry may have been exchanged since it was judged: no links, and no waiting for the other end of a pipe.
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    // Before anything is read: what is written meanwhile changes it.
    const status = fstatSync(descriptor, { bigint: true });
    const problem = checkEntry(status, path, false);
    if (problem !== null) return problem;
    const size = Number(status.size);
    if (size > limit) return tooLarge(path, limit);
    // One more than expected, to see whether the file grows meanwhile.
    const buffer = Buffer.allocUnsafe(size + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    }
    if (length > size) {
      return fail('file-unreadable', `${quote(path)} changes while it is read; try again`);
    }
    return decode(buffer.subarray(0, length), path, stampOf(status));
  } finally {
    closeSync(descriptor);
  }
}

/** Bytes as the content of a file; `path` is for the message. */
export function decode(bytes: Buffer, path: string, stamp: string | null): FileContent | FileFailure {
  if (!isUtf8(bytes)) return fail('file-not-utf8', `${quote(path)} is not UTF-8 text; save it as UTF-8`);
  const text = bytes.toString('utf8');
  return {
    ok: true,
    bytes,
    text: text.startsWith('\ufeff') ? text.slice(1) : text,
    digest: hash('sha256', bytes, 'hex'),
    stamp,
  };
}

function tooLarge(path: string, limit: number): FileFailure {
  return fail('file-too-large', `${quote(path)} is larger than ${limit / 1024} KiB`);
}

/** The system's word for it, such as "permission denied"; without the absolute path that Node adds. */
export function describeError(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^[A-Z0-9]+: /, '').replace(/, \w+( '.*')?$/s, '');
}

function fail(code: Code, message: string): FileFailure {
  return { ok: false, code, message };
}
