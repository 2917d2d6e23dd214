/**
 * In: the path of a file or a folder. Out: a call whenever what it holds has changed. File events are only hints: each
 * makes the file be read again, and only other bytes are news. Never reports half of a file that is being written, and
 * never trusts events alone: they miss symlinks that flip while their old target stays.
 */

import { webcrypto } from 'node:crypto';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type FSWatcher, watch } from 'chokidar';
import { createTurns } from '../../outcomes/in-turn.ts';

export interface Watcher {
  /** Resolves when no further call will come. */
  close(): Promise<void>;
}

export interface FileWatcher extends Watcher {
  /** Reads the file as if it had never been seen; what it holds is reported, news or not. */
  lookAnew(): Promise<void>;
}

export type FileProblem = 'missing' | 'not-a-file' | 'too-large' | 'unreadable';

export interface WatchFileOptions {
  /** The next look waits until it is done. */
  onChange(bytes: Buffer): Promise<void> | void;
  /** Once for as long as the problem lasts. After it, the file's content counts as new. */
  onProblem(problem: FileProblem, message: string): void;
  /** Events do not work here (too many watches, say); looking goes on without them. */
  onBlind?(message: string): void;
  readonly maxBytes: number;
  /** How often the path is resolved and looked at; cheap. */
  readonly pollMs?: number;
  /** How often the content is read even though nothing seems to have changed. */
  readonly rereadMs?: number;
  /** How long a file must have stood still. */
  readonly settleMs?: number;
}

const DEFAULTS = { pollMs: 1000, rereadMs: 10_000, settleMs: 50 };

/** A file that never stands still is taken as it is after so many looks. */
const MAX_SETTLES = 100;

/** Resolves after the first look, so that either `onChange` or `onProblem` has been called. */
export async function watchFile(path: string, options: WatchFileOptions): Promise<FileWatcher> {
  const watcher = new WatchedFile(resolve(path), { ...DEFAULTS, ...options });
  await watcher.start();
  return watcher;
}

type Reading =
  | { readonly ok: true; readonly bytes: Buffer; readonly digest: string }
  | { readonly ok: false; readonly problem: FileProblem; readonly message: string };

class WatchedFile implements FileWatcher {
  readonly #path: string;
  readonly #options: Required<Omit<WatchFileOptions, 'onBlind'>> & WatchFileOptions;
  readonly #closing = new AbortController();
  /** What was last reported: a digest or a problem. */
  #reported = '';
  /** Identity of the file at the last look: another one, and it is read again. */
  #identity = '';
  #looking: Promise<void> | null = null;
  #lookAgain = false;
  #hints: FSWatcher | null = null;
  #timers: NodeJS.Timeout[] = [];

  constructor(path: string, options: Required<Omit<WatchFileOptions, 'onBlind'>> & WatchFileOptions) {
    this.#path = path;
    this.#options = options;
  }

