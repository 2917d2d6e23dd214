import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type OpenedState, openStateOwner } from '../../../src/runtime/state/files/open-state-owner.ts';
import type { Identity } from '../../../src/runtime/state/files/owner-info.ts';
import { makeHold } from './example-hold.ts';
import { type FakeClock, makeFakeClock } from './fake-clock.ts';
import { makeStateFolder } from './open-owner.ts';

/** Starts a process that takes the folder; resolves with what it said. */
async function startProcess(folder: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'owner-process.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = await once(child.stdout, 'data');
  return { child, said: String(said).trim() };
}

test('after kill -9 the next process has the folder at once; a second one beside it never', async () => {
  const { folder, open } = makeStateFolder();
  const { child, said } = await startProcess(folder);
  expect(said).toBe(`owner ${child.pid}`);

  const refused = await openStateOwner({ folder });
  expect(refused).toEqual({
    ok: false,
    message: expect.stringMatching(
      new RegExp(
        `^the state folder ".*" belongs to process ${child.pid} on ${hostname()} \\(since 20.*Z\\): stop it, or`,
      ),
    ),
  });

  child.kill('SIGKILL');
  await once(child, 'exit');
  // The clock stands still: nobody can have waited for anything.
  const owner = await open();
  expect(await owner.keep(makeHold())).toMatchObject({ ok: true });
  expect((await startProcess(folder)).said).toContain(`belongs to process ${process.pid}`);
});

test('an owner that closes leaves the folder to the next', async () => {
  const { folder, open } = makeStateFolder();
  await (await open()).close();
  expect(existsSync(join(folder, 'owner.json'))).toBe(false);
  await (await open()).close();
});

/** A volume that two machines share, on which locks of the one's kernel mean nothing to the other's. */
function makeSharedVolume() {
  const { folder, fileSystem } = makeStateFolder();
  const takeKernelLock = () => ({ ok: true, release: () => {}, isCurrent: () => true }) as const;
  const clocks = new Set<FakeClock>();
  return {
    folder,
    fileSystem,
    async open(host: string): Promise<OpenedState & { clock: FakeClock }> {
      const clock = makeFakeClock(fileSystem.isIdle);
      const identity: Identity = { pid: 1, host, kernel: host };
      const opening = openStateOwner({
        folder,
        fileSystem,
        takeKernelLock,
        identity,
        timer: clock,
        ...clock,
      });
      let isOpened = false;
      void opening.then(() => {
        isOpened = true;
      });
      // Time passes for the one that waits, and for everybody else.
      for (let second = 0; second < 20 && !isOpened; second += 1) {
        await clock.advance(1000);
        for (const other of clocks) await other.advance(1000);
      }
      const opened = await opening;
      if (opened.ok) onTestFinished(() => opened.owner.close());
      clocks.add(clock);
      return { ...opened, clock };
    },
    /** The machine is gone: no more heartbeats. */
    die: (clock: FakeClock) => void clocks.delete(clock),
  };
}

test('an owner on another machine that beats is left alone', async () => {
  const { open } = makeSharedVolume();
  const first = await open('one');
  const second = await open('two');
  expect(first.ok).toBe(true);
  expect(second).toMatchObject({
    ok: false,
    message: expect.stringContaining('belongs to process 1 on one'),
  });
});

test('an owner on another machine that died is succeeded after 15 s, and keeps nothing should it come back', async () => {
  const { open, die } = makeSharedVolume();
  const first = await open('one');
  die(first.clock);
  const second = await open('two');
  if (!first.ok || !second.ok) throw new Error('not opened');
  expect(second.clock.monotonicNow()).toBeGreaterThanOrEqual(15_000);

  await first.clock.advance(6000);

  expect(first.owner.problems()).toEqual([expect.stringContaining('taken over by process 1 on two')]);
  expect(await first.owner.keep(makeHold())).toMatchObject({
    ok: false,
    reason: expect.stringContaining('taken over'),
  });
  expect(await second.owner.keep(makeHold())).toMatchObject({ ok: true });
  await first.owner.close();
  await second.clock.advance(30_000);
  expect(second.owner.problems()).toEqual([]);
});

test.for([
  ['nobody had before', null],
  ['a dead process had', '{"token":"of a dead process","pid":7,"host":"h","kernel":"this one","since":""}'],
] as const)(
  'on a full disk a folder that %s is read, and kept in as soon as there is room',
  async ([, left]) => {
    const { folder, fileSystem, clock, open } = makeStateFolder();
    const identity: Identity = { pid: 8, host: 'h', kernel: 'this one' };
    const before = await open({ identity });
    await before.keep(makeHold());
    await before.close();
    if (left !== null) writeFileSync(join(folder, 'owner.json'), left);
    fileSystem.fault = (call) => (call === 'create' ? 'ENOSPC' : null);

    const owner = await open({ identity });
    expect(owner.pauses()).toHaveLength(1);
    expect(owner.holds.counts().count).toBe(1);
    const problem = 'the sign of life in the state folder cannot be written: the disk is full (ENOSPC)';
    expect(owner.problems()).toContain(problem);
    expect(await owner.keep(makeHold())).toEqual({ ok: false, reason: problem });
    // There is room for what is to be kept, but nobody could be told whose the folder is.
    fileSystem.fault = (call, path) => (call === 'create' && path.includes('owner') ? 'ENOSPC' : null);
    await clock.advance(3000);
    expect(await owner.keep(makeHold())).toMatchObject({ ok: false });
    expect(await owner.pause('another', { by: 'alice' })).toMatchObject({ ok: false });
    fileSystem.fault = () => null;
    await clock.advance(1000);
    expect(await owner.resume('another', { by: 'alice' })).toEqual({ ok: true });
    expect(owner.problems()).toEqual([]);
    expect(await owner.keep(makeHold())).toMatchObject({ ok: true });
    expect(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))).toMatchObject({ pid: 8 });
  },
);

