import { expect, test } from 'vitest';
import type { FileSystem } from '../../../src/runtime/state/files/file-system.ts';
import { openStateOwner } from '../../../src/runtime/state/files/open-state-owner.ts';
import type { KeepResult } from '../../../src/runtime/state/state.ts';
import type { StateOwner } from '../../../src/runtime/state/state-owner.ts';
import { makeCrashingFileSystem, recover } from './crashing-file-system.ts';
import { BEHAVIOUR, CONNECTOR, makeHold, makeRequest, makeUndelivered } from './example-hold.ts';
import { makeFakeClock } from './fake-clock.ts';
import { makeFaultyFileSystem } from './faulty-file-system.ts';

const folder = '/state';
const identity = { pid: 7, host: 'test', kernel: 'test' };
const takeKernelLock = () => ({ ok: true, release: () => {}, isCurrent: () => true }) as const;

async function open(fileSystem: FileSystem): Promise<StateOwner> {
  const clock = makeFakeClock();
  const opening = openStateOwner({ folder, fileSystem, identity, takeKernelLock, timer: clock, ...clock });
  let isOpened = false;
  void opening.then(() => {
    isOpened = true;
  });
  // Where owner.json makes no sense, its owner is watched for a while.
  for (let second = 0; second < 20 && !isOpened; second += 1) await clock.advance(second === 0 ? 0 : 1000);
  const opened = await opening;
  if (!opened.ok) throw new Error(opened.message);
  return opened.owner;
}

const NEVER = Number.POSITIVE_INFINITY;

/** A hold, and the numbers of file system calls after which something was promised about it. */
interface Kept {
  readonly id: string;
  readonly keptAt: number;
  updatedAt: number;
  removalBegan: number;
  removedAt: number;
}

async function work() {
  const fileSystem = makeCrashingFileSystem();
  const owner = await open(fileSystem);
  const holds: Kept[] = [];
  const calls = (): number => fileSystem.moments.length;
  const keep = async (hold: Parameters<StateOwner['keep']>[0]): Promise<Kept> => {
    const result = await owner.keep(hold);
    if (!result.ok) throw new Error(result.reason);
    const kept = {
      id: result.holdId,
      keptAt: calls(),
      updatedAt: NEVER,
      removalBegan: NEVER,
      removedAt: NEVER,
    };
    holds.push(kept);
    return kept;
  };
  await Promise.all([
    keep(makeHold({ grade: 'none' })),
    keep(makeUndelivered(['a'])),
    keep(makeHold({ connector: 'other', grade: 'none' })),
  ]);
  await keep(makeHold());
  await owner.pause('other', { by: 'alice' });
  const pausedAt = calls();
  const replayed = await keep(makeHold({ grade: 'none' }));
  await owner.holds.update(replayed.id, { message: 'tried again' });
  replayed.updatedAt = calls();
  const saved: { readonly text: string; readonly savedAt: number }[] = [];
  for (const text of ['the first bundle', 'the second']) {
    await owner.bundles.saveLastGood(Buffer.from(text));
    saved.push({ text, savedAt: calls() });
  }
  await owner.bundles.raiseSequence(5);
  const raisedAt = calls();
  owner.notified.tookPause(CONNECTOR, 'a pause');
  owner.notified.tookHold(CONNECTOR, { id: replayed.id, at: 1, goesOn: true });
  await owner.notified.settled();
  const notedAt = calls();
  await owner.openCapture(CONNECTOR);
  await owner.capture(CONNECTOR, makeRequest(), Date.parse('2025-10-09T08:53:21Z'));
  const capturedAt = calls();
  replayed.removalBegan = calls();
  await owner.holds.remove(replayed.id);
  replayed.removedAt = calls();
  await owner.close();
  return { moments: fileSystem.moments, holds, pausedAt, saved, raisedAt, notedAt, capturedAt };
}

