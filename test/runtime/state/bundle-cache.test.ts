import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeStateFolder } from './open-owner.ts';

test('the last good bundle and the highest sequence survive a restart', async () => {
  const { open } = makeStateFolder();
  const before = await open();
  expect(await before.bundles.readLastGood()).toBeNull();
  expect(before.bundles.highestSequence()).toBeNull();
  expect(await before.bundles.saveLastGood(Buffer.from('first'))).toEqual({ ok: true });
  expect(await before.bundles.saveLastGood(Buffer.from('second'))).toEqual({ ok: true });
  await before.bundles.raiseSequence(7);
  await before.bundles.raiseSequence(5);
  await before.close();
  const after = await open();
  expect(await after.bundles.readLastGood()).toEqual(Buffer.from('second'));
  expect(after.bundles.highestSequence()).toBe(7);
});

test('the content of the highest sequence is on record where it is known', async () => {
  const { open, folder } = makeStateFolder();
  writeFileSync(join(folder, 'sequence.json'), '{"format":1,"highest":7}');
  const before = await open();
  expect(before.bundles.highestDigest()).toBeNull();
  await before.bundles.raiseSequence(7, 'seven');
  await before.bundles.raiseSequence(6, 'six');
  await before.close();
  const after = await open();
  expect([after.bundles.highestSequence(), after.bundles.highestDigest()]).toEqual([7, 'seven']);
  await after.bundles.raiseSequence(8, 'eight');
  expect([after.bundles.highestSequence(), after.bundles.highestDigest()]).toEqual([8, 'eight']);
});

test('a bundle that cannot be saved leaves the one before', async () => {
  const { open, fileSystem } = makeStateFolder();
  const owner = await open();
  await owner.bundles.saveLastGood(Buffer.from('first'));
  for (const failing of ['create', 'write', 'sync', 'rename']) {
    fileSystem.fault = (call) => (call === failing ? 'ENOSPC' : null);
    expect(await owner.bundles.saveLastGood(Buffer.from('second'))).toMatchObject({ ok: false });
    expect(await owner.bundles.raiseSequence(9)).toMatchObject({ ok: false });
    expect(owner.problems()).toEqual([expect.stringContaining('sequence.json cannot be written')]);
  }
  fileSystem.fault = () => null;
  expect(await owner.bundles.readLastGood()).toEqual(Buffer.from('first'));
  expect(await owner.bundles.raiseSequence(9)).toEqual({ ok: true });
  expect(owner.problems()).toEqual([]);
});

test.for(['', '{"highest":"7"}', '{"highest":1e400}', 'null'])(
  'a sequence file that makes no sense is reported, until somebody has looked: %s',
  async (text) => {
    const { open, folder } = makeStateFolder();
    writeFileSync(join(folder, 'sequence.json'), text);
    const owner = await open();
    expect(owner.bundles.highestSequence()).toBeNull();
    expect(owner.problems()).toEqual([expect.stringContaining('sequence.json cannot be read')]);
    // What was the highest before is not known again by a newer one.
    await owner.bundles.raiseSequence(1);
    expect(owner.problems()).toEqual([expect.stringContaining('sequence.json cannot be read')]);
  },
);
