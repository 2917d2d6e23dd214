import { onTestFinished } from 'vitest';
import { openStateOwner, type StateOwnerOptions } from '../../../src/runtime/state/files/open-state-owner.ts';
import type { StateOwner } from '../../../src/runtime/state/state-owner.ts';
import { type FakeClock, makeFakeClock } from './fake-clock.ts';
import { makeFaultyFileSystem } from './faulty-file-system.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** A state folder on the real disk, its clock, and a file system that fails when it is told to. Reopens as a restart does. */
export function makeStateFolder(folder = makeTemporaryFolder()) {
  const fileSystem = makeFaultyFileSystem();
  const clock: FakeClock = makeFakeClock(fileSystem.isIdle);
  return {
    folder,
    clock,
    fileSystem,
    async open(options: Partial<StateOwnerOptions> = {}): Promise<StateOwner> {
      const opened = await openStateOwner({ folder, fileSystem, timer: clock, ...clock, ...options });
      if (!opened.ok) throw new Error(opened.message);
      onTestFinished(() => opened.owner.close());
      return opened.owner;
    },
  };
}
