/** A folder is open before what earlier processes held has been read, however much that is. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FileSystem, nodeFileSystem } from '../../../src/runtime/state/files/file-system.ts';
import { CONNECTOR, makeUndelivered } from './example-hold.ts';
import { makeStateFolder } from './open-owner.ts';

/** Reads of holds wait for the gate. */
function gated(folder: string) {
  const gate = Promise.withResolvers<void>();
  const inner = nodeFileSystem(folder);
  const fileSystem: FileSystem = {
    ...inner,
    async read(path, most) {
      if (path.includes('/held/')) await gate.promise;
      return inner.read(path, most);
    },
  };
  return { fileSystem, open: gate.resolve };
}

async function withThreeHolds() {
  const state = makeStateFolder();
  const before = await state.open();
  const ids: string[] = [];
  for (const number of [1, 2, 3]) {
    const kept = await before.keep(makeUndelivered([`flow_${number}`], { sourceId: `evt_${number}` }));
    if (kept.ok) ids.push(kept.holdId);
  }
  await before.close();
  return { ...state, ids, gate: gated(state.folder) };
}

test('it keeps what comes meanwhile, and knows all of it in the end', async () => {
  const { open, ids, gate } = await withThreeHolds();
  const owner = await open({ fileSystem: gate.fileSystem, isRestless: true });
  expect(owner.holds.counts().count).toBe(0);
  const kept = await owner.keep(makeUndelivered(['flow_4'], { sourceId: 'evt_4' }));
  expect(kept).toMatchObject({ ok: true, added: true });
  gate.open();
  await owner.holds.read;
  const all = owner.holds.list().holds.map(({ id }) => id);
  expect(all).toEqual([...ids, kept.ok ? kept.holdId : ''].sort());
  expect(owner.problems()).toEqual([]);
});

test('a retry of what is not read yet is kept once more, and is the same to whoever counts events', async () => {
  const { open, gate } = await withThreeHolds();
  const owner = await open({ fileSystem: gate.fileSystem, isRestless: true });
  const retry = makeUndelivered(['flow_1'], { sourceId: 'evt_1' });
  const first = await owner.keep(retry);
  gate.open();
  await owner.holds.read;
  expect(owner.holds.counts().count).toBe(4);
  expect(await owner.keep(retry)).toMatchObject({ added: false, holdId: first.ok ? first.holdId : '' });
});

test('its end does not wait for the rest, and loses nothing', async () => {
  const { open, ids, gate } = await withThreeHolds();
  const owner = await open({ fileSystem: gate.fileSystem, isRestless: true });
  const closing = owner.close();
  gate.open();
  await closing;
  const again = await open();
  expect(again.holds.list().holds.map(({ id }) => id)).toEqual(ids.toSorted());
});

test('what interrupted writes left goes, what is being written stays', async () => {
  const { open, folder, gate } = await withThreeHolds();
  const left = join(folder, 'held', CONNECTOR, 'left.tmp');
  writeFileSync(left, '');
  const owner = await open({ fileSystem: gate.fileSystem, isRestless: true });
  const keeping = owner.keep(makeUndelivered(['flow_5'], { sourceId: 'evt_5' }));
  gate.open();
  expect(await keeping).toMatchObject({ ok: true });
  await owner.holds.read;
  expect(owner.holds.counts().count).toBe(4);
  expect(existsSync(left)).toBe(false);
});
