/**
 * Captured requests: captured/<connector>-<time>.json in the form of a sample, durable before the answer. Only the
 * latest few of a connector stay: they are there to be picked up.
 */

import { join } from 'node:path';
import type { StoredRequest } from '../../../admin-api/records.ts';
import { MAX_WRAPPED_NESTING, parseJsonBody } from '../../../stages/json/json-text.ts';
import { isConnectorId } from '../connector-id.ts';
import { ensureFolder, removeTemporaries, replaceFile, WRITTEN, type Written } from './durable-file.ts';
import { describeFailure, type FileSystem } from './file-system.ts';
import { sampleText } from './sample-text.ts';

/** One captured request. */
export interface Capture {
  /** Name of the file. */
  readonly name: string;
  /** {headers, body}. */
  readonly sample: unknown;
}

export interface CaptureStore {
  /** Never rejects. */
  keep(connector: string, request: StoredRequest, now: number): Promise<Written>;
  /** null: none, or it cannot be read. */
  latest(connector: string): Promise<Capture | null>;
  /** Names of a connector's captures, oldest first. */
  list(connector: string): readonly string[];
}

const MAX_PER_CONNECTOR = 20;
const MAX_BYTES = 16 * 1024 * 1024;
const NAME = /^(.+)-(\d{8}T\d{9}Z)\.json$/;

/** Rejects with an `ErrnoException` when the folder cannot be made or listed. */
export async function openCaptureStore(fileSystem: FileSystem, stateFolder: string): Promise<CaptureStore> {
  const folder = join(stateFolder, 'captured');
  await ensureFolder(fileSystem, folder);
  await removeTemporaries(fileSystem, folder);
  const names = new Map<string, string[]>();
  for (const { name } of await fileSystem.listFolder(folder)) {
    const connector = NAME.exec(name)?.[1];
    if (connector !== undefined) names.set(connector, [...(names.get(connector) ?? []), name].sort());
  }
  return new FileCaptureStore(fileSystem, folder, names);
}

class FileCaptureStore implements CaptureStore {
  readonly #fileSystem: FileSystem;
  readonly #folder: string;
  /** By connector, oldest first. */
  readonly #names: Map<string, string[]>;

  constructor(fileSystem: FileSystem, folder: string, names: Map<string, string[]>) {
    this.#fileSystem = fileSystem;
    this.#folder = folder;
    this.#names = names;
  }

  async keep(connector: string, request: StoredRequest, now: number): Promise<Written> {
    if (!isConnectorId(connector)) return { ok: false, reason: 'the connector has no valid id' };
    const name = `${connector}-${new Date(now).toISOString().replace(/[-:.]/g, '')}.json`;
    const names = this.#names.get(connector) ?? [];
    try {
      await ensureFolder(this.#fileSystem, this.#folder);
      await replaceFile(this.#fileSystem, join(this.#folder, name), Buffer.from(sampleText(request)));
    } catch (error) {
      return { ok: false, reason: `the request cannot be captured: ${describeFailure(error)}` };
    }
    const kept = [...names.filter((one) => one !== name), name];
    this.#names.set(connector, kept.slice(-MAX_PER_CONNECTOR));
    for (const old of kept.slice(0, -MAX_PER_CONNECTOR)) {
      await this.#fileSystem.unlink(join(this.#folder, old)).catch(() => {});
    }
    return WRITTEN;
  }

  async latest(connector: string): Promise<Capture | null> {
    const name = this.#names.get(connector)?.at(-1);
    if (name === undefined) return null;
    try {
      const bytes = await this.#fileSystem.read(join(this.#folder, name), MAX_BYTES);
      const parsed = parseJsonBody(bytes, MAX_WRAPPED_NESTING);
      return parsed.ok ? { name, sample: parsed.value } : null;
    } catch {
      return null;
    }
  }

  list(connector: string): readonly string[] {
    return this.#names.get(connector) ?? [];
  }
}
