// Whole runtimes on one database, called over HTTP.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleOf, planOf } from '../runtime/bundles.ts';
import { Folder, type Running, until } from '../runtime/running.ts';
import { POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';

describe.skipIf(POSTGRES === null)('runtimes that share a database', () => {
  const folders = [new Folder(), new Folder()];
  const received: string[] = [];
  let isDown = false;
  let server: PostgresServer;
  let target: Server;
  let one: Running;
  let two: Running;
  let url: string;

  const start = (folder: Folder, bundle: Buffer | string, workers = '1'): Promise<Running> =>
    folder.start({
      ...(typeof bundle === 'string' ? {} : { bundle }),
      flags: {
        target: 'http',
        targetUrl: `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`,
        workers,
        ...(typeof bundle === 'string' ? { bundle } : {}),
      },
      env: {
        SLUICE_TARGET_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
        SLUICE_DATABASE_URL: url,
      },
    });

  beforeAll(async () => {
    server = await startPostgres();
    url = (await server.makeDatabase()).replace('sluice@', 'sluice:a-password-of-mine@');
    target = createServer((request, response) => {
      request.resume();
      if (!isDown) received.push(String(request.headers['webhook-id']));
      response.writeHead(isDown ? 503 : 204).end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => target.once('listening', resolve));
    const bundle = bundleOf([planOf({ id: 'one', status: 'live' }), planOf({ id: 'two', status: 'live' })]);
    one = await start(folders[0] as Folder, bundle);
    two = await start(folders[1] as Folder, bundle);
  });
  afterAll(async () => {
    for (const folder of folders) await folder.remove();
    target.close();
    await server.close();
  });

  test('what is paused through one is held by the other, listed by both, and replayed by either', async () => {
    expect(await two.post('one', { user: 'u1', amount: 1 })).toMatchObject({
      status: 202,
      body: { outcome: 'delivered' },
    });
    await one.admin('POST', '/connectors/one/pause', { by: 'alice', reason: 'a look' });
    await until(async () => (await two.statusOf('one')).paused !== null);
    const held = await two.post('one', { user: 'u2', amount: 1 });
    expect(held).toMatchObject({ status: 202, body: { outcome: 'held', code: 'paused' } });
    await until(async () => (await one.statusOf('one')).held.total === 1);
    await one.admin('POST', '/connectors/one/resume', { by: 'alice' });
    const { body } = await one.admin('POST', '/held/replay', { connector: 'one', by: 'alice' });
    expect(body.results).toMatchObject([{ outcome: 'delivered' }]);
    await until(async () => (await two.statusOf('one')).held.total === 0);
  });

  test('what the target did not take is sent by the replica that has the work, and by the next one when that stops', async () => {
    isDown = true;
    const before = received.length;
    expect(await two.post('two', { user: 'u1', amount: 1 })).toMatchObject({ body: { code: 'undelivered' } });
    await one.runtime.close();
    isDown = false;
    await until(async () => (await two.statusOf('two')).held.total === 0);
    expect(received.length).toBe(before + 1);
  });

  test('worker processes of a replica hear of what another replica pauses', async () => {
    const third = new Folder();
    folders.push(third);
    writeFileSync(third.file('bundle.json'), bundleOf([planOf({ id: 'two', status: 'live' })]));
    const several = await start(third, third.file('bundle.json'), '2');
    expect(await several.post('two', { user: 'u1', amount: 1 })).toMatchObject({
      body: { outcome: 'delivered' },
    });
    await two.admin('POST', '/connectors/two/pause', { by: 'alice' });
    await until(async () => (await several.post('two', { user: 'u2', amount: 1 })).body.outcome === 'held');
    await until(async () => (await two.statusOf('two')).held.total > 0);
  });

  test('the password of the database is in no log line, status or message', async () => {
    const said = JSON.stringify([two.log, two.announced, await two.runtime.status()]);
    expect(said).toContain('postgres://sluice@127.0.0.1');
    expect(said).not.toContain('a-password-of-mine');
  });

  test('a runtime that has not reached its database is not ready, and says why', async () => {
    const alone = new Folder();
    folders.push(alone);
    const running = await alone.start({
      bundle: bundleOf([planOf({ id: 'one', status: 'live' })]),
      env: { SLUICE_DATABASE_URL: 'postgres://sluice@127.0.0.1:1/sluice' },
    });
    expect(await running.admin('GET', '/readyz')).toMatchObject({ status: 503 });
    expect(await running.post('one', { user: 'u1', amount: 1 })).toMatchObject({ status: 503 });
    expect(await running.admin('GET', '/held')).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('was not reached yet') },
    });
    expect((await running.runtime.status()).state.problems[0]).toContain('was not reached yet');
  });

  test('a runtime without a database does not load what talks to it', () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const { startRuntime } = await import('./src/runtime/processes/serve.ts');
      const { readConfig } = await import('./src/runtime/config/config.ts');
      const { config } = readConfig({ port: '0', adminPort: '0', state: process.argv[1], logLevel: 'silent' }, {});
      const { runtime } = await startRuntime(config, { announce() {}, bundle: null });
      await runtime.close();
      console.log(JSON.stringify([loaded.length > 50, loaded.filter((url) => /node_modules.pg|state.postgres/.test(url))]));`;
    const state = (folders[0] as Folder).file('alone');
    const root = join(import.meta.dirname, '../..');
    const args = ['--input-type=module', '--eval', script, state];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
    expect([stderr, JSON.parse(stdout)]).toEqual(['', [true, []]]);
  });
});
