/** A state folder that is deleted while a runtime runs on it, with a second runtime or without one. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, until } from './running.ts';

function makeFolder(): Folder {
  const folder = new Folder();
  onTestFinished(() => folder.remove());
  return folder;
}

const ready = async (running: Awaited<ReturnType<Folder['start']>>): Promise<number> =>
  (await running.admin('GET', '/readyz')).status;

test('the folder is written again, so that the command line finds the runtime, and says that it was deleted', async () => {
  const folder = makeFolder();
  const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
  await running.admin('POST', '/connectors/one/pause', { by: 'ada', reason: 'looks odd' });
  const { adminToken, adminUrl } = running.runtime;
  rmSync(folder.state, { recursive: true });

  await until(async () => (await running.runtime.status()).state.problems.join().includes('was deleted'));
  await until(() => {
    try {
      return readFileSync(join(folder.state, 'admin-address'), 'utf8').trim() === adminUrl;
    } catch {
      return false;
    }
  });
  expect(readFileSync(join(folder.state, 'admin-token'), 'utf8').trim()).toBe(adminToken);
  expect(readFileSync(join(folder.state, 'overlay.json'), 'utf8')).toContain('looks odd');
  expect(await ready(running)).toBe(200);
  expect((await running.post('one', { user: 'u1', amount: 1 })).body).toMatchObject({ outcome: 'held' });
});

test('a second runtime on it makes the first stop: it is not ready, and delivers and sends nothing', async () => {
  const folder = makeFolder();
  const first = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
  rmSync(folder.state, { recursive: true });
  const second = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });

  await until(async () => (await ready(first)) === 503);
  expect(await first.post('one', { user: 'u1', amount: 1 })).toMatchObject({ status: 503 });
  const { problems } = await first.runtime.status();
  expect(problems[0]).toMatchObject({ what: expect.stringContaining('taken over'), needsPerson: true });
  expect(await first.admin('POST', '/held/replay', { connector: 'one', by: 'ada' })).toMatchObject({
    status: 503,
  });
  expect((await second.post('one', { user: 'u1', amount: 1 })).status).toBe(202);
  expect(await ready(second)).toBe(200);
});
