/**
 * The files of holds: held/<connector>/<id>.json. What is written is durable when a call resolves; those who write into one
 * folder at the same time share its fsync. Every call but `write` rejects with an `ErrnoException`.
 */

import { join } from 'node:path';
import type { Hold } from '../../../admin-api/records.ts';
import {
  ensureFolder,
  groupFolderSyncs,
  replaceFile,
  replaceUnsynced,
  type SyncFolder,
  WRITTEN,
  type Written,
} from './durable-file.ts';
import { describeFailure, type FileSystem, isMissing } from './file-system.ts';
import { decodeHold } from './hold-format.ts';
import { limitConcurrency } from './limit-concurrency.ts';
import { MAX_HOLD_BYTES } from './scan-holds.ts';

/** Which file. */
export interface HoldPlace {
  readonly connector: string;
  readonly id: string;
}

/** Requests at one moment may be many, open files are few: 1,024 on a common system. */
const CONCURRENT_WRITES = 64;

export class HoldFiles {
  readonly #fileSystem: FileSystem;
  readonly #root: string;
  readonly #syncFolder: SyncFolder;
  readonly #limited = limitConcurrency(CONCURRENT_WRITES);
  /** Folders of connectors that are known to be durable. */
  readonly #folders = new Map<string, Promise<void>>();

  constructor(fileSystem: FileSystem, root: string) {
    this.#fileSystem = fileSystem;
    this.#root = root;
    this.#syncFolder = groupFolderSyncs(fileSystem);
  }

  /** A new hold. Never rejects. */
  async write(hold: HoldPlace, bytes: Buffer): Promise<Written> {
    const path = this.#pathOf(hold);
    const folder = this.#folderOf(hold.connector);
    try {
      await this.#ensureFolder(hold.connector);
      await this.#limited(() => replaceUnsynced(this.#fileSystem, path, bytes));
      await this.#syncFolder(folder);
      return WRITTEN;
    } catch (error) {
      this.#folders.delete(hold.connector);
      // The sender is told that nothing was kept. Where the file stays in spite of that, its retry is sent twice at worst.
      await this.#fileSystem.unlink(path).catch(() => {});
      return { ok: false, reason: `the request cannot be kept: ${describeFailure(error)}` };
    }
  }

  /** Whatever was known of folders is not sure any more. */
  async restore(): Promise<void> {
    this.#folders.clear();
    await ensureFolder(this.#fileSystem, this.#root);
  }

  async replace(hold: HoldPlace, bytes: Buffer): Promise<void> {
    await replaceFile(this.#fileSystem, this.#pathOf(hold), bytes, this.#syncFolder);
  }

  /** null: there is none, or it cannot be read. */
  async read(place: HoldPlace): Promise<Hold | null> {
    const bytes = await this.#fileSystem.read(this.#pathOf(place), MAX_HOLD_BYTES).catch(() => null);
    return bytes === null ? null : decodeHold(bytes, place.connector, place.id);
  }

  async exists(place: HoldPlace): Promise<boolean> {
    try {
      await this.#fileSystem.stat(this.#pathOf(place));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** One that is not there is removed already. */
  async remove(place: HoldPlace): Promise<void> {
    await this.#fileSystem.unlink(this.#pathOf(place)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    await this.#syncFolder(this.#folderOf(place.connector));
  }

  #ensureFolder(connector: string): Promise<void> {
    let ensured = this.#folders.get(connector);
    if (ensured === undefined) {
      ensured = ensureFolder(this.#fileSystem, this.#folderOf(connector));
      this.#folders.set(connector, ensured);
    }
    return ensured;
  }

  #folderOf(connector: string): string {
    return join(this.#root, connector);
  }

  #pathOf({ connector, id }: HoldPlace): string {
    return join(this.#folderOf(connector), `${id}.json`);
  }
}