test('on a full disk a folder that another machine takes meanwhile is left to it', async () => {
  const { folder, fileSystem, clock, open } = makeStateFolder();
  await (await open()).close();
  fileSystem.fault = (call) => (call === 'create' ? 'ENOSPC' : null);
  const owner = await open();
  const other = '{"token":"other","pid":9,"host":"elsewhere","kernel":"k","since":""}';
  writeFileSync(join(folder, 'owner.json'), other);
  fileSystem.fault = () => null;
  await clock.advance(1000);
  expect(owner.problems()).toEqual([expect.stringContaining('taken over by process 9 on elsewhere')]);
  expect(await owner.keep(makeHold())).toMatchObject({ ok: false });
  await owner.close();
  expect(readFileSync(join(folder, 'owner.json'), 'utf8')).toBe(other);
});

test('an owner that stood still does not write before it knows that the folder is still its own', async () => {
  const { open, clock } = makeStateFolder();
  let stalled = 0;
  const owner = await open({ monotonicNow: () => clock.monotonicNow() + stalled });
  expect(await owner.keep(makeHold())).toMatchObject({ ok: true });

  stalled = 20_000;
  expect(await owner.keep(makeHold())).toMatchObject({ ok: false });
  await clock.advance(5000);
  expect(await owner.keep(makeHold())).toMatchObject({ ok: true });
});

test('a set clock costs nothing', async () => {
  const { open, clock } = makeStateFolder();
  const owner = await open();
  for (const jump of [86_400_000, -172_800_000]) {
    clock.jump(jump);
    expect(await owner.keep(makeHold())).toMatchObject({ ok: true });
    await clock.advance(20_000);
    expect(await owner.keep(makeHold())).toMatchObject({ ok: true });
  }
});

test('a tidied away owner.json comes back', async () => {
  const { open, clock, folder } = makeStateFolder();
  const owner = await open();
  rmSync(join(folder, 'owner.json'));
  await clock.advance(6000);
  expect(JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  expect(owner.problems()).toEqual([]);
});

test('an owner.json that makes no sense is watched as an owner of whom nothing is known', async () => {
  const { open, folder } = makeSharedVolume();
  writeFileSync(join(folder, 'owner.json'), '{"pid":');
  const opened = await open('one');
  expect(opened.ok).toBe(true);
  expect(opened.clock.monotonicNow()).toBeGreaterThanOrEqual(15_000);
});

test('a file system without locks can be used', async () => {
  const { folder } = makeStateFolder();
  const clock = makeFakeClock();
  const takeKernelLock = () => ({ ok: false, why: 'unsupported' }) as const;
  const opened = await openStateOwner({ folder, takeKernelLock, timer: clock, ...clock });
  expect(opened.ok).toBe(true);
  if (opened.ok) await opened.owner.close();
});

test('a folder that is deleted under its owner is taken again, and what was paused is written again', async () => {
  const { folder, open, clock } = makeStateFolder();
  const owner = await open();
  await owner.keep(makeHold());
  await owner.pause('another', { by: 'alice' });
  let restored = 0;
  owner.onRestored(() => {
    restored += 1;
  });
  rmSync(folder, { recursive: true });

  await clock.advance(5000);
  await vi.waitUntil(() => restored === 1);

  expect(owner.isOurs()).toBe(true);
  expect(owner.problems()).toEqual([expect.stringContaining('1 of 1 held requests were in it and are lost')]);
  expect(owner.holds.counts().count).toBe(0);
  expect(await owner.keep(makeHold())).toMatchObject({ ok: true });
  expect((await openStateOwner({ folder })).ok).toBe(false);
  await owner.close();
  const next = await open();
  expect(next.pauses().map(({ connector }) => connector)).toContain('another');
  expect(next.holds.counts().count).toBe(1);
});

test('where another process was quicker, the first delivers and keeps nothing any more', async () => {
  const { folder, open, clock } = makeStateFolder();
  const owner = await open();
  const changes: string[] = [];
  owner.subscribe((change) => changes.push(change.kind));
  rmSync(folder, { recursive: true });
  const second = await startProcess(folder);
  expect(second.said).toBe(`owner ${second.child.pid}`);

  await clock.advance(5000);
  await vi.waitUntil(() => !owner.isOurs());
  expect(changes).toContain('isOurs');
  expect(owner.snapshot().isOurs).toBe(false);
  expect(await owner.keep(makeHold())).toMatchObject({ ok: false });
  expect(owner.problems().join()).toContain(`taken over by process ${second.child.pid}`);
});
