/** Takes a state folder: its lock, then everything in it. Out: the owner, or who else has the folder, or what is wrong with it. */
import { systemTimer, type Timer } from '../../../outcomes/timer.ts';
import { checkStateFolder } from '../../state-folder/check-state-folder.ts';
import { ASIDE_LIMITS, DEFAULT_HOLD_LIMITS, type HoldLimits } from '../hold-index.ts';
import type { StateOwner } from '../state-owner.ts';
import { openBundleCache } from './bundle-cache.ts';
import { openCaptureStore } from './capture-store.ts';
import { ensureFolder, removeTemporaries } from './durable-file.ts';
import { fenceFileSystem } from './fenced-file-system.ts';
import { describeFailure, type FileSystem, nodeFileSystem } from './file-system.ts';
import { FolderOwner } from './folder-owner.ts';
import { openHoldStore } from './hold-store.ts';
import { type TakeKernelLock, takeSqliteLock } from './kernel-lock.ts';
import { openNotifiedStore } from './notified-store.ts';
import { openOverlayStore } from './overlay-store.ts';
import { type Identity, thisProcess } from './owner-info.ts';
import { acquireOwnerLock, unusable } from './owner-lock.ts';

export interface StateOwnerOptions {
  readonly folder: string;
  readonly holdLimits?: HoldLimits;
  /** It is open before all holds have been read: `holds.read` says when that is. */
  readonly isRestless?: boolean;
  readonly fileSystem?: FileSystem;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Milliseconds since anything; never set back. */
  readonly monotonicNow?: () => number;
  readonly timer?: Timer;
  readonly identity?: Identity;
  readonly takeKernelLock?: TakeKernelLock;
}

export type OpenedState =
  | { readonly ok: true; readonly owner: StateOwner }
  /** A sentence for people: who has the folder, or why it cannot be used. */
  | { readonly ok: false; readonly message: string };

/** Never rejects for what a folder, its files or another process may be like. */
export async function openStateOwner(options: StateOwnerOptions): Promise<OpenedState> {
  const { folder } = options;
  const fileSystem = options.fileSystem ?? nodeFileSystem(folder);
  const now = options.now ?? Date.now;
  const monotonicNow = options.monotonicNow ?? (() => performance.now());
  const timer = options.timer ?? systemTimer;
  const unsafe = checkStateFolder(folder);
  if (unsafe !== null) return { ok: false, message: unsafe };
  try {
    await ensureFolder(fileSystem, folder);
  } catch (error) {
    return { ok: false, message: unusable(folder, describeFailure(error)) };
  }
  const { identity = thisProcess(), takeKernelLock = takeSqliteLock } = options;
  const locked = await acquireOwnerLock({
    fileSystem,
    folder,
    now,
    monotonicNow,
    timer,
    identity,
    takeKernelLock,
  });
  if (!locked.ok) return locked;
  const { lock } = locked;
  // Where the disk is full the lock is not held for sure yet, but what is opened now was nobody's a moment ago.
  let isOpening = true;
  const owned = fenceFileSystem(fileSystem, () => isOpening || lock.isHeld());
  try {
    await removeTemporaries(owned, folder);
    const overlay = await openOverlayStore({ fileSystem: owned, folder, now, timer });
    const limits = options.holdLimits ?? DEFAULT_HOLD_LIMITS;
    const holds = await openHoldStore({
      fileSystem: owned,
      folder,
      now,
      limits,
      isRestless: options.isRestless ?? false,
    });
    const aside = await openHoldStore({
      fileSystem: owned,
      folder,
      now,
      limits: ASIDE_LIMITS,
      name: 'aside',
    });
    const captures = await openCaptureStore(owned, folder);
    const bundles = await openBundleCache(owned, folder);
    const notified = await openNotifiedStore(owned, folder);
    isOpening = false;
    const parts = {
      folder,
      fileSystem: owned,
      now,
      lock,
      overlay,
      holds,
      aside,
      captures,
      bundles,
      notified,
    };
    return { ok: true, owner: new FolderOwner(parts) };
  } catch (error) {
    await lock.release();
    return { ok: false, message: unusable(folder, describeFailure(error)) };
  }
}
