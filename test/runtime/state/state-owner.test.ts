import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BEHAVIOUR, CONNECTOR, makeHold, makeRequest } from './example-hold.ts';
import { makeStateFolder } from './open-owner.ts';

test('a restart keeps pauses and holds, and forgets windows', async () => {
  const { open } = makeStateFolder();
  const before = await open();
  await before.keep(makeHold());
  await before.pause('another', { by: 'alice', reason: 'the sender is migrating' });
  await before.openCapture(CONNECTOR);
  const pause = before.pauseOf(CONNECTOR, BEHAVIOUR);
  await before.close();

  const after = await open();

  expect(after.pauseOf(CONNECTOR, BEHAVIOUR)).toEqual(pause);
  expect(after.pauseOf('another', BEHAVIOUR)).toMatchObject({
    by: 'alice',
    reason: 'the sender is migrating',
  });
  expect(after.holds.counts()).toMatchObject({ count: 1, byCode: { 'shape-changed': 1 } });
  expect(after.captureWindows()).toEqual([]);
  expect(after.history()).toMatchObject([
    { action: 'pause', connector: CONNECTOR, by: 'sluice' },
    { action: 'pause', connector: 'another', by: 'alice' },
  ]);
});

test('the pause applies before the disk is asked', async () => {
  const { open } = makeStateFolder();
  const owner = await open();
  const keeping = owner.keep(makeHold());
  expect(owner.pauseOf(CONNECTOR, BEHAVIOUR)).not.toBeNull();
  await keeping;
});

test('subscribers hear of every change', async () => {
  const { open } = makeStateFolder();
  const owner = await open();
  const heard: string[] = [];
  const stop = owner.subscribe((change) => heard.push(change.kind));
  await owner.keep(makeHold({ grade: 'hold' }));
  owner.fitted(CONNECTOR, true);
  await owner.pause(CONNECTOR, { by: 'alice' });
  await owner.openCapture(CONNECTOR);
  await owner.closeCapture(CONNECTOR);
  stop();
  await owner.resume(CONNECTOR, { by: 'alice' });
  expect(heard).toEqual(['streaks', 'held', 'streaks', 'overlay', 'windows', 'windows']);
});

test('what is no connector id is refused', async () => {
  const { open } = makeStateFolder();
  const owner = await open();
  for (const id of ['../overlay', '', 'A', 'a/b', '__proto__', 'x'.repeat(64)]) {
    expect(await owner.pause(id, { by: 'alice' })).toMatchObject({ ok: false });
    expect(await owner.resume(id, { by: 'alice' })).toMatchObject({ ok: false });
    expect(owner.openCapture(id)).toMatchObject({ ok: false });
    expect(await owner.keep(makeHold({ connector: id }))).toMatchObject({ ok: false });
  }
  for (const seconds of [0, 3601, 1.5, Number.NaN])
    expect(owner.openCapture(CONNECTOR, seconds)).toMatchObject({ ok: false });
});

test('a connector may be called like a member of every object', async () => {
  const { open } = makeStateFolder();
  const before = await open();
  expect(before.pauseOf('constructor', BEHAVIOUR)).toBeNull();
  await before.keep(makeHold({ connector: 'constructor' }));
  await before.close();
  const after = await open();
  expect(after.pauseOf('constructor', BEHAVIOUR)).toMatchObject({ connector: 'constructor' });
});

test('nothing is kept after it was closed', async () => {
  const { open } = makeStateFolder();
  const owner = await open();
  await owner.close();
  expect(await owner.keep(makeHold())).toMatchObject({ ok: false });
});

test.for(['ENOSPC', 'EIO', 'EROFS'])(
  'a disk that fails (%s): nothing is acknowledged, and it goes on without a restart',
  async (code) => {
    const { open, fileSystem, clock, folder } = makeStateFolder();
    const owner = await open();
    fileSystem.fault = () => code;

    expect(await owner.keep(makeHold())).toMatchObject({ ok: false, reason: expect.stringContaining(code) });
    await owner.openCapture(CONNECTOR);
    expect(await owner.capture(CONNECTOR, makeRequest(), clock.now())).toEqual({ ok: false });
    expect(owner.pauseOf(CONNECTOR, BEHAVIOUR)).not.toBeNull();
    expect(owner.problems().join()).toContain('overlay.json cannot be written');
    expect(owner.holds.counts().count).toBe(0);

    fileSystem.fault = () => null;

    expect(await owner.keep(makeHold())).toMatchObject({ ok: true });
    expect(await owner.capture(CONNECTOR, makeRequest(), clock.now())).toEqual({ ok: true });
    await clock.advance(60_000);
    expect(owner.problems()).toEqual([]);
    await owner.close();
    const after = await open();
    expect(after.pauseOf(CONNECTOR, BEHAVIOUR)).not.toBeNull();
    expect(after.holds.counts().count).toBe(1);
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.tmp'))).toEqual(
      [],
    );
  },
);

test.for([
  [
    'create',
    'EROFS',
    'the file system is read-only (EROFS); it must be a folder that this process may write to',
  ],
  // A new folder, of which nothing is known: there is no state to serve by.
  ['makeFolder', 'ENOSPC', 'the disk is full (ENOSPC); make room there, or move the folder to a larger disk'],
] as const)(
  'a folder that cannot be used (%s %s) is refused with a sentence',
  async ([failing, code, why]) => {
    const { open, fileSystem, folder } = makeStateFolder();
    fileSystem.fault = (call) => (call === failing ? code : null);
    await expect(open()).rejects.toThrow(`the state folder "${folder}" cannot be used: ${why}`);
    fileSystem.fault = () => null;
    await expect(open()).resolves.toBeDefined();
  },
);

test('a state folder in a place that does not exist yet is made, for its owner alone', async () => {
  const outer = makeStateFolder();
  const { open } = makeStateFolder(join(outer.folder, 'a', 'b'));
  const owner = await open();
  await owner.keep(makeHold());
  expect(readdirSync(join(outer.folder, 'a', 'b')).sort()).toEqual([
    'aside',
    'captured',
    'held',
    'overlay.json',
    'owner.json',
    'owner.lock',
  ]);
});

test('whoever sees that a capture window is closed sees what closed it', async () => {
  const { open, clock } = makeStateFolder();
  const owner = await open();
  await owner.openCapture(CONNECTOR);
  const capturing = owner.capture(CONNECTOR, makeRequest(), clock.now());
  const { window, latest } = await owner.captureStatus(CONNECTOR);
  expect(window).toBeNull();
  expect(latest).not.toBeNull();
  expect(await capturing).toEqual({ ok: true });
});

test('a disk that takes nothing is a problem as soon as anybody looks, and over when it takes something', async () => {
  const { open, fileSystem, folder } = makeStateFolder();
  const owner = await open();
  fileSystem.fault = (call) => (call === 'write' ? 'ENOSPC' : null);
  await owner.check();
  expect(owner.problems()).toEqual([expect.stringMatching(/nothing can be kept in ".*": the disk is full/)]);
  fileSystem.fault = () => null;
  await owner.check();
  expect(owner.problems()).toEqual([]);
  expect(readdirSync(folder)).not.toContain('probe');
});
