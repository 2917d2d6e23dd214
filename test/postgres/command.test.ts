import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { openStateOwner } from '../../src/runtime/state/files/open-state-owner.ts';
import { BEHAVIOUR, CONNECTOR, makeHold, makeUndelivered } from '../runtime/state/example-hold.ts';
import { openReplica, until } from './open-replica.ts';
import { POSTGRES, type PostgresServer, query, startPostgres } from './postgres-server.ts';

async function database(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runProgram(['database', ...argv], { stdout, stderr, env, cwd: tmpdir() });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

test('a database that is none is refused, without its password', async () => {
  expect(await database(['status'])).toMatchObject({
    code: 2,
    stderr: 'no database is named: give --database, or set SLUICE_DATABASE_URL\n',
  });
  const given = 'mysql://sluice:hunter2@db/sluice';
  const refused = await database(['status', '--database', given]);
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is not the URL of a PostgreSQL'),
  });
  expect(refused.stderr).not.toContain('hunter2');
  const away = await database(['status'], {
    SLUICE_DATABASE_URL: 'postgres://sluice:hunter2@127.0.0.1:1/sluice',
  });
  expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining('cannot be used') });
  expect(away.stderr).not.toContain('hunter2');
});

describe.skipIf(POSTGRES === null)('sluice database', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  test('migrate makes the tables once, also when two do it at once; status says what there is', async () => {
    const url = `postgres://sluice@127.0.0.1:${server.port}/bare`;
    await query(url.replace(/bare$/, 'postgres'), 'create database bare template template0');
    expect(await database(['status', '--database', url])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('run `sluice database migrate`'),
    });
    const both = await Promise.all([1, 2].map(() => database(['migrate', '--database', url])));
    expect(both.map(({ stdout }) => stdout).sort()).toEqual([
      'done: 1 first schema\n',
      'the schema is up to date\n',
    ]);
    const replica = await openReplica(url);
    await replica.keep(makeHold());
    const { code, stdout } = await database(['status', '--json'], { SLUICE_DATABASE_URL: url });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: { version: 1, needed: 1, problem: null },
      durability: { synchronousCommit: 'on' },
      replicas: [expect.stringContaining('replica-')],
      held: 1,
      paused: 1,
    });
  });

  test('a replica needs no more rights than the page about databases says', async () => {
    const url = await server.makeDatabase();
    const asOwner = (text: string) => query(url, text);
    await asOwner('create role sluice_runtime login');
    await asOwner('grant usage on schema sluice to sluice_runtime');
    await asOwner('grant select, insert, update, delete on all tables in schema sluice to sluice_runtime');
    await asOwner('revoke insert, update, delete on sluice.migrations from sluice_runtime');
    const replica = await openReplica(url.replace('sluice@', 'sluice_runtime@'));
    const started: string[] = [];
    await replica.whileInCharge({ start: () => void started.push('it'), stop: async () => {} });
    await until(() => started.length > 0);
    const kept = await replica.keep(makeHold());
    expect(kept).toMatchObject({ ok: true, paused: true });
    expect(await replica.setAside(makeHold({ grade: 'none' }))).toMatchObject({ ok: true });
    replica.fitted(CONNECTOR, true);
    expect(await replica.resume('*', { by: 'alice' })).toEqual({ ok: true });
    expect(await replica.openCapture(CONNECTOR)).toMatchObject({ ok: true });
    expect(await replica.capture(CONNECTOR, makeHold().request, Date.now())).toEqual({ ok: true });
    expect(kept.ok && (await replica.holds.update(kept.holdId, { message: 'seen' }))).toEqual({ ok: true });
    expect(kept.ok && (await replica.holds.remove(kept.holdId))).toEqual({ ok: true });
    expect(replica.problems()).toEqual([]);
  });

  test('import moves what one replica kept into the database, and leaves its folder empty', async () => {
    const url = await server.makeDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'sluice-import-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const before = await openStateOwner({ folder });
    if (!before.ok) throw new Error(before.message);
    const { owner } = before;
    const hold = makeHold();
    await owner.keep(hold);
    await owner.keep({ ...hold, requestId: 'req_retry' });
    await owner.keep(makeUndelivered(['flow_1']));
    await owner.setAside(makeHold({ grade: 'none' }));
    await owner.pause('another', { by: 'alice' });
    const holds = owner.holds.list().holds.map(({ id, count }) => [id, count]);
    const whole = await Promise.all(holds.map(([id]) => owner.holds.get(String(id))));
    await owner.close();

    const replica = await openReplica(url);
    const moved = await database(['import', '--state', folder, '--database', url]);
    expect(moved).toMatchObject({
      code: 0,
      stdout: 'moved: 2 held requests, 1 set aside, pauses of 2 connectors\n',
    });

    await until(() => replica.holds.list().total === 2 && replica.asideOf(CONNECTOR) === 1);
    expect(replica.holds.list().holds.map(({ id, count }) => [id, count])).toEqual(holds);
    expect(await Promise.all(holds.map(([id]) => replica.holds.get(String(id))))).toEqual(whole);
    expect(replica.pauseOf(CONNECTOR, BEHAVIOUR)).toMatchObject({ requestId: hold.requestId });
    expect(replica.pauseOf('another', BEHAVIOUR)).toMatchObject({ by: 'alice' });
    expect(await replica.keep({ ...hold, requestId: 'req_again' })).toMatchObject({ added: false });

    const again = await database(['import', '--state', folder, '--database', url]);
    expect(again).toMatchObject({
      code: 0,
      stdout: 'moved: 0 held requests, 0 set aside, pauses of 0 connectors\n',
    });
    expect(readdirSync(join(folder, 'held', CONNECTOR))).toEqual([]);
    const opened = await openReplica(url, {});
    expect(opened.holds.list().total).toBe(2);
  });
});
