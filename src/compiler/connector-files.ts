/**
 * The files of one connector: the compiler's only input. Reads each at most once, within limits, and keeps account of
 * what was read, for incremental compilation.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../diagnostics/printable.ts';
import { SourceFile } from '../diagnostics/source.ts';
import { MAX_SCRIPT_BYTES } from '../stages/script/script-runner.ts';
import { ABSENT, readStamp, stampOf } from './file-stamp.ts';
import type { ConnectorLocation } from './load.ts';
import { decode, describeError, type FileContent, type FileFailure, readOwnFile } from './read-file.ts';

/** What a file is read as decides how large it may be. */
export type FileKind = 'connector' | 'sample' | 'script' | 'case' | 'body';

/** The largest file that is read, in bytes. */
export const FILE_LIMITS: Readonly<Record<FileKind, number>> = {
  connector: 256 * 1024,
  sample: 1024 * 1024,
  script: MAX_SCRIPT_BYTES,
  case: 256 * 1024,
  // As large as a request's body may be.
  body: 1024 * 1024,
};
/** All files of one connector together, in bytes. */
const MAX_TOTAL = 16 * 1024 * 1024;
const MAX_CASE_FILES = 200;

interface CaseList {
  readonly paths: readonly string[];
  readonly stamp: string | null;
  /** Why the folder cannot be used. */
  readonly problem: FileFailure | null;
}

/** The files of one connector. Each is read at most once. */
export class ConnectorFiles {
  readonly location: ConnectorLocation;
  readonly #read = new Map<string, FileContent | FileFailure>();
  readonly #sources = new Map<string, SourceFile>();
  /** By display path: what a file is taken to say, whatever is on the disk. */
  readonly #replaced: ReadonlyMap<string, string>;
  #total = 0;
  #cases: CaseList | undefined;

  constructor(location: ConnectorLocation, replaced: ReadonlyMap<string, string> = new Map()) {
    this.location = location;
    this.#replaced = replaced;
  }

  /** The connector file itself. */
  readConnector(): FileContent | FileFailure {
    return this.read('connector', this.location.fileName);
  }

