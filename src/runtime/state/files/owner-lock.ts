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
import { join } from 'node:path';
import type { Timer } from '../../../outcomes/timer.ts';
import { replaceFile } from './durable-file.ts';
import { describeFailure, errorCode, type FileSystem } from './file-system.ts';
import { HeartbeatLock, type OwnerLock } from './heartbeat-lock.ts';
import type { KernelLock, TakeKernelLock } from './kernel-lock.ts';
import { encodeOwnerInfo, type Identity, type OwnerInfo, readOwnerInfo } from './owner-info.ts';

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

/** An owner on another machine that gives no sign of life for this long is dead. */
const STALE_MS = 15_000;
const WATCH_MS = 1000;
export async function acquireOwnerLock(options: LockOptions): Promise<LockResult> {
  const { fileSystem, folder, identity } = options;
  const infoPath = join(folder, 'owner.json');
  const kernelLock = options.takeKernelLock(join(folder, 'owner.lock'));
  if (!kernelLock.ok && kernelLock.why !== 'unsupported') {
    const owner =
      kernelLock.why === 'busy' ? await readOwnerInfo(fileSystem, infoPath).catch(() => null) : null;
    return {
      ok: false,
      message:
        kernelLock.why === 'busy' ? taken(folder, owner) : unusable(folder, 'its lock file cannot be opened'),
    };
  }
  const releaseKernelLock = (): void => {
    if (kernelLock.ok) kernelLock.release();
  };
  const takeAgain = (): KernelLock => options.takeKernelLock(join(folder, 'owner.lock'));
  const info: OwnerInfo = {
    token: randomBytes(16).toString('hex'),
    ...identity,
    since: new Date(options.now()).toISOString(),
  };
  const { now, monotonicNow, timer } = options;
  const lock = { fileSystem, folder, path: infoPath, info, kernelLock, takeAgain, now, monotonicNow, timer };
  let previous: OwnerInfo | null = null;
  try {
    previous = await readOwnerInfo(fileSystem, infoPath);
    // The kernel gave us its lock: a previous owner under the same kernel is dead. Any other must be watched.
    const provablyDead = kernelLock.ok && previous !== null && previous.kernel === identity.kernel;
    if (previous !== null && !provablyDead && (await givesSignOfLife(options, infoPath, previous))) {
      releaseKernelLock();
      return { ok: false, message: taken(folder, previous) };
    }
    await replaceFile(fileSystem, infoPath, encodeOwnerInfo(info));
  } catch (error) {
    const why = describeFailure(error);
    // What is paused can be read, and what fits can be delivered: that is better than nothing.
    if (kernelLock.ok && isFull(error)) {
      const unannounced = { why, previous: previous?.token };
      return { ok: true, lock: new HeartbeatLock({ ...lock, unannounced }) };
    }
    releaseKernelLock();
    return { ok: false, message: unusable(folder, why) };
  }
  return { ok: true, lock: new HeartbeatLock({ ...lock, unannounced: null }) };
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(errorCode(error) ?? '');
}

/** Watches another owner until it beats, says goodbye, or has been silent for long enough. */
async function givesSignOfLife(options: LockOptions, path: string, previous: OwnerInfo): Promise<boolean> {
  const { fileSystem, timer } = options;
  const lastBeat = async (): Promise<number | null> => {
    const info = await readOwnerInfo(fileSystem, path);
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
