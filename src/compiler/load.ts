/**
 * Finds the connectors of a folder and reads their files: the compiler's only input. Out: where each connector is, and
 * everything that cannot be read as diagnostics. Keeps account of what was read, for incremental compilation.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { diagnose } from '../diagnostics/diagnose.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/printable.ts';
import { SourceFile } from '../diagnostics/source.ts';
import { MAX_SCRIPT_BYTES } from '../stages/script-runner.ts';
import { decode, describeError, type FileContent, type FileFailure, readOwnFile } from './read-file.ts';

export interface ConnectorLocation {
  /** What the folder or the flat file is called. */
  readonly name: string;
  /** Absolute path of the connector's own folder, inside which references stay. A flat file's is named like it, and may not exist. */
  readonly folder: string;
  /** Absolute path of the folder that holds the connector file, and the file's name there. */
  readonly home: string;
  readonly fileName: string;
  /** The connector file's path for people. */
  readonly display: string;
}

/** What a file is read as decides how large it may be. */
export type FileKind = 'connector' | 'sample' | 'script' | 'case' | 'body';

/** Bytes. */
const LIMITS: Readonly<Record<FileKind, number>> = {
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
const CONNECTOR_FILE = 'connector.yaml';

/** Looks one level deep; entries in alphabetical order. `folder` and `cwd` are absolute. */
export function findConnectors(
  folder: string,
  cwd: string,
): { readonly locations: readonly ConnectorLocation[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const report = (code: Diagnostic['code'], path: string, message: string): void => {
    diagnostics.push(diagnose(code, message, new SourceFile(displayPath(path, cwd), '').span(0, 0)));
  };
  const problem = judgeRoot(folder, cwd);
  if (problem !== null) {
    report(problem.code, folder, problem.message);
    return { locations: [], diagnostics };
  }
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const names = new Set(entries.map((entry) => entry.name));
  const locations: ConnectorLocation[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const flatName = /^(.+)\.yaml$/.exec(entry.name)?.[1];
    if (entry.isSymbolicLink()) {
      report(
        'reference-symlink',
        path,
        `${quote(entry.name)} is a symbolic link; put the connector itself there`,
      );
    } else if (entry.isDirectory() && flatName === undefined) {
      if (mayExist(join(path, CONNECTOR_FILE))) {
        const display = displayPath(join(path, CONNECTOR_FILE), cwd);
        locations.push({ name: entry.name, folder: path, home: path, fileName: CONNECTOR_FILE, display });
      } else if (!names.has(`${entry.name}.yaml`)) {
        report(
          'connector-ignored',
          path,
          `the folder ${quote(entry.name)} has no ${CONNECTOR_FILE} and is ignored`,
        );
      }
    } else if (flatName !== undefined) {
      const display = displayPath(path, cwd);
      locations.push({
        name: flatName,
        folder: join(folder, flatName),
        home: folder,
        fileName: entry.name,
        display,
      });
    } else if (entry.name.endsWith('.yml')) {
      report('connector-ignored', path, `${quote(entry.name)} is ignored: connector files end in .yaml`);
    }
  }
  if (locations.length === 0) {
    report(
      'folder-empty',
      folder,
      `there is no connector in ${quote(displayPath(folder, cwd))}; add <id>/${CONNECTOR_FILE}`,
    );
  }
  return { locations, diagnostics };
}

/** False only when it is certain: what cannot be looked at is reported when it is read. */
function mayExist(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

/** The folder must be a real one: below `cwd` every part of its path, else the folder itself. */
function judgeRoot(folder: string, cwd: string): Pick<FileFailure, 'code' | 'message'> | null {
  const display = displayPath(folder, cwd);
  const inside = display.startsWith('..') ? [] : display.split('/').slice(0, -1);
  const parts = [...inside.map((_, index) => join(cwd, ...inside.slice(0, index + 1))), folder];
  try {
    for (const part of parts) {
      const status = lstatSync(part, { throwIfNoEntry: false });
      if (status === undefined) {
        return { code: 'folder-empty', message: `the folder ${quote(display)} does not exist` };
      }
      if (status.isSymbolicLink()) {
        const message = `${quote(displayPath(part, cwd))} is a symbolic link; give the folder itself`;
        return { code: 'reference-symlink', message };
      }
      if (!status.isDirectory()) {
        return {
          code: 'folder-empty',
          message: `${quote(displayPath(part, cwd))} is a file, not a folder of connectors`,
        };
      }
    }
    readdirSync(folder);
    return null;
  } catch (error) {
    return {
      code: 'file-unreadable',
      message: `the folder ${quote(display)} cannot be read: ${describeError(error)}`,
    };
  }
}

function displayPath(path: string, cwd: string): string {
  return relative(cwd, path).split(sep).join('/') || '.';
}

interface CaseList {
  readonly paths: readonly string[];
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
    const folder = kind === 'connector' ? this.location.home : this.location.folder;
    const limit = Math.min(LIMITS[kind], Math.max(0, MAX_TOTAL - this.#total));
    const text = this.#replaced.get(this.display(kind, path));
    let result = text === undefined ? readOwnFile(folder, path, limit) : decode(Buffer.from(text), path);
    if (result.ok) this.#total += result.bytes.length;
    else if (result.code === 'file-too-large' && this.#total > MAX_TOTAL - LIMITS[kind]) {
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

  /** The sources of files that were read in an earlier run. */
  sourcesOf(inputs: Readonly<Record<string, string>>): ReadonlyMap<string, SourceFile> {
    for (const key of Object.keys(inputs)) {
      const colon = key.indexOf(':');
      if (colon !== -1) this.source(key.slice(0, colon) as FileKind, key.slice(colon + 1));
    }
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
    try {
      const status = lstatSync(join(this.location.folder, 'cases'), { throwIfNoEntry: false });
      if (status?.isSymbolicLink()) {
        const message = '"cases" is a symbolic link; put the folder itself there';
        return { paths: [], problem: { ok: false, code: 'reference-symlink', message } };
      }
      const entries = status?.isDirectory() ? readdirSync(join(this.location.folder, 'cases')) : [];
      const names = entries.filter((name) => name.endsWith('.yaml') && !name.startsWith('.')).sort();
      return { paths: names.slice(0, MAX_CASE_FILES).map((name) => `cases/${name}`), problem: null };
    } catch (error) {
      const message = `the folder "cases" cannot be read: ${describeError(error)}`;
      return { paths: [], problem: { ok: false, code: 'file-unreadable', message } };
    }
  }

  /** What was read so far: kind and path against the digest, or the code of the failure. */
  inputs(): Readonly<Record<string, string>> {
    const inputs = [...this.#read].map(
      ([key, result]) => [key, result.ok ? result.digest : result.code] as const,
    );
    return Object.fromEntries([...inputs, [CASE_LIST, this.#describeCases()]]);
  }

  /** True if reading the same files again gives the same inputs. */
  matches(inputs: Readonly<Record<string, string>>): boolean {
    return Object.entries(inputs).every(([key, expected]) => {
      if (key === CASE_LIST) return this.#describeCases() === expected;
      const colon = key.indexOf(':');
      const result = this.read(key.slice(0, colon) as FileKind, key.slice(colon + 1));
      return (result.ok ? result.digest : result.code) === expected;
    });
  }

  #describeCases(): string {
    const { paths, problem } = this.listCases();
    return problem?.code ?? paths.join('\n');
  }
}

const CASE_LIST = 'cases';

function inputKey(kind: FileKind, path: string): string {
  return `${kind}:${path}`;
}
