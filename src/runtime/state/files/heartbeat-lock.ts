/**
 * The lock on a state folder while it is held: a sign of life at owner.json every few seconds. Knows when it can no longer
 * be sure. On a full disk it may begin before anybody can be told: then nothing is written until somebody can. A folder that
 * was deleted under it is taken again, unless somebody else was quicker: then it is lost for good.
 */
import type { Timer } from '../../../outcomes/timer.ts';
import { ensureFolder, replaceUnsynced } from './durable-file.ts';
import { describeFailure, type FileSystem } from './file-system.ts';
import type { KernelLock } from './kernel-lock.ts';
import { encodeOwnerInfo, type OwnerInfo, readOwnerInfo, UNKNOWN_OWNER } from './owner-info.ts';

export interface OwnerLock {
  /** False as soon as another process may have taken over: nothing may be written or acknowledged then. */
  isHeld(): boolean;
  /** False once another process has the folder, which decides from then on what is paused: nothing may be delivered. */
  isOurs(): boolean;
  /** `restored`: the folder was gone and has been taken again, empty as it is then. `lost`: another process has it. */
  watch(listener: { readonly restored: () => void; readonly lost: () => void }): void;
  /** What is wrong with the lock, for status and log, or null. */
  problem(): string | null;
  release(): Promise<void>;
}

export interface HeartbeatOptions {
  readonly fileSystem: FileSystem;
  /** Of owner.json. */
  readonly path: string;
  readonly info: OwnerInfo;
  /** There where owner.json could not be written: why, and whose it is (a dead owner's token), if it is there. */
  readonly unannounced: { readonly why: string; readonly previous: string | undefined } | null;
  readonly folder: string;
  /** What the start got; where locks are not supported, owner.json has to do. */
  readonly kernelLock: KernelLock;
  readonly takeAgain: () => KernelLock;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow: () => number;
  readonly timer: Timer;
}

const HEARTBEAT_MS = 5000;
/** As long as nobody can be told, nothing is kept: it is tried more often. */
const ANNOUNCE_MS = 1000;
/** An owner that could not beat for this long stops accepting: it must do so before another believes it dead. */
const UNSURE_MS = 12_000;

export class HeartbeatLock implements OwnerLock {
  readonly #options: HeartbeatOptions;
  /** On the monotonic clock; null: nobody has been told of this owner yet. */
  #lastBeat: number | null;
  #lost: OwnerInfo | null = null;
  #kernelLock: KernelLock;
  #listener = { restored: () => {}, lost: () => {} };
  #failure: string | null = null;
  #released = false;
  #cancel: () => void = () => {};
  #beating: Promise<void> = Promise.resolve();

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#kernelLock = options.kernelLock;
    this.#failure = options.unannounced?.why ?? null;
    this.#lastBeat = options.unannounced === null ? options.monotonicNow() : null;
    this.#scheduleBeat();
  }

  isHeld(): boolean {
    if (this.#released || this.#lost !== null || this.#lastBeat === null) return false;
    return this.#options.monotonicNow() - this.#lastBeat < UNSURE_MS;
  }

  isOurs(): boolean {
    return this.#lost === null;
  }

  watch(listener: { readonly restored: () => void; readonly lost: () => void }): void {
    this.#listener = listener;
  }

  problem(): string | null {
    if (this.#lost !== null) {
      const { pid, host } = this.#lost;
      const who = pid === 0 ? 'another process' : `process ${pid} on ${host}`;
      return `the state folder was taken over by ${who}: this process delivers and keeps nothing any more and answers 503; end it`;
    }
    if (this.#failure === null) return null;
    return `the sign of life in the state folder cannot be written: ${this.#failure}`;
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#cancel();
    await this.#beating;
    const { fileSystem, path } = this.#options;
    // Where nobody was told of this owner, the file is another's.
    if (this.#lost === null && this.#lastBeat !== null) await fileSystem.unlink(path).catch(() => {});
    if (this.#kernelLock.ok) this.#kernelLock.release();
  }

  #scheduleBeat(): void {
    this.#cancel = this.#options.timer.start(this.#lastBeat === null ? ANNOUNCE_MS : HEARTBEAT_MS, () => {
      this.#beating = this.#beat().then(() => {
        if (!this.#released && this.#lost === null) this.#scheduleBeat();
      });
    });
  }

  async #beat(): Promise<void> {
    const { fileSystem, path, info, unannounced, now, monotonicNow } = this.#options;
    const started = monotonicNow();
    try {
      const isRestored = await this.#takeAgainIfGone();
      if (this.#lost !== null) return;
      const found = await readOwnerInfo(fileSystem, path);
      const isStale = this.#lastBeat === null && found?.token === unannounced?.previous;
      if (found !== null && found.token !== info.token && !isStale) {
        this.#lose(found);
        return;
      }
      // Touching needs no space, so that a full disk does not cost the lock. Somebody may have tidied the file away.
      if (found?.token === info.token) await fileSystem.touch(path, now());
      else await replaceUnsynced(fileSystem, path, encodeOwnerInfo(info));
      this.#lastBeat = started;
      this.#failure = null;
      if (isRestored) this.#listener.restored();
    } catch (error) {
      this.#failure = describeFailure(error);
    }
  }

  /** A lock on a file that nobody finds any more keeps nobody out. True: the folder was gone, and is ours again. */
  async #takeAgainIfGone(): Promise<boolean> {
    const { fileSystem, folder, path, takeAgain } = this.#options;
    const before = this.#kernelLock;
    if (!before.ok || before.isCurrent()) return false;
    await ensureFolder(fileSystem, folder);
    const taken = takeAgain();
    if (taken.ok) {
      before.release();
      this.#kernelLock = taken;
      return true;
    }
    if (taken.why !== 'busy') throw new Error('its lock file cannot be opened');
    this.#lose((await readOwnerInfo(fileSystem, path).catch(() => null)) ?? UNKNOWN_OWNER);
    return false;
  }

  #lose(to: OwnerInfo): void {
    this.#lost = to;
    this.#listener.lost();
  }
}