test('after a power failure at any moment, everything that was acknowledged is there', async () => {
  const { moments, holds, pausedAt, saved, raisedAt, notedAt, capturedAt } = await work();
  expect(moments.length).toBeGreaterThan(50);

  for (const [index, { synced, seen }] of moments.entries()) {
    const calls = index + 1;
    const where = `after call ${calls}`;
    // The disk may have kept only what was synced, or everything.
    for (const disk of [recover(synced), recover(seen)]) {
      const owner = await open(makeCrashingFileSystem(disk));
      const ids = owner.holds.list().holds.map((hold) => hold.id);
      for (const { id, keptAt, updatedAt, removalBegan, removedAt } of holds) {
        if (calls >= keptAt && calls <= removalBegan) expect(ids, where).toContain(id);
        if (calls >= removedAt) expect(ids, where).not.toContain(id);
        if (calls >= updatedAt && calls <= removalBegan) {
          expect(await owner.holds.get(id), where).toMatchObject({ message: 'tried again' });
        }
      }
      if (calls >= pausedAt) {
        expect(owner.pauseOf('other', BEHAVIOUR), where).toMatchObject({ kind: 'manual', by: 'alice' });
        expect(owner.pauseOf(CONNECTOR, BEHAVIOUR), where).toMatchObject({ kind: 'auto' });
      }
      // Whole, and never older than what was promised.
      const found = (await owner.bundles.readLastGood())?.toString() ?? null;
      const promised = saved.findLastIndex(({ savedAt }) => calls >= savedAt);
      const texts = saved.slice(Math.max(0, promised)).map(({ text }) => text);
      expect(promised < 0 ? [null, ...texts] : texts, where).toContain(found);
      if (calls >= notedAt) expect(owner.notified.pauses().get(CONNECTOR), where).toBe('a pause');
      if (calls >= raisedAt) expect(owner.bundles.highestSequence(), where).toBe(5);
      if (calls >= capturedAt) expect((await owner.captureStatus(CONNECTOR)).latest, where).not.toBeNull();
      expect(owner.problems(), where).toEqual([]);
      await owner.close();
    }
  }
});

test.for(['ENOSPC', 'EIO'])(
  'a call that fails (%s), whichever it is, and then the power: what was acknowledged is there',
  async (code) => {
    const keepSome = async (owner: StateOwner): Promise<KeepResult[]> => {
      const retried = makeHold({ grade: 'none' });
      const first = [await owner.keep(makeHold()), await owner.keep(retried), await owner.keep(retried)];
      const together = [makeHold(), makeHold(), makeHold({ connector: 'another' })].map((hold) =>
        owner.keep(hold),
      );
      return [...first, ...(await Promise.all(together))];
    };
    const counter = makeFaultyFileSystem(makeCrashingFileSystem());
    const counted = await open(counter);
    const opening = counter.calls.length;
    await keepSome(counted);
    const calls = counter.calls.length;
    expect(calls - opening).toBeGreaterThan(30);

    let refused = 0;
    for (let failing = opening + 1; failing <= calls; failing += 1) {
      const disk = makeCrashingFileSystem();
      const faulty = makeFaultyFileSystem(disk);
      const owner = await open(faulty);
      faulty.fault = (_call, _path, number) => (number === failing ? code : null);
      const kept = await keepSome(owner);
      const where = `call ${failing}, ${faulty.calls[failing - 1]?.call} ${faulty.calls[failing - 1]?.path}`;
      refused += kept.filter((result) => !result.ok).length;

      const after = await open(makeCrashingFileSystem(recover(disk.moments.at(-1)!.synced)));
      const ids = after.holds.list().holds.map((hold) => hold.id);
      for (const result of kept) if (result.ok) expect(ids, where).toContain(result.holdId);
      expect(after.problems(), where).toEqual([]);
      // The next request is kept: nothing needs a restart.
      expect(await owner.keep(makeHold({ connector: 'another' })), where).toMatchObject({ ok: true });
      await after.close();
      await owner.close();
    }
    expect(refused).toBeGreaterThan(10);
  },
);
