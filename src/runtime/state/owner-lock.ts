/**
 * One process owns a state folder. In: the folder. Out: the lock, or a sentence that says who has it. Two means, as
 * neither is enough alone:
 *
 * - `owner.lock`, a lock of the kernel: decides among processes of one machine, at once and without a clock. After
 *   kill -9 the next process gets it immediately, also in a restarted container (same host name, same process id).
 * - `owner.json`, who it is, with a heartbeat by time of modification: decides between machines that share a volume
 *   without shared locks. The heartbeat of a silent owner is watched for 15 s; no two clocks are ever compared.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Timer } from '../deliver.ts';
import { replaceFile, replaceUnsynced } from './durable-file.ts';
import { describeFailure, type FileSystem, isMissing } from './file-system.ts';
import type { TakeKernelLock } from './kernel-lock.ts';

export interface OwnerLock {
  /** False as soon as another process may have taken over: nothing may be written or acknowledged then. */
  isHeld(): boolean;
  /** What is wrong with the lock, for status and log, or null. */
  problem(): string | null;
  release(): Promise<void>;
}

export type LockResult =
  | { readonly ok: true; readonly lock: OwnerLock }
  | { readonly ok: false; readonly message: string };

export interface LockOptions {
  readonly fileSystem: FileSystem;
  readonly folder: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow: () => number;
  readonly timer: Timer;
  readonly takeKernelLock: TakeKernelLock;
  readonly identity: Identity;
}

export interface Identity {
  readonly pid: number;
  readonly host: string;
  /** The kernel that this process runs on: processes with the same one see each other's locks. */
  readonly kernel: string;
}

interface OwnerInfo extends Identity {
  readonly token: string;
  /** ISO 8601. */
  readonly since: string;
}

const HEARTBEAT_MS = 5000;
/** An owner on another machine that gives no sign of life for this long is dead. */
const STALE_MS = 15_000;
/** An owner that could not beat for this long stops accepting: it must do so before another believes it dead. */
const UNSURE_MS = 12_000;
const WATCH_MS = 1000;
const MAX_INFO_BYTES = 4096;

export async function acquireOwnerLock(options: LockOptions): Promise<LockResult> {
  const { fileSystem, folder, identity } = options;
  const infoPath = join(folder, 'owner.json');
  const kernelLock = options.takeKernelLock(join(folder, 'owner.lock'));
  if (!kernelLock.ok && kernelLock.why !== 'unsupported') {
    const owner = kernelLock.why === 'busy' ? await readInfo(fileSystem, infoPath).catch(() => null) : null;
    return {
      ok: false,
      message:
        kernelLock.why === 'busy' ? taken(folder, owner) : unusable(folder, 'its lock file cannot be opened'),
    };
  }
  const releaseKernelLock = (): void => {
    if (kernelLock.ok) kernelLock.release();
  };
  const info: OwnerInfo = {
    token: randomBytes(16).toString('hex'),
    ...identity,
    since: new Date(options.now()).toISOString(),
  };
  try {
    const previous = await readInfo(fileSystem, infoPath);
    // The kernel gave us its lock: a previous owner under the same kernel is dead. Any other must be watched.
    const provablyDead = kernelLock.ok && previous !== null && previous.kernel === identity.kernel;
    if (previous !== null && !provablyDead && (await givesSignOfLife(options, infoPath, previous))) {
      releaseKernelLock();
      return { ok: false, message: taken(folder, previous) };
    }
    await replaceFile(fileSystem, infoPath, encodeInfo(info));
  } catch (error) {
    releaseKernelLock();
    return { ok: false, message: unusable(folder, describeFailure(error)) };
  }
  return { ok: true, lock: new HeartbeatLock(options, infoPath, info, releaseKernelLock) };
}

class HeartbeatLock implements OwnerLock {
  readonly #options: LockOptions;
  readonly #path: string;
  readonly #info: OwnerInfo;
  readonly #releaseKernelLock: () => void;
  #lastBeat: number;
  #lost: OwnerInfo | null = null;
  #failure: string | null = null;
  #released = false;
  #cancel: () => void = () => {};
  #beating: Promise<void> = Promise.resolve();