  async start(): Promise<void> {
    const hint = () => void this.#look();
    // The folder, not the file: a file that is renamed over has a watch on what it was. Names that start with ".." are
    // what a mounted ConfigMap swaps.
    const ignored = (one: string) => {
      const name = relative(dirname(this.#path), one);
      return name !== '' && name !== basename(this.#path) && !name.startsWith('..');
    };
    this.#hints = watch(dirname(this.#path), {
      depth: 0,
      followSymlinks: false,
      ignoreInitial: true,
      ignored,
    });
    const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
    this.#hints.on('all', hint).on('ready', isReady);
    this.#hints.on('error', (error) => {
      this.#options.onBlind?.(String(error));
      isReady();
    });
    await Promise.all([ready, this.#look()]);
    const { pollMs, rereadMs } = this.#options;
    this.#timers = [setInterval(() => void this.#poll(), pollMs), setInterval(hint, rereadMs)];
  }

  lookAnew(): Promise<void> {
    this.#reported = '';
    return this.#look();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([this.#hints?.close(), this.#looking]);
  }

  async #poll(): Promise<void> {
    if ((await identify(this.#path)) !== this.#identity) await this.#look();
  }

  /** One look at a time; whoever asks during one gets another after it. */
  #look(): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.resolve();
    this.#lookAgain = true;
    this.#looking ??= this.#lookWhileAsked().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #lookWhileAsked(): Promise<void> {
    while (this.#lookAgain && !this.#closing.signal.aborted) {
      this.#lookAgain = false;
      await this.#lookOnce();
    }
  }

  async #lookOnce(): Promise<void> {
    let reading = await this.#read();
    for (let settles = 0; settles < MAX_SETTLES && this.#isNews(reading); settles += 1) {
      const before = this.#identity;
      if (!(await this.#settle())) return;
      reading = await this.#read();
      if (this.#identity === before) break;
    }
    if (!this.#isNews(reading) || this.#closing.signal.aborted) return;
    if (reading.ok) {
      this.#reported = reading.digest;
      await this.#options.onChange(reading.bytes);
    } else {
      this.#reported = reading.problem;
      this.#options.onProblem(reading.problem, reading.message);
    }
  }

  #isNews(reading: Reading): boolean {
    return this.#reported !== (reading.ok ? reading.digest : reading.problem);
  }

  /** false: closed meanwhile. */
  async #settle(): Promise<boolean> {
    await delay(this.#options.settleMs, undefined, { signal: this.#closing.signal }).catch(() => {});
    return !this.#closing.signal.aborted;
  }

  async #read(): Promise<Reading> {
    // Before reading: what changes afterwards has another identity at the next poll.
    this.#identity = await identify(this.#path);
    return readBounded(this.#path, this.#options.maxBytes);
  }
}

/** Changes whenever the path leads somewhere else, or to something that was written to. */
async function identify(path: string): Promise<string> {
  try {
    const [real, { dev, ino, size, mtimeNs, ctimeNs }] = await Promise.all([
      realpath(path),
      stat(path, { bigint: true }),
    ]);
    return [real, dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  }
}

async function readBounded(path: string, maxBytes: number): Promise<Reading> {
  let file: FileHandle | undefined;
  try {
    // Without waiting: opening a pipe for reading would otherwise last until somebody writes to it.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await file.stat();
    if (!found.isFile())
      return { ok: false, problem: 'not-a-file', message: `"${path}" is not a regular file` };
    if (found.size > maxBytes) {
      const message = `"${path}" has ${found.size} bytes, at most ${maxBytes} are read`;
      return { ok: false, problem: 'too-large', message };
    }
    const bytes = await file.readFile();
    // Off the main thread: a large bundle is read again and again, while requests wait for nothing.
    const digest = await webcrypto.subtle.digest('SHA-256', bytes);
    return { ok: true, bytes, digest: Buffer.from(digest).toString('hex') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return { ok: false, problem: 'missing', message: `"${path}" does not exist` };
    }
    return {
      ok: false,
      problem: 'unreadable',
      message: `"${path}" cannot be read (${code ?? String(error)})`,
    };
  } finally {
    await file?.close();
  }
}

export interface WatchTreeOptions {
  /** An editor saves in several steps, and a checkout changes many files: they are one change. */
  readonly quietMs?: number;
}

/**
 * Calls after files below the folder changed, with the absolute paths of what did, never twice at a time. Leaves out node_modules and everything whose name
 * starts with a dot. Resolves when it watches.
 */
export async function watchTree(
  folder: string,
  onChange: (paths: ReadonlySet<string>) => Promise<void> | void,
  { quietMs = 100 }: WatchTreeOptions = {},
): Promise<Watcher> {
  const root = resolve(folder);
  let timer: NodeJS.Timeout | undefined;
  const inTurn = createTurns();
  let closed = false;
  const ignored = (path: string) =>
    relative(root, path)
      .split(sep)
      .some((part) => part === 'node_modules' || (part.startsWith('.') && part !== '..'));
  const watcher = watch(root, { ignoreInitial: true, followSymlinks: false, ignored });
  let changed = new Set<string>();
  watcher.on('all', (_event, path) => {
    changed.add(resolve(root, path));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const paths = changed;
      changed = new Set();
      void inTurn(() => (closed ? undefined : onChange(paths)));
    }, quietMs);
  });
  await once(watcher, 'ready');
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.all([watcher.close(), inTurn(() => {})]);
    },
  };
}
