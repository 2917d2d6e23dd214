/**
 * What earlier runs compiled, in one file. In: the cache folder and the connectors folder. Out: entries whose inputs the
 * caller compares. A file that is missing, damaged or of another version of this program is as good as none.
 */
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectorPlan } from '../bundle/plan.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { parseJsonBody, stringifyJson } from '../stages/json-text.ts';
import type { ConnectorLocation } from './load.ts';
import type { IdPlace } from './rules/identity.ts';

export interface CacheEntry {
  readonly location: ConnectorLocation;
  /** Kind and path of each file that was read, against its digest. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly id: IdPlace | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly plan: ConnectorPlan | null;
}

export class CompileCache {
  readonly #file: string | null;
  /** Lines of the file by the display path of their connector; parsed when asked for. */
  readonly #lines = new Map<string, string>();
  readonly #found = new Map<CacheEntry, string>();

  private constructor(file: string | null) {
    this.#file = file;
  }

  static open(cacheDir: string | undefined, folder: string): CompileCache {
    if (cacheDir === undefined) return new CompileCache(null);
    const cache = new CompileCache(
      join(cacheDir, `connectors-${hash('sha256', folder, 'hex').slice(0, 16)}.ndjson`),
    );
    cache.#read();
    return cache;
  }

  /** The entry of a connector in the same place, whatever its inputs; undefined when there is none. */
  find(location: ConnectorLocation): CacheEntry | undefined {
    const line = this.#lines.get(location.display);
    if (line === undefined) return undefined;
    // Literals of a mapping may be integers past 2^53.
    const parsed = parseJsonBody(Buffer.from(line.slice(HASH_LENGTH + 1)));
    if (!parsed.ok) return undefined;
    const entry = parsed.value as unknown as CacheEntry;
    if (JSON.stringify(entry.location) !== JSON.stringify(location)) return undefined;
    this.#found.set(entry, line);
    return entry;
  }

  /** Replaces the file's content, if anything changed. A cache that cannot be written is no failure. */
  save(entries: readonly CacheEntry[]): void {
    if (this.#file === null) return;
    const kept = entries.filter(isRepeatable);
    if (kept.length === this.#lines.size && kept.every((entry) => this.#found.has(entry))) return;
    const lines = kept.map((entry) => this.#found.get(entry) ?? sealLine(stringifyJson(entry)));
    try {
      mkdirSync(join(this.#file, '..'), { recursive: true });
      const partial = `${this.#file}.${process.pid}.partial`;
      writeFileSync(partial, [digestProgram(), ...lines, ''].join('\n'));
      renameSync(partial, this.#file);
    } catch {
      // A read-only checkout compiles all the same.
    }
  }

  #read(): void {
    let text: string;
    try {
      text = readFileSync(this.#file as string, 'utf8');
    } catch {
      return;
    }
    const [program, ...lines] = text.split('\n');
    if (program !== digestProgram()) return;
    for (const line of lines) {
      const json = line.slice(HASH_LENGTH + 1);
      const display = /^\{"location":\{[^}]*"display":("(?:[^"\\]|\\.)*")\}/.exec(json)?.[1];
      if (display !== undefined && line === sealLine(json))
        this.#lines.set(JSON.parse(display) as string, line);
    }
  }
}

const MACHINE_CODES: readonly string[] = ['script-invalid', 'script-failed', 'script-compiler-missing'];

/** A script may fail because of the machine it runs on: such a result holds for this run alone. */
function isRepeatable({ diagnostics }: CacheEntry): boolean {
  return !diagnostics.some(({ code }) => MACHINE_CODES.includes(code));
}

const HASH_LENGTH = 64;

/** A line that was cut or damaged is not taken for another. */
function sealLine(json: string): string {
  return `${hash('sha256', json, 'hex')} ${json}`;
}

let program: string | undefined;

/** Digest of everything that decides what is compiled: this program's own files, and the Node that runs scripts and YAML. */
function digestProgram(): string {
  if (program !== undefined) return program;
  const root = join(import.meta.dirname, '..');
  const folders = ['bundle', 'compiler', 'diagnostics', 'stages', 'runtime/script-host'];
  const files = [...folders.map((folder) => join(root, folder)), join(root, '../schemas')].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort(),
  );
  const digests = files.map((file) => hash('sha256', readFileSync(file), 'hex'));
  program = hash('sha256', [process.version, ...digests].join('\n'), 'hex');
  return program;
}