  constructor(options: LockOptions, path: string, info: OwnerInfo, releaseKernelLock: () => void) {
    this.#options = options;
    this.#path = path;
    this.#info = info;
    this.#releaseKernelLock = releaseKernelLock;
    this.#lastBeat = options.monotonicNow();
    this.#scheduleBeat();
  }

  isHeld(): boolean {
    return (
      !this.#released && this.#lost === null && this.#options.monotonicNow() - this.#lastBeat < UNSURE_MS
    );
  }

  problem(): string | null {
    if (this.#lost !== null) {
      return `the state folder was taken over by process ${this.#lost.pid} on ${this.#lost.host}: this process keeps nothing any more, restart it`;
    }
    if (this.#failure === null) return null;
    return `the sign of life in the state folder cannot be written: ${this.#failure}`;
  }

  async release(): Promise<void> {
    this.#released = true;
    this.#cancel();
    await this.#beating;
    if (this.#lost === null) await this.#options.fileSystem.unlink(this.#path).catch(() => {});
    this.#releaseKernelLock();
  }

  #scheduleBeat(): void {
    this.#cancel = this.#options.timer.start(HEARTBEAT_MS, () => {
      this.#beating = this.#beat().then(() => {
        if (!this.#released && this.#lost === null) this.#scheduleBeat();
      });
    });
  }

  async #beat(): Promise<void> {
    const { fileSystem, now, monotonicNow } = this.#options;
    const started = monotonicNow();
    try {
      const found = await readInfo(fileSystem, this.#path);
      if (found !== null && found.token !== this.#info.token) {
        this.#lost = found;
        return;
      }
      // Touching needs no space, so that a full disk does not cost the lock. Somebody may have tidied the file away.
      if (found === null) await replaceUnsynced(fileSystem, this.#path, encodeInfo(this.#info));
      else await fileSystem.touch(this.#path, now());
      this.#lastBeat = started;
      this.#failure = null;
    } catch (error) {
      this.#failure = describeFailure(error);
    }
  }
}

/** Watches another owner until it beats, says goodbye, or has been silent for long enough. */
async function givesSignOfLife(options: LockOptions, path: string, previous: OwnerInfo): Promise<boolean> {
  const { fileSystem, timer } = options;
  const lastBeat = async (): Promise<number | null> => {
    const info = await readInfo(fileSystem, path);
    if (info === null) return null;
    if (info.token !== previous.token) return Number.NaN;
    return (await fileSystem.stat(path)).modifiedMs;
  };
  const before = await lastBeat();
  for (let watched = 0; watched < STALE_MS; watched += WATCH_MS) {
    await new Promise<void>((resolve) => timer.start(WATCH_MS, resolve));
    const beat = await lastBeat();
    if (beat === null) return false;
    if (beat !== before) return true;
  }
  return false;
}

/** null: no owner. A file that makes no sense has an owner about whom nothing is known. */
async function readInfo(fileSystem: FileSystem, path: string): Promise<OwnerInfo | null> {
  let text: string;
  try {
    text = (await fileSystem.read(path, MAX_INFO_BYTES)).toString('utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  const unknown: OwnerInfo = { token: '', pid: 0, host: 'an unknown host', kernel: '', since: '' };
  try {
    return { ...unknown, ...(JSON.parse(text) as Partial<OwnerInfo>) };
  } catch {
    return unknown;
  }
}

function encodeInfo(info: OwnerInfo): Buffer {
  return Buffer.from(`${JSON.stringify(info)}\n`);
}

function taken(folder: string, owner: OwnerInfo | null): string {
  const who =
    owner === null ? 'another process' : `process ${owner.pid} on ${owner.host} (since ${owner.since})`;
  return `the state folder "${folder}" belongs to ${who}: stop it, or give this one a state folder of its own`;
}

/** The sentence for a folder that cannot be had, and what to do about it. */
export function unusable(folder: string, why: string): string {
  const advice = /ENOSPC|EDQUOT/.test(why)
    ? 'make room there, or move the folder to a larger disk'
    : 'it must be a folder that this process may write to';
  return `the state folder "${folder}" cannot be used: ${why}; ${advice}`;
}

export function thisProcess(): Identity {
  return { pid: process.pid, host: hostname(), kernel: bootId() ?? hostname() };
}

/** A random id that Linux draws at each boot; the same in all containers of a machine. */
function bootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
