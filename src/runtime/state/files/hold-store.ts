/**
 * The requests that were kept: held/<connector>/<id>.json (or another folder's), one file each, durable before `keep` resolves. Bounded; what
 * does not fit is refused, never dropped. A file that makes no sense is set aside and counted, never deleted.
 */

import { join } from 'node:path';
import type { Hold, HoldList, HoldSummary } from '../../../admin-api/records.ts';
import type { HoldCode } from '../../../outcomes/codes.ts';
import { isConnectorId } from '../connector-id.ts';
import { createHoldIds, isHoldId } from '../hold-id.ts';
import { type HoldCounts, type HoldFilter, HoldIndex, type HoldLimits, summarise } from '../hold-index.ts';
import type { NewHold } from '../state.ts';
import { ensureFolder, WRITTEN, type Written } from './durable-file.ts';
import { describeFailure, type FileSystem } from './file-system.ts';
import { HeldRequests } from './held-requests.ts';
import { HoldFiles } from './hold-files.ts';
import { encodeHold, newHold } from './hold-format.ts';
import { type HoldReading, listHolds, readHolds } from './scan-holds.ts';
import { Turns } from './turns.ts';

export type Kept =
  /** `added: false`: a retry of a request that is held; it was counted. */
  | { readonly ok: true; readonly id: string; readonly added: boolean }
  | { readonly ok: false; readonly reason: string };

export type HoldUpdate = Partial<
  Pick<
    Hold,
    'code' | 'message' | 'differences' | 'triggers' | 'elements' | 'attempts' | 'nextAttemptAt' | 'ownEvent'
  >
>;

export interface HoldStore {
  /** Resolves when all that earlier processes held is known: until then less is listed and counted than there is. */
  readonly read: Promise<void>;
  /** Never rejects. */
  keep(hold: NewHold): Promise<Kept>;
  list(filter?: HoldFilter): HoldList;
  summary(id: string): HoldSummary | null;
  /**
   * Other requests of the same event that are held: same connector, mode and event id, another `requestDigest`. Oldest
   * first. They share the event's invocation id, so that only one of them can have effect under it.
   */
  othersOf(id: string): readonly HoldSummary[];
  /** The whole hold; null when there is none, or it can no longer be read. The id may come from anywhere. */
  get(id: string): Promise<Hold | null>;
  /** Resolves when the hold can never come back. One that is not there is removed already. */
  remove(id: string): Promise<Written>;
  /** Durable when it resolves with ok. With `ifCode`, only while the hold still has that code: somebody else may have changed it. */
  update(id: string, changes: HoldUpdate, ifCode?: HoldCode): Promise<Written>;
  /** Of a connector, or of all. */
  counts(connector?: string): HoldCounts;
  /** Those that hold something. */
  connectors(): readonly string[];
  problems(): readonly string[];
  /** The folder was gone: forgets what is not there any more, and says how many were lost. */
  restore(): Promise<number>;
  /** Reads no further, and resolves when nothing is being written any more. */
  settled(): Promise<void>;
}

export interface HoldStoreOptions {
  readonly fileSystem: FileSystem;
  /** The state folder. */
  readonly folder: string;
  /** The store's own folder in it; held by default. */
  readonly name?: string;
  readonly now: () => number;
  readonly limits: HoldLimits;
  /** It is open before what earlier processes held has been read: `read` says when that is. */
  readonly isRestless?: boolean;
}

/** Rejects with an `ErrnoException` when the folder cannot be made or listed. */
export async function openHoldStore(options: HoldStoreOptions): Promise<HoldStore> {
  const { fileSystem, now, isRestless = false } = options;
  const root = join(options.folder, options.name ?? 'held');
  await ensureFolder(fileSystem, root);
  const store = new FileHoldStore(options, root);
  // Before anything new is written there.
  const listed = await listHolds(fileSystem, root);
  store.read = store.adopt((reading) => readHolds(fileSystem, root, listed, { now: now(), ...reading }));
  if (!isRestless) await store.read;
  return store;
}

class FileHoldStore implements HoldStore {
  readonly #files: HoldFiles;
  readonly #index: HoldIndex;
  readonly #nextId: () => string;
  readonly #requests = new HeldRequests();
  /** Operations on one hold follow each other. */
  readonly #turns = new Turns('the held request cannot be changed');
  /** Holds whose count is about to be written. */
  readonly #counting = new Set<string>();
  readonly #writing = new Set<Promise<Written>>();
  #unreadable = 0;
  read: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor({ fileSystem, now, limits }: HoldStoreOptions, root: string) {
    this.#files = new HoldFiles(fileSystem, root);
    this.#index = new HoldIndex(limits);
    this.#nextId = createHoldIds(now);
  }

