/** A disk that is really full, and one that is really read-only: a small file system in memory, where it may be mounted. */
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, type TestContext, test } from 'vitest';
import { bundleOf, planOf } from '../runtime/bundles.ts';
import { Folder } from '../runtime/running.ts';
import { ok, startServer } from '../runtime/targets/recording-server.ts';

const bundle = bundleOf([planOf({ id: 'one', status: 'live' }), planOf({ id: 'two', status: 'live' })]);

let folder: Folder;
const mounted: string[] = [];

beforeEach(() => {
  folder = new Folder();
});
afterEach(async () => {
  for (const path of mounted) spawnSync('mount', ['-o', 'remount,rw', path]);
  await folder.remove().catch(() => {});
  for (const path of mounted.splice(0).reverse()) spawnSync('umount', ['-l', path]);
  rmSync(folder.path, { recursive: true, force: true });
});

/** Mounts a megabyte as the state folder, or says aloud why this test proves nothing here. */
function mountState(context: TestContext): void {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const why = isRoot ? tryMount(folder.state) : 'only root on Linux may mount';
  if (why === null) return;
  const said = `NOT TESTED: "${context.task.name}", as no small file system can be mounted here: ${why}`;
  process.stderr.write(`\n${said}\n`);
  context.skip(said);
}

function tryMount(path: string): string | null {
  mkdirSync(path, { recursive: true });
  // A state folder that others may write to is refused.
  const options = 'size=1m,mode=0700';
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { encoding: 'utf8' });
  if (mount.status !== 0) return mount.error?.message ?? mount.stderr.trim();
  mounted.push(path);
  return null;
}

/** Takes all the room there is. Returns how to give it back. */
function fill(path: string): () => void {
  const file = join(path, 'filler');
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4096, 1);
  try {
    for (;;) writeSync(descriptor, page);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(descriptor);
  }
  return () => rmSync(file);
}

