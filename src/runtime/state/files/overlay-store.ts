/**
 * Keeps the overlay in memory for synchronous reads and on disk for the next start. A change applies at once; the
 * promise says whether it is durable. What cannot be written goes on applying, is retried, and is reported.
 */
import { join } from 'node:path';
import type { Timer } from '../../../outcomes/timer.ts';
import { EMPTY_OVERLAY, type Overlay, pauseEverything } from '../overlay.ts';
import { decodeOverlay, encodeOverlay } from '../overlay-format.ts';
import { coalesce } from './coalesce.ts';
import { removeTemporaries, replaceFile, replaceUnsynced, WRITTEN, type Written } from './durable-file.ts';
import { describeFailure, type FileSystem, isMissing } from './file-system.ts';

export interface OverlayStore {
  current(): Overlay;
  /** Applies before it returns; resolves when the change is durable or cannot be made durable now. Never rejects. */
  apply(change: (overlay: Overlay) => Overlay): Promise<Written>;
  /** The folder was gone: writes it again, if anything was ever written. Never rejects. */
  restore(): Promise<Written>;
  problems(): readonly string[];
  /** One last attempt to write what is not on disk yet. */
  close(): Promise<void>;
}

export interface OverlayStoreOptions {
  readonly fileSystem: FileSystem;
  readonly folder: string;
  readonly now: () => number;
  readonly timer: Timer;
}

const FILE = 'overlay.json';
const PREVIOUS_FILE = 'overlay.previous.json';
const SET_ASIDE_PREFIX = 'overlay.corrupt-';
/** Ten thousand connectors, each paused with twenty differences, take a quarter of it. */
const MAX_BYTES = 128 * 1024 * 1024;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;

/** Rejects only when the folder itself cannot be listed. */
export async function openOverlayStore(options: OverlayStoreOptions): Promise<OverlayStore> {
  const { fileSystem, folder } = options;
  await removeTemporaries(fileSystem, folder);
  const names = (await fileSystem.listFolder(folder)).map(({ name }) => name);
  const file = await readOverlay(fileSystem, join(folder, FILE));
  if (file.ok) return new FileOverlayStore(options, file.overlay, file.text);
  const isFirstStart =
    file.missing && !names.some((name) => name === PREVIOUS_FILE || name.startsWith(SET_ASIDE_PREFIX));
  if (isFirstStart) return new FileOverlayStore(options, EMPTY_OVERLAY, null);
  return openUnreadable(options, file.missing ? null : setAsideName(options.now()), file.reason);
}

/** What was paused is not known: everything is, until an operator has looked. The generation before serves as history. */
async function openUnreadable(
  options: OverlayStoreOptions,
  setAside: string | null,
  why: string,
): Promise<OverlayStore> {
  const previous = await readOverlay(options.fileSystem, join(options.folder, PREVIOUS_FILE));
  const kept = setAside === null ? '' : ` and is kept as ${setAside}`;
  const reason = `${FILE} could not be read (${why})${kept}: every connector is paused and holds its requests; review, then \`sluice resume <id>\` or \`sluice resume --all\``;
  const store = new FileOverlayStore(options, previous.ok ? previous.overlay : EMPTY_OVERLAY, null, setAside);
  const at = new Date(options.now()).toISOString();
  await store.apply((overlay) => pauseEverything(overlay, at, reason));
  return store;
}

class FileOverlayStore implements OverlayStore {
  readonly #options: OverlayStoreOptions;
  #overlay: Overlay;
  /** Text of the file as it is on disk; null: there is none. */
  #durableText: string | null;
  #durableGeneration: number;
  /** The name that an unreadable file must get before a new one may take its place; null: done. */
  #setAside: string | null;
  #failure: string | null = null;
  #failures = 0;
  #cancelRetry: () => void = () => {};
  readonly #persist = coalesce(() => this.#write());

  constructor(
    options: OverlayStoreOptions,
    overlay: Overlay,
    text: string | null,
    setAside: string | null = null,
  ) {
    this.#options = options;
    this.#overlay = overlay;
    this.#durableText = text;
    this.#durableGeneration = overlay.generation;
    this.#setAside = setAside;
  }

  current(): Overlay {
    return this.#overlay;
  }

  async apply(change: (overlay: Overlay) => Overlay): Promise<Written> {
    this.#overlay = change(this.#overlay);
    return this.#isDurable() ? WRITTEN : this.#persist();
  }

  restore(): Promise<Written> {
    if (this.#durableText === null) return Promise.resolve(WRITTEN);
    this.#durableText = null;
    return this.#persist();
  }

  problems(): readonly string[] {
    const problems: string[] = [];
    if (this.#overlay.everything !== null) problems.push(this.#overlay.everything.reason);
    if (this.#failure !== null) {
      problems.push(
        `${FILE} cannot be written: ${this.#failure}; pauses apply, but a restart would forget the latest`,
      );
    }
    return problems;
  }

  async close(): Promise<void> {
    this.#cancelRetry();
    if (!this.#isDurable()) await this.#persist();
    this.#cancelRetry();
  }

  #isDurable(): boolean {
    return this.#durableGeneration === this.#overlay.generation;
  }

  async #write(): Promise<Written> {
    this.#cancelRetry();
    const overlay = this.#overlay;
    const text = encodeOverlay(overlay);
    const { fileSystem, folder } = this.#options;
    const path = join(folder, FILE);
    try {
      if (this.#setAside !== null) await this.#setUnreadableAside(this.#setAside);
      // A copy, never a rename: at no moment may there be no overlay at all.
      if (this.#durableText !== null) {
        await replaceUnsynced(fileSystem, join(folder, PREVIOUS_FILE), Buffer.from(this.#durableText));
      }
      await replaceFile(fileSystem, path, Buffer.from(text));
    } catch (error) {
      return this.#failed(describeFailure(error));
    }
    this.#durableText = text;
    this.#durableGeneration = overlay.generation;
    this.#failure = null;
    this.#failures = 0;
    return WRITTEN;
  }

  #failed(reason: string): Written {
    this.#failure = reason;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS);
    this.#failures += 1;
    this.#cancelRetry = this.#options.timer.start(delay, () => void this.#persist());
    return { ok: false, reason: `${FILE} cannot be written: ${reason}` };
  }

  async #setUnreadableAside(name: string): Promise<void> {
    const { fileSystem, folder } = this.#options;
    await fileSystem.rename(join(folder, FILE), join(folder, name)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
    this.#setAside = null;
  }
}

type ReadOverlay =
  | { readonly ok: true; readonly overlay: Overlay; readonly text: string }
  | { readonly ok: false; readonly missing: boolean; readonly reason: string };

async function readOverlay(fileSystem: FileSystem, path: string): Promise<ReadOverlay> {
  try {
    const text = (await fileSystem.read(path, MAX_BYTES)).toString('utf8');
    const decoded = decodeOverlay(text);
    return decoded.ok
      ? { ok: true, overlay: decoded.overlay, text }
      : { ok: false, missing: false, reason: decoded.reason };
  } catch (error) {
    return { ok: false, missing: isMissing(error), reason: describeFailure(error) };
  }
}

function setAsideName(now: number): string {
  return `${SET_ASIDE_PREFIX}${new Date(now).toISOString().replace(/[-:.]/g, '')}.json`;
}
