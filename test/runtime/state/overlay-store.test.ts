import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import overlaySchema from '../../../schemas/overlay.schema.json' with { type: 'json' };
import { BEHAVIOUR, CONNECTOR, makeHold } from './example-hold.ts';
import { makeStateFolder } from './open-owner.ts';

test('the file satisfies its schema, and says in words what changed', async () => {
  const { open, folder } = makeStateFolder();
  const owner = await open();
  await owner.keep(makeHold());
  await owner.resume(CONNECTOR, { by: 'alice', reason: 'sample added' });
  await owner.keep(makeHold());
  await owner.pause('another', { by: 'bob' });

  const text = readFileSync(join(folder, 'overlay.json'), 'utf8');

  const validate = formats.default(new Ajv2020({ strict: false })).compile(overlaySchema);
  expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
  expect(JSON.parse(text).pauses[CONNECTOR].automatic[0].differences).toEqual([
    { path: '$.amount', expected: 'number', found: 'object' },
  ]);
});

test('the generation before is kept', async () => {
  const { open, folder } = makeStateFolder();
  const owner = await open();
  await owner.pause('one', { by: 'alice' });
  const first = readFileSync(join(folder, 'overlay.json'), 'utf8');
  await owner.pause('two', { by: 'alice' });
  expect(readFileSync(join(folder, 'overlay.previous.json'), 'utf8')).toBe(first);
});

const damages: readonly [what: string, damage: (text: string) => string, why: RegExp][] = [
  ['cut', (text) => text.slice(0, text.length / 2), /it is not JSON/],
  ['empty', () => '', /it is not JSON/],
  ['edited by hand', (text) => text.replace('"alice"', '"mallory"'), /its checksum is wrong/],
  [
    'from a newer version',
    (text) => text.replace('"format": 1', '"format": 2'),
    /a newer version wrote it \(format 2\)/,
  ],
  ['something else', () => '[]', /it is not an object/],
];

test.for(damages)(
  'an overlay that is %s is set aside, and every connector holds',
  async ([, damage, why]) => {
    const { open, folder } = makeStateFolder();
    const path = join(folder, 'overlay.json');
    const before = await open();
    await before.pause('one', { by: 'alice' });
    await before.pause('two', { by: 'alice' });
    await before.close();
    const damaged = damage(readFileSync(path, 'utf8'));
    writeFileSync(path, damaged);

    const owner = await open();

    const setAside = readdirSync(folder).filter((name) => name.startsWith('overlay.corrupt-'));
    expect(setAside).toEqual(['overlay.corrupt-20251009T085320000Z.json']);
    expect(readFileSync(join(folder, setAside[0]!), 'utf8')).toBe(damaged);
    expect(owner.problems()).toEqual([expect.stringMatching(why)]);
    expect(owner.problems()[0]).toContain('review, then `sluice resume <id>` or `sluice resume --all`');
    expect(owner.pauseOf('never-paused', BEHAVIOUR)).toMatchObject({
      kind: 'manual',
      by: 'sluice',
      reason: expect.stringMatching(why),
    });

    await owner.resume('never-paused', { by: 'bob' });
    expect(owner.pauseOf('never-paused', BEHAVIOUR)).toBeNull();
    expect(owner.pauseOf('two', BEHAVIOUR)).not.toBeNull();
    await owner.close();

    const restarted = await open();
    expect(restarted.pauseOf('never-paused', BEHAVIOUR)).toBeNull();
    expect(restarted.pauseOf('two', BEHAVIOUR)).not.toBeNull();
    expect(restarted.problems()).toHaveLength(1);
    await restarted.resume('*', { by: 'bob' });
    expect(restarted.pauseOf('two', BEHAVIOUR)).toBeNull();
    expect(restarted.problems()).toEqual([]);
  },
);

test('an overlay that is gone, although there was one, is no reason to let everything through', async () => {
  const { open, folder } = makeStateFolder();
  const before = await open();
  await before.pause('one', { by: 'alice' });
  await before.pause('two', { by: 'alice' });
  await before.close();
  rmSync(join(folder, 'overlay.json'));

  const owner = await open();

  expect(owner.pauseOf('three', BEHAVIOUR)).not.toBeNull();
  // The generation before still tells who paused what.
  expect(owner.pauses()).toMatchObject([{ connector: 'one', by: 'alice' }]);
});

test('a disk that cannot read the overlay: every connector holds, and the file is not overwritten', async () => {
  const { open, folder, fileSystem, clock } = makeStateFolder();
  const path = join(folder, 'overlay.json');
  const before = await open();
  await before.pause('one', { by: 'alice' });
  await before.close();
  const text = readFileSync(path, 'utf8');
  fileSystem.fault = (call, at) =>
    at.startsWith(path) && (call === 'read' || call === 'rename') ? 'EIO' : null;

  const owner = await open();

  expect(owner.pauseOf('two', BEHAVIOUR)).not.toBeNull();
  expect(owner.problems()).toHaveLength(2);
  expect(readFileSync(path, 'utf8')).toBe(text);

  fileSystem.fault = () => null;
  await clock.advance(1000);

  expect(owner.problems()).toHaveLength(1);
  const setAside = readdirSync(folder).find((name) => name.startsWith('overlay.corrupt-'));
  expect(readFileSync(join(folder, setAside!), 'utf8')).toBe(text);
});

test('what cannot be written is tried again by itself', async () => {
  const { open, fileSystem, clock } = makeStateFolder();
  const owner = await open();
  fileSystem.fault = () => 'ENOSPC';

  expect(await owner.pause('one', { by: 'alice' })).toEqual({
    ok: false,
    reason: 'overlay.json cannot be written: the disk is full (ENOSPC)',
  });
  expect(owner.pauseOf('one', BEHAVIOUR)).not.toBeNull();
  await clock.advance(10_000);
  expect(owner.problems()).not.toEqual([]);

  fileSystem.fault = () => null;
  await clock.advance(30_000);

  expect(owner.problems()).toEqual([]);
  await owner.close();
  expect((await open()).pauseOf('one', BEHAVIOUR)).not.toBeNull();
});

test('many changes at once share the writes', async () => {
  const { open, fileSystem } = makeStateFolder();
  const owner = await open();
  const before = fileSystem.calls.length;
  await Promise.all(
    Array.from({ length: 100 }, (_, number) => owner.pause(`connector-${number}`, { by: 'alice' })),
  );
  expect(owner.pauses()).toHaveLength(100);
  const writes = fileSystem.calls
    .slice(before)
    .filter(({ call, path }) => call === 'rename' && path.includes('overlay.json'));
  expect(writes).toHaveLength(2);
});

test('leftovers of interrupted writes are removed', async () => {
  const { open, folder } = makeStateFolder();
  await (await open()).close();
  writeFileSync(join(folder, 'overlay.json.0123456789ab.tmp'), '{');
  await open();
  expect(readdirSync(folder)).not.toContain('overlay.json.0123456789ab.tmp');
});