function triggers(): {
  readonly connector: string;
  readonly trigger: { readonly targetUserIds: string[] };
}[] {
  try {
    const text = readFileSync(join(folder.state, 'triggers.ndjson'), 'utf8');
    return text
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

test('while the disk is full nothing is acknowledged; with room again all goes on, without a restart', async (context) => {
  mountState(context);
  const running = await folder.start({ bundle });
  const giveBack = fill(folder.state);

  // Neither the target nor a hold can take it.
  const good = await running.post('one', { user: 'u1', amount: 1 });
  expect(good).toMatchObject({ status: 503, body: { code: 'state-unavailable' } });
  const broken = await running.post('two', { user: 7, amount: 1 });
  expect(broken).toMatchObject({ status: 503, body: { code: 'state-unavailable' } });
  expect(triggers()).toEqual([]);
  expect(await running.statusOf('one')).toMatchObject({ held: { total: 0 } });
  // It restricts at once, and says that a restart would forget it.
  expect(await running.statusOf('two')).toMatchObject({ held: { total: 0 }, paused: { kind: 'auto' } });
  expect((await running.runtime.status()).state.problems.join()).toContain('the disk is full (ENOSPC)');

  giveBack();
  // The senders send again what was not acknowledged.
  expect(await running.post('one', { user: 'u1', amount: 1 })).toMatchObject({
    status: 202,
    body: { outcome: 'delivered' },
  });
  expect(await running.post('two', { user: 7, amount: 1 })).toMatchObject({
    status: 202,
    body: { outcome: 'held', code: 'paused' },
  });
  expect(triggers().map(({ connector, trigger }) => [connector, ...trigger.targetUserIds])).toEqual([
    ['one', 'u1'],
  ]);
  await running.until(async () => (await running.runtime.status()).state.problems.length === 0);

  await running.runtime.close();
  const again = await folder.start({ bundle });
  expect(await again.statusOf('two')).toMatchObject({ held: { total: 1 }, paused: { kind: 'auto' } });
});

test('what was held before the disk was full is there afterwards, and can be replayed', async (context) => {
  mountState(context);
  const running = await folder.start({ bundle });
  await running.admin('POST', '/connectors/one/pause', { by: 'alice' });
  expect(await running.post('one', { user: 'u1', amount: 1 })).toMatchObject({ status: 202 });
  const giveBack = fill(folder.state);
  expect(await running.post('one', { user: 'u2', amount: 1 })).toMatchObject({ status: 503 });
  // A pause that cannot be lifted durably is said to be so.
  expect((await running.admin('POST', '/connectors/one/resume', { by: 'alice' })).status).toBe(503);
  giveBack();
  await running.admin('POST', '/connectors/one/resume', { by: 'alice' });
  const replayed = await running.admin('POST', '/held/replay', { connector: 'one', by: 'alice' });
  expect(replayed.body).toMatchObject({ results: [{ outcome: 'delivered' }] });
  expect(triggers().map(({ trigger }) => trigger.targetUserIds)).toEqual([['u1']]);
  expect((await running.statusOf('one')).held.total).toBe(0);
});

test('a start on a full disk serves what fits and what is paused, and keeps again once there is room', async (context) => {
  mountState(context);
  const target = await startServer(ok);
  onTestFinished(() => target.close());
  const http = {
    bundle,
    flags: { target: 'http', targetUrl: `${target.origin}/hook` },
    env: { SLUICE_TARGET_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}` },
  };
  const before = await folder.start(http);
  await before.admin('POST', '/connectors/two/pause', { by: 'alice' });
  await before.runtime.close();
  const giveBack = fill(folder.state);

  const running = await folder.start(http);
  expect(await running.post('one', { user: 'u1', amount: 1 })).toMatchObject({ status: 202 });
  expect(target.requests).toHaveLength(1);
  for (const [connector, body] of [
    ['one', { amount: 1 }],
    ['two', { user: 'u2', amount: 1 }],
  ] as const)
    expect(await running.post(connector, body)).toMatchObject({
      status: 503,
      body: { code: 'state-unavailable' },
    });
  expect((await running.runtime.status()).state.problems.join()).toContain('the disk is full (ENOSPC)');

  giveBack();
  await running.until(async () => (await running.post('two', { user: 'u2', amount: 1 })).status === 202);
  expect(await running.statusOf('two')).toMatchObject({ held: { total: 1 }, paused: { kind: 'manual' } });
  expect(target.requests).toHaveLength(1);
});

test('while the folders are read-only nothing is acknowledged that must be kept; afterwards all goes on', async (context) => {
  mountState(context);
  const target = await startServer(ok);
  onTestFinished(() => target.close());
  const running = await folder.start({
    bundle,
    flags: { target: 'http', targetUrl: `${target.origin}/hook` },
    env: { SLUICE_TARGET_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}` },
  });
  // The lock keeps a file of the folder itself open, which no mount may take away: its entries are frozen instead.
  const held = join(folder.state, 'held');
  const why = tryMount(held);
  if (why !== null) throw new Error(why);
  const freeze = (on: boolean): void => {
    expect(spawnSync('mount', ['-o', on ? 'remount,ro' : 'remount,rw', held]).status).toBe(0);
    spawnSync('chattr', [on ? '+i' : '-i', folder.state]);
  };
  freeze(true);
  try {
    expect(await running.post('one', { user: 7, amount: 1 })).toMatchObject({
      status: 503,
      body: { code: 'state-unavailable' },
    });
    expect(await running.statusOf('one')).toMatchObject({ held: { total: 0 }, paused: { kind: 'auto' } });
    expect(await running.post('two', { user: 'u2', amount: 1 })).toMatchObject({ status: 202 });
    expect(target.requests).toHaveLength(1);
  } finally {
    freeze(false);
  }
  expect(await running.post('one', { user: 7, amount: 1 })).toMatchObject({
    status: 202,
    body: { outcome: 'held' },
  });
  await running.until(async () => (await running.runtime.status()).state.problems.length === 0);
});

test('a state folder that cannot be written is refused at the start, with the reason', async (context) => {
  if (process.getuid?.() === 0) {
    mountState(context);
    spawnSync('mount', ['-o', 'remount,ro', folder.state]);
  } else {
    mkdirSync(folder.state);
    chmodSync(folder.state, 0o500);
  }
  const started = await folder.tryStart({ bundle });
  expect(started).toMatchObject({ code: expect.stringContaining('state-') });
  expect('message' in started ? started.message : '').toMatch(
    /the state folder ".+" cannot be used: .+; it must be a folder that this process may write to/,
  );
});
