import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import holdSchema from '../../../schemas/hold.schema.json' with { type: 'json' };
import type { NewHold } from '../../../src/runtime/state/state.ts';
import type { StateOwner } from '../../../src/runtime/state/state-owner.ts';
import { CONNECTOR, makeHold, makeTrigger, makeUndelivered, RECEIVED_AT } from './example-hold.ts';
import { settle } from './fake-clock.ts';
import { makeStateFolder } from './open-owner.ts';

const MIB = 1024 * 1024;

async function keep(owner: StateOwner, hold: NewHold): Promise<string> {
  const kept = await owner.keep(hold);
  if (!kept.ok) throw new Error(kept.reason);
  return kept.holdId;
}

test('one private file per request, as its schema says', async () => {
  const { open, folder } = makeStateFolder();
  const owner = await open();
  const validate = new Ajv2020({ strict: false }).compile(holdSchema);
  for (const hold of [
    makeHold(),
    makeUndelivered(['flow_1', 'flow_2'], { elements: [0, 3] }),
    makeHold({ sourceId: null }),
  ]) {
    const id = await keep(owner, hold);
    const path = join(folder, 'held', CONNECTOR, `${id}.json`);
    expect(validate(JSON.parse(readFileSync(path, 'utf8'))), JSON.stringify(validate.errors)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  }
  expect(statSync(join(folder, 'held', CONNECTOR)).mode & 0o777).toBe(0o700);
});

test('a hold comes back as it was kept, integers past 2^53 included', async () => {
  const { open } = makeStateFolder();
  const trigger = { targetUserIds: ['user_1'], metadata: { id: 12345678901234567890n } };
  const hold = makeUndelivered([], { triggers: [makeTrigger('flow_1', { trigger })] });
  const before = await open();
  const id = await keep(before, hold);
  await before.close();
  const { grade: _grade, pauseAfter: _pauseAfter, ...kept } = hold;
  expect(await (await open()).holds.get(id)).toEqual({
    ...kept,
    id,
    format: 1,
    count: 1,
    attempts: 0,
    nextAttemptAt: null,
  });
});

test('the list is in the order of arrival, also when the clock is set back, and can be narrowed', async () => {
  const { open, clock } = makeStateFolder();
  const owner = await open();
  const ids: string[] = [];
  for (const number of [1, 2, 3, 4, 5]) {
    ids.push(
      await keep(owner, makeHold({ connector: number % 2 ? 'odd' : 'even', code: 'paused', grade: 'none' })),
    );
    clock.jump(-1000);
  }
  const last = await keep(
    owner,
    makeUndelivered(['flow_1'], { connector: 'odd', verifiedBy: 'SLUICE_SECRET_LEAKED' }),
  );

  expect(owner.holds.list().holds.map((hold) => hold.id)).toEqual([...ids, last]);
  expect(owner.holds.list({ connector: 'even' }).holds.map((hold) => hold.id)).toEqual([ids[1], ids[3]]);
  expect(owner.holds.list({ connector: 'odd', code: 'paused', limit: 2 })).toMatchObject({
    holds: [{ id: ids[0] }, { id: ids[2] }],
    total: 3,
  });
  expect(owner.holds.list({ verifiedBy: 'SLUICE_SECRET_LEAKED' })).toMatchObject({
    holds: [{ id: last }],
    total: 1,
  });
  expect(owner.holds.list({ connector: 'unknown' })).toEqual({ holds: [], total: 0 });
});

test('counts, and the age of the oldest', async () => {
  const { open } = makeStateFolder();
  const owner = await open();
  await keep(owner, makeHold({ receivedAt: RECEIVED_AT + 5 }));
  const oldest = await keep(owner, makeHold({ receivedAt: RECEIVED_AT }));
  await keep(owner, makeUndelivered(['flow_1'], { connector: 'another' }));
  expect(owner.holds.counts()).toMatchObject({
    count: 3,
    oldestAt: RECEIVED_AT,
    byCode: { 'shape-changed': 2, undelivered: 1 },
    oldestByCode: { 'shape-changed': RECEIVED_AT },
  });
  expect(owner.holds.connectors().toSorted()).toEqual(['another', CONNECTOR]);
  await owner.holds.remove(oldest);
  expect(owner.holds.counts(CONNECTOR)).toMatchObject({ count: 1, oldestAt: RECEIVED_AT + 5 });
});

test('full for one connector, full for all: refused, and room again after a removal', async () => {
  const { open } = makeStateFolder();
  const holdLimits = { perConnector: { count: 2, bytes: MIB }, total: { count: 3, bytes: MIB } };
  const owner = await open({ holdLimits });
  const first = await keep(owner, makeHold());
  await keep(owner, makeHold());
  expect(await owner.keep(makeHold())).toMatchObject({
    ok: false,
    reason: expect.stringContaining(`"${CONNECTOR}" holds 2 requests`),
  });
  expect(owner.holds.counts(CONNECTOR).quotaUsed).toBe(1);
  expect(owner.holds.counts().quotaUsed).toBeCloseTo(2 / 3);
  await keep(owner, makeHold({ connector: 'another' }));
  expect(await owner.keep(makeHold({ connector: 'third' }))).toMatchObject({
    ok: false,
    reason: expect.stringContaining('3 requests'),
  });
  await owner.holds.remove(first);
  await keep(owner, makeHold({ connector: 'third' }));
  await owner.close();
  const restarted = await open({ holdLimits });
  expect(await restarted.keep(makeHold())).toMatchObject({ ok: false });
});

test('full by size, counting what is being written', async () => {
  const { open } = makeStateFolder();
  const owner = await open({
    holdLimits: { perConnector: { count: 100, bytes: 5000 }, total: { count: 100, bytes: MIB } },
  });
  const kept = await Promise.all(Array.from({ length: 20 }, () => owner.keep(makeHold())));
  expect(kept.filter((result) => result.ok).length).toBe(
    Math.floor(5000 / (owner.holds.counts().bytes / owner.holds.counts().count)),
  );
});

test('a retry of a held event is acknowledged when the store is full', async () => {
  const { open } = makeStateFolder();
  const owner = await open({
    holdLimits: { perConnector: { count: 1, bytes: MIB }, total: { count: 1, bytes: MIB } },
  });
  const hold = makeHold();
  await keep(owner, hold);
  expect(await owner.keep(hold)).toMatchObject({ ok: true, added: false });
});

test('the count of retries survives a restart, and so does knowing the event', async () => {
  const { open, fileSystem } = makeStateFolder();
  const before = await open();
  const hold = makeHold();
  const id = await keep(before, hold);
  await Promise.all([1, 2, 3].map(() => before.keep(hold)));
  await settle(fileSystem.isIdle);
  await before.close();
  const after = await open();
  expect(await after.holds.get(id)).toMatchObject({ count: 4 });
  expect(await after.keep(hold)).toMatchObject({ ok: true, holdId: id, added: false });
});

test('a retry of an event whose file somebody deleted is kept anew', async () => {
  const { open, folder } = makeStateFolder();
  const owner = await open();
  const hold = makeHold();
  const id = await keep(owner, hold);
  rmSync(join(folder, 'held', CONNECTOR, `${id}.json`));
  const again = await owner.keep(hold);
  expect(again).toMatchObject({ ok: true, added: true });
  expect(readdirSync(join(folder, 'held', CONNECTOR))).toHaveLength(1);
});

test('a retry is not acknowledged while the first attempt is not durable', async () => {
  const { open, fileSystem } = makeStateFolder();
  const owner = await open();
  fileSystem.fault = (call) => (call === 'sync' ? 'EIO' : null);
  const hold = makeHold();
  const kept = await Promise.all([owner.keep(hold), owner.keep(hold)]);
  expect(kept.map((result) => result.ok)).toEqual([false, false]);
  fileSystem.fault = () => null;
  expect(await owner.keep(hold)).toMatchObject({ ok: true, added: true });
});

test('many requests at once are all kept, with few files open', async () => {
  const { open, fileSystem } = makeStateFolder();
  const owner = await open();
  let opened = 0;
  let mostOpen = 0;
  fileSystem.fault = (call) => {
    if (call === 'create') opened += 1;
    if (call === 'close') opened -= 1;
    mostOpen = Math.max(mostOpen, opened);
    return null;
  };
  const ids = await Promise.all(Array.from({ length: 300 }, () => keep(owner, makeHold({ grade: 'none' }))));
  expect(new Set(ids).size).toBe(300);
  expect(owner.holds.counts().count).toBe(300);
  expect(mostOpen).toBe(64);
});

test('an update is durable, keeps the place in the list, and can depend on the code', async () => {
  const { open } = makeStateFolder();
  const before = await open();
  const id = await keep(before, makeUndelivered(['flow_1', 'flow_2']));
  const last = await keep(before, makeHold());
  const changes = { triggers: [makeTrigger('flow_2')], attempts: 3, nextAttemptAt: RECEIVED_AT + 1000 };
  expect(await before.holds.update(id, changes, 'undelivered')).toEqual({ ok: true });
  expect(await before.holds.update(id, { message: 'late' }, 'target-refused')).toMatchObject({ ok: false });
  expect(await before.holds.update('01k7404f800000w3e8kcpjm2fz', changes)).toMatchObject({ ok: false });
  await before.close();
  const after = await open();
  expect(after.holds.list().holds.map((hold) => hold.id)).toEqual([id, last]);
  expect(await after.holds.get(id)).toMatchObject(changes);
});

test('what is removed is gone, also when it was gone already', async () => {
  const { open, folder } = makeStateFolder();
  const owner = await open();
  const hold = makeHold();
  const id = await keep(owner, hold);
  expect(await owner.holds.remove(id)).toEqual({ ok: true });
  expect(await owner.holds.remove(id)).toEqual({ ok: true });
  expect(await owner.holds.get(id)).toBeNull();
  expect(readdirSync(join(folder, 'held', CONNECTOR))).toEqual([]);
  expect(await owner.keep(hold)).toMatchObject({ added: true });
});

test('a removal that fails can be tried again', async () => {
  const { open, fileSystem } = makeStateFolder();
  const owner = await open();
  const id = await keep(owner, makeHold());
  for (const failing of ['unlink', 'syncFolder']) {
    fileSystem.fault = (call) => (call === failing ? 'EIO' : null);
    expect(await owner.holds.remove(id)).toMatchObject({ ok: false });
    expect(owner.holds.counts().count).toBe(1);
  }
  fileSystem.fault = () => null;
  expect(await owner.holds.remove(id)).toEqual({ ok: true });
  expect(owner.holds.counts()).toMatchObject({ count: 0, bytes: 0 });
});

test('ids from outside never leave the folder', async () => {
  const { open, folder } = makeStateFolder();
  const owner = await open();
  await keep(owner, makeHold());
  writeFileSync(join(folder, 'secret.json'), '{}');
  for (const id of ['../../secret', '..', '', '../secret.json', '0'.repeat(26), '__proto__']) {
    expect(await owner.holds.get(id)).toBeNull();
    await owner.holds.remove(id);
  }
  expect(readdirSync(folder)).toContain('secret.json');
});

test('a start finds what is there, sets aside what makes no sense, and removes what was interrupted', async () => {
  const { open, folder } = makeStateFolder();
  const before = await open();
  const good = await keep(before, makeHold());
  const ids = [
    await keep(before, makeHold()),
    await keep(before, makeHold()),
    await keep(before, makeHold()),
  ];
  await before.close();
  const held = join(folder, 'held', CONNECTOR);
  const damage = (id: string | undefined, change: (text: string) => string): void => {
    const path = join(held, `${id}.json`);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };
  damage(ids[0], (text) => text.slice(0, 100));
  damage(ids[1], (text) => text.replace(CONNECTOR, 'another-connector'));
  damage(ids[2], (text) => text.replace('"format":1', '"format":2'));
  writeFileSync(join(held, `${good}.json.0123456789ab.tmp`), '{');
  writeFileSync(join(held, 'notes.txt'), 'mine');
  mkdirSync(join(folder, 'held', 'Not A Connector'));

  const after = await open();

  expect(after.holds.list().holds.map((hold) => hold.id)).toEqual([good]);
  expect(after.problems()).toEqual([
    '4 held requests cannot be read; they are kept in held/ for you to look at',
  ]);
  expect(readdirSync(held).toSorted()).toEqual(
    [...ids.map((id) => `${id}.json.${RECEIVED_AT}.unreadable`), `${good}.json`, 'notes.txt'].toSorted(),
  );
  await after.close();
  expect((await open()).problems()).toHaveLength(1);
});

test('a disk that cannot read one hold now reads it at the next start', async () => {
  const { open, fileSystem } = makeStateFolder();
  const before = await open();
  const id = await keep(before, makeHold());
  await before.close();
  fileSystem.fault = (call, path) => (call === 'read' && path.includes(id) ? 'EIO' : null);
  const failing = await open();
  expect(failing.holds.counts().count).toBe(0);
  expect(failing.problems()).toHaveLength(1);
  await failing.close();
  fileSystem.fault = () => null;
  expect((await open()).holds.list().holds).toMatchObject([{ id }]);
});
