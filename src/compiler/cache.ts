/**
 * What earlier runs compiled, in one file. In: the cache folder and the connectors folder. Out: records whose inputs the
 * caller compares. A file that is missing, damaged or of another version of this program is as good as none.
 */
import { hash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { providersFolder } from '../providers/read-provider.ts';
import type { ConnectorLocation } from './load.ts';
import { type ConnectorRecord, readRecord } from './record.ts';

/** What is put together for one write: few calls, and no second copy of the whole. */
const CHUNK_BYTES = 4 * 1024 * 1024;
/** What `open` calls its file, and what is left of a write that was cut off. */
const NAME = /^connectors-[0-9a-f]{32}\.ndjson(\.[0-9a-f]{16}\.partial)?$/;

export class CompileCache {
  readonly #file: string | null;
  /** By the display path of their connector. */
  readonly #records = new Map<string, ConnectorRecord>();

  private constructor(file: string | null) {
    this.#file = file;
  }

  static open(cacheDir: string | undefined, folder: string): CompileCache {
    if (cacheDir === undefined) return new CompileCache(null);
    const name = `connectors-${hash('sha256', folder, 'hex').slice(0, 32)}.ndjson`;
    const cache = new CompileCache(join(cacheDir, name));
    cache.#read();
    return cache;
  }

  /** The record of a connector in the same place, whatever its inputs; undefined when there is none. */
  find(location: ConnectorLocation): ConnectorRecord | undefined {
    const record = this.#records.get(location.display);
    const isSame = JSON.stringify(record?.facts.location) === JSON.stringify(location);
    return isSame ? record : undefined;
  }

  /** Replaces the file's content, if anything changed. A cache that cannot be written is no failure. */
  save(records: readonly ConnectorRecord[]): void {
    if (this.#file === null) return;
    const kept = records.filter(isRepeatable);
    const isKnown = (record: ConnectorRecord): boolean =>
      this.#records.get(record.facts.location.display) === record;
    if (kept.length === this.#records.size && kept.every(isKnown)) return;
    const folder = dirname(this.#file);
    const partial = `${this.#file}.${randomBytes(8).toString('hex')}.partial`;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeRecords(partial, kept);
      renameSync(partial, this.#file);
      dropUnused(folder);
    } catch {
      // Where nothing can be kept, everything is compiled all the same.
      discard(partial);
    }
  }

  #read(): void {
    let bytes: Buffer;
    try {
      bytes = readFileSync(this.#file as string);
    } catch {
      return;
    }
    const program = Buffer.from(`${digestProgram()}\n`);
    if (!bytes.subarray(0, program.length).equals(program)) return;
    for (let offset = program.length; offset < bytes.length; ) {
      const record = readRecord(bytes, offset);
      // What follows something damaged is found by nothing.
      if (record === null) return;
      this.#records.set(record.facts.location.display, record);
      offset += record.bytes.length;
    }
  }
}

/** A folder of connectors that nobody has compiled for so long is probably gone. */
const UNUSED_MS = 30 * 24 * 3600 * 1000;

function dropUnused(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if (NAME.test(name) && Date.now() - statSync(file).mtimeMs > UNUSED_MS) rmSync(file);
  }
}

function discard(file: string): void {
  try {
    rmSync(file);
  } catch {
    // It was not even begun.
  }
}

function writeRecords(file: string, records: readonly ConnectorRecord[]): void {
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    let chunk: Buffer[] = [Buffer.from(`${digestProgram()}\n`)];
    let size = 0;
    for (const { bytes } of records) {
      chunk.push(bytes);
      size += bytes.length;
      if (size < CHUNK_BYTES) continue;
      writeFileSync(descriptor, Buffer.concat(chunk));
      [chunk, size] = [[], 0];
    }
    writeFileSync(descriptor, Buffer.concat(chunk));
  } finally {
    closeSync(descriptor);
  }
}

const MACHINE_CODES: readonly string[] = ['script-invalid', 'script-failed', 'script-compiler-missing'];

/** A script may fail because of the machine it runs on: such a result holds for this run alone. */
function isRepeatable({ facts }: ConnectorRecord): boolean {
  return !facts.diagnostics.some(({ code }) => MACHINE_CODES.includes(code));
}

let program: string | undefined;

/**
 * Digest of everything that decides what is compiled: this program's own files, by their status, and the Node that runs
 * scripts and YAML. Reading them takes as long as all else that is done where nothing has changed.
 */
function digestProgram(): string {
  if (program !== undefined) return program;
  const root = join(import.meta.dirname, '..');
  const folders = ['bundle', 'compiler', 'diagnostics', 'providers', 'stages', 'runtime/script-host'];
  const places = [
    ...folders.map((folder) => join(root, folder)),
    join(root, '../schemas'),
    providersFolder(),
  ];
  const files = places
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        // Events of providers begin connectors; nothing is compiled from them.
        .filter((entry) => entry.isFile() && basename(entry.parentPath) !== 'events')
        .map((entry) => join(entry.parentPath, entry.name))
        .sort(),
    );
  const states = [...new Set(files)].map((file) => {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return `${file} ${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  });
  program = hash('sha256', [process.version, ...states].join('\n'), 'hex');
  return program;
}