  /** Of what is found, the summaries are kept. */
  async adopt(read: (reading: Pick<HoldReading, 'found' | 'isStopped'>) => Promise<number>): Promise<void> {
    this.#unreadable = await read({
      found: (hold, bytes) => {
        this.#index.add(summarise(hold, bytes), true);
        this.#requests.adopt(hold);
      },
      isStopped: () => this.#isStopped,
    });
  }

  async keep(hold: NewHold): Promise<Kept> {
    if (!isConnectorId(hold.connector)) return { ok: false, reason: 'the connector has no valid id' };
    const known = this.#requests.find(hold);
    if (known !== null) {
      const written = await known.durable;
      if (!written.ok) return written;
      const exists = await this.#exists(known.id);
      if (!exists.ok) return exists;
      if (exists.value) {
        this.#countRetry(known.id);
        return { ok: true, id: known.id, added: false };
      }
      this.#forget(known.id);
    }
    return this.#add(newHold(hold, this.#nextId()));
  }

  list(filter: HoldFilter = {}): HoldList {
    return this.#index.list(filter);
  }

  summary(id: string): HoldSummary | null {
    return this.#index.get(id);
  }

  othersOf(id: string): readonly HoldSummary[] {
    return this.#index.othersOf(id);
  }

  async get(id: string): Promise<Hold | null> {
    const summary = isHoldId(id) ? this.#index.get(id) : null;
    return summary === null ? null : this.#files.read(summary);
  }

  async remove(id: string): Promise<Written> {
    return this.#turns.run(id, async () => {
      const summary = this.#index.get(id);
      if (summary === null) return;
      // From here on a retry is a new hold, as it cannot be told whether this one is still there.
      this.#requests.forget(id);
      await this.#files.remove(summary);
      this.#forget(id);
    });
  }

  async update(id: string, changes: HoldUpdate, ifCode?: HoldCode): Promise<Written> {
    return this.#turns.run(id, async () => {
      this.#counting.delete(id);
      const hold = await this.get(id);
      if (hold === null) throw new Error('it is not there, or cannot be read');
      if (ifCode !== undefined && hold.code !== ifCode) throw new Error(`it is "${hold.code}" by now`);
      const updated: Hold = { ...hold, count: this.#countOf(hold), ...changes };
      const bytes = encodeHold(updated);
      await this.#files.replace(hold, bytes);
      this.#index.replace({ ...summarise(updated, bytes.length), count: this.#countOf(updated) });
      this.#requests.forget(id);
      this.#requests.remember(updated, Promise.resolve(WRITTEN));
    });
  }

  counts(connector?: string): HoldCounts {
    return this.#index.counts(connector);
  }

  connectors(): readonly string[] {
    return this.#index.connectors();
  }

  problems(): readonly string[] {
    if (this.#unreadable === 0) return [];
    return [`${this.#unreadable} held requests cannot be read; they are kept in held/ for you to look at`];
  }

  async restore(): Promise<number> {
    await this.#files.restore();
    let lost = 0;
    for (const { id } of this.#index.list({}).holds) {
      const exists = await this.#exists(id);
      if (!exists.ok || exists.value) continue;
      this.#forget(id);
      lost += 1;
    }
    return lost;
  }

  async settled(): Promise<void> {
    this.#isStopped = true;
    await this.read;
    await Promise.all([...this.#writing, this.#turns.settled()]);
  }

  async #add(hold: Hold): Promise<Kept> {
    const bytes = encodeHold(hold);
    const full = this.#index.reserve(hold.connector, bytes.length);
    if (full !== null) return { ok: false, reason: full };
    const durable = this.#files.write(hold, bytes);
    this.#requests.remember(hold, durable);
    this.#writing.add(durable);
    const written = await durable;
    this.#writing.delete(durable);
    if (written.ok) {
      this.#index.add(summarise(hold, bytes.length), false);
      return { ok: true, id: hold.id, added: true };
    }
    this.#index.release(hold.connector, bytes.length);
    this.#requests.forget(hold.id);
    return written;
  }

  /** Somebody may have tidied the file away by hand: then it holds nothing, whatever the index says. */
  async #exists(id: string): Promise<{ ok: true; value: boolean } | { ok: false; reason: string }> {
    const summary = this.#index.get(id);
    if (summary === null) return { ok: true, value: false };
    try {
      return { ok: true, value: await this.#files.exists(summary) };
    } catch (error) {
      return { ok: false, reason: `the held request cannot be found: ${describeFailure(error)}` };
    }
  }

  /** The answer does not wait for the count: the event is held, and that is what the answer says. */
  #countRetry(id: string): void {
    const summary = this.#index.get(id);
    if (summary === null) return;
    this.#index.replace({ ...summary, count: summary.count + 1 });
    if (this.#counting.has(id)) return;
    this.#counting.add(id);
    void this.update(id, {});
  }

  /** What was counted since the file was written is in memory. */
  #countOf(hold: Hold): number {
    return Math.max(hold.count, this.#index.get(hold.id)?.count ?? 0);
  }

  #forget(id: string): void {
    this.#requests.forget(id);
    this.#index.remove(id);
  }
}