  /** `path` is relative to the connector's own folder, and not trusted. */
  read(kind: FileKind, path: string): FileContent | FileFailure {
    const key = inputKey(kind, path);
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const limit = Math.min(FILE_LIMITS[kind], Math.max(0, MAX_TOTAL - this.#total));
    const text = this.#replaced.get(this.display(kind, path));
    let result =
      text === undefined
        ? readOwnFile(this.#folderOf(kind), path, limit)
        : decode(Buffer.from(text), path, null);
    if (result.ok) this.#total += result.bytes.length;
    else if (result.code === 'file-too-large' && this.#total > MAX_TOTAL - FILE_LIMITS[kind]) {
      const message = `with ${quote(path)} the connector's files are larger than ${MAX_TOTAL / 1024 / 1024} MiB together`;
      result = { ...result, message };
    }
    this.#read.set(key, result);
    return result;
  }

  /** A file's text to point into; empty for a file that cannot be read. */
  source(kind: FileKind, path: string): SourceFile {
    const display = this.display(kind, path);
    const content = this.read(kind, path);
    const source = this.#sources.get(display) ?? new SourceFile(display, content.ok ? content.text : '');
    this.#sources.set(display, source);
    return source;
  }

  /** Every file that was asked for as a source, by display path. */
  sources(): ReadonlyMap<string, SourceFile> {
    return this.#sources;
  }

  display(kind: FileKind, path: string): string {
    const { display, fileName, name } = this.location;
    if (kind === 'connector') return display;
    const above = display.slice(0, display.length - fileName.length);
    return `${above}${this.location.home === this.location.folder ? '' : `${name}/`}${path.replace(/^(\.\/+)+/, '')}`;
  }

  /** The paths of the case files, cases/*.yaml, in alphabetical order; a folder that cannot be used has none. */
  listCases(): CaseList {
    this.#cases ??= this.#findCases();
    return this.#cases;
  }

  #findCases(): CaseList {
    const folder = join(this.location.folder, 'cases');
    try {
      // Before it is listed: what is added meanwhile changes it.
      const status = lstatSync(folder, { bigint: true, throwIfNoEntry: false });
      if (status?.isSymbolicLink()) {
        const message = '"cases" is a symbolic link; put the folder itself there';
        const problem = { ok: false, code: 'reference-symlink', message } as const;
        return { paths: [], stamp: null, problem };
      }
      const entries = status?.isDirectory() ? readdirSync(folder) : [];
      const names = entries.filter((name) => name.endsWith('.yaml') && !name.startsWith('.')).sort();
      if (names.length > MAX_CASE_FILES) {
        const message = `there are ${names.length} case files, and a connector may have ${MAX_CASE_FILES}; put several cases into one file`;
        return { paths: [], stamp: null, problem: { ok: false, code: 'cases-too-many', message } };
      }
      const paths = names.map((name) => `cases/${name}`);
      return { paths, stamp: status === undefined ? ABSENT : stampOf(status), problem: null };
    } catch (error) {
      const message = `the folder "cases" cannot be read: ${describeError(error)}`;
      return { paths: [], stamp: null, problem: { ok: false, code: 'file-unreadable', message } };
    }
  }

  /** What was read so far: kind and path against the digest, or the code of the failure. */
  inputs(): Readonly<Record<string, string>> {
    const inputs = [...this.#read].map(
      ([key, result]) => [key, result.ok ? result.digest : result.code] as const,
    );
    return Object.fromEntries([...inputs, [CASE_LIST, this.#describeCases()]]);
  }

  /** The stamps of all that was read so far, by the same keys; null when one of them has none. */
  stamps(): Readonly<Record<string, string>> | null {
    const stamps: Record<string, string> = {};
    for (const [key, result] of this.#read) {
      if (!result.ok || result.stamp === null) return null;
      stamps[key] = result.stamp;
    }
    const { stamp } = this.listCases();
    return stamp === null ? null : { ...stamps, [CASE_LIST]: stamp };
  }

  /** True if the files still have the stamps that they had, and no folder on their way became a link. Reads none of them. */
  haveStamps(stamps: Readonly<Record<string, string>> | null): boolean {
    if (stamps === null) return false;
    const folders = new Set<string>();
    for (const [key, expected] of Object.entries(stamps)) {
      const { kind, path } = splitKey(key);
      const found =
        key === CASE_LIST
          ? readStamp(join(this.location.folder, 'cases'), 'folder')
          : readStamp(join(this.#folderOf(kind), path), 'file');
      if (found !== expected) return false;
      for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
        folders.add(path.slice(0, end));
      }
    }
    return [...folders].every((folder) => isFolder(join(this.location.folder, folder)));
  }

  /** True if reading the same files again gives the same inputs. */
  matches(inputs: Readonly<Record<string, string>>): boolean {
    return Object.entries(inputs).every(([key, expected]) => {
      if (key === CASE_LIST) return this.#describeCases() === expected;
      const { kind, path } = splitKey(key);
      const result = this.read(kind, path);
      return (result.ok ? result.digest : result.code) === expected;
    });
  }

  #describeCases(): string {
    const { paths, problem } = this.listCases();
    return problem?.message ?? paths.join('\n');
  }

  #folderOf(kind: FileKind): string {
    return kind === 'connector' ? this.location.home : this.location.folder;
  }
}

/** Among inputs and stamps: which case files there are. */
export const CASE_LIST = 'cases';

function inputKey(kind: FileKind, path: string): string {
  return `${kind}:${path}`;
}

/** The kind and path of a key of inputs, other than the list of cases. */
export function splitKey(key: string): { readonly kind: FileKind; readonly path: string } {
  const colon = key.indexOf(':');
  return { kind: key.slice(0, colon) as FileKind, path: key.slice(colon + 1) };
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}
