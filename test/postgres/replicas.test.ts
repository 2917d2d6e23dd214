// What only several owners of one state can get wrong.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openStateOwner } from '../../src/runtime/state/files/open-state-owner.ts';
import { openPostgresOwner } from '../../src/runtime/state/postgres/open-postgres-owner.ts';
import type { NewHold } from '../../src/runtime/state/state.ts';
import type { StateOwner } from '../../src/runtime/state/state-owner.ts';
import { BEHAVIOUR, CONNECTOR, makeHold, makeRequest } from '../runtime/state/example-hold.ts';
import { makeTemporaryFolder } from '../runtime/state/temporary-folder.ts';
import { openReplica, until } from './open-replica.ts';
import { addressOf, POSTGRES, type PostgresServer, query, startPostgres } from './postgres-server.ts';
import { startProxy, type TestProxy } from './proxy.ts';

let server: PostgresServer;

/** Two replicas on one database, the second one behind a proxy. */
async function openTwo(): Promise<{ url: string; one: StateOwner; two: StateOwner; proxy: TestProxy }> {
  const url = await server.makeDatabase();
  const proxy = await startProxy(server.port);
  onTestFinished(() => proxy.close());
  const one = await openReplica(url);
  const two = await openReplica(url.replace(`:${server.port}/`, `:${proxy.port}/`), { replica: 'two' });
  return { url, one, two, proxy };
}

async function openFolder(folder: string): Promise<StateOwner> {
  const opened = await openStateOwner({ folder });
  if (!opened.ok) throw new Error(opened.message);
  return opened.owner;
}

const isPaused = (owner: StateOwner): boolean => owner.pauseOf(CONNECTOR, BEHAVIOUR) !== null;
const count = async (url: string): Promise<number> =>
  (await query<{ count: number }>(url, 'select count(*)::int as count from sluice.holds'))[0]?.count ?? 0;

describe.skipIf(POSTGRES === null)('replicas that share a database', () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  test('a pause, an automatic one and a resume on one hold on the other', async () => {
    const { one, two } = await openTwo();
    await one.pause(CONNECTOR, { by: 'alice' });
    await until(() => isPaused(two));
    await two.resume(CONNECTOR, { by: 'bob' });
    expect(isPaused(two)).toBe(false);
    await until(() => !isPaused(one));
    expect(one.history().map(({ action, by }) => [action, by])).toEqual([
      ['pause', 'alice'],
      ['resume', 'bob'],
    ]);
    const hold = makeHold();
    await two.keep(hold);
    await until(() => isPaused(one));
    expect(one.pauseOf(CONNECTOR, BEHAVIOUR)).toMatchObject({ kind: 'auto', requestId: hold.requestId });
  });

  test('requests in a row are counted over all replicas, and what fits on one ends the row for all', async () => {
    const { one, two } = await openTwo();
    const keep = (owner: StateOwner) => owner.keep(makeHold({ grade: 'hold', pauseAfter: 3 }));
    expect(await keep(one)).toMatchObject({ paused: false });
    expect(await keep(two)).toMatchObject({ paused: false });
    one.fitted(CONNECTOR, true);
    expect(await keep(one)).toMatchObject({ paused: false });
    expect(await keep(two)).toMatchObject({ paused: false });
    expect(await keep(one)).toMatchObject({ paused: true });
    await until(() => isPaused(two));
  });

  test('a retry that reaches another replica is counted, and an event pauses once for all', async () => {
    const { one, two } = await openTwo();
    const hold = makeHold();
    const kept = await one.keep(hold);
    if (!kept.ok) throw new Error(kept.reason);
    await two.resume(CONNECTOR, { by: 'alice' });
    expect(await two.keep({ ...hold, requestId: 'req_retry' })).toEqual({
      ok: true,
      holdId: kept.holdId,
      added: false,
      paused: false,
    });
    await until(() => one.holds.summary(kept.holdId)?.count === 2);
  });

  test('what one holds, changes and removes shows on the other', async () => {
    const { one, two } = await openTwo();
    const ids: string[] = [];
    for (const grade of ['none', 'none'] as const) {
      const kept = await one.keep(makeHold({ grade }));
      if (kept.ok) ids.push(kept.holdId);
    }
    const [first = '', second = ''] = ids;
    await until(() => two.holds.counts(CONNECTOR).count === 2);
    expect(await two.holds.update(first, { message: 'looked at' })).toEqual({ ok: true });
    expect(await two.holds.remove(second)).toEqual({ ok: true });
    await until(
      () => one.holds.summary(first)?.message === 'looked at' && one.holds.summary(second) === null,
    );
    expect(await one.holds.get(second)).toBeNull();
  });

  test('any replica may fill a capture window, one of them once', async () => {
    const { one, two } = await openTwo();
    await one.openCapture(CONNECTOR, 60);
    await until(() => two.captureWindowOf(CONNECTOR, Date.now()) !== null);
    const captured = await Promise.all(
      [one, two, one, two].map((owner) => owner.capture(CONNECTOR, makeRequest(), Date.now())),
    );
    expect(captured.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await two.captureStatus(CONNECTOR)).latest).not.toBeNull();
    await until(() => two.captureWindowOf(CONNECTOR, Date.now()) === null);
  });

  test.each(['commit', 'insert into sluice.holds'])(
    'a connection that is cut after "%s", before the answer, keeps the request once',
    async (text) => {
      const { url, two, proxy } = await openTwo();
      const hold = makeHold({ sourceId: null, grade: text === 'commit' ? 'hold' : 'none' });
      proxy.cutAfter(text);
      expect(await two.keep(hold)).toMatchObject({ ok: true, added: true });
      expect(await count(url)).toBe(1);
      expect(two.holds.list().holds).toMatchObject([{ count: 1 }]);
      // It counts once in a row, too.
      const [connector] = await query<{ streak: string | null }>(url, 'select streak from sluice.connectors');
      expect(JSON.parse(connector?.streak ?? '{"events":[]}').events).toHaveLength(text === 'commit' ? 1 : 0);
    },
  );

  test('a pause is heard of after connections were cut, and after the network died without a word', async () => {
    const { url, one, two, proxy } = await openTwo();
    await query(
      url,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'sluice %'`,
    );
    await one.pause(CONNECTOR, { by: 'alice' });
    await until(() => isPaused(two));
    proxy.stall();
    await one.resume(CONNECTOR, { by: 'alice' });
    // It goes by what it knew, until it notices.
    expect(isPaused(two)).toBe(true);
    expect(two.isOurs()).toBe(true);
    await until(() => two.problems().length > 0);
    expect(two.problems()[0]).toContain('cannot be reached');
    proxy.pass();
    await until(() => !isPaused(two));
    expect(two.problems()).toEqual([]);
  });

  test('while the database is away nothing is kept, and the last pauses apply as long as they were told to', async () => {
    const url = await server.makeDatabase();
    const proxy = await startProxy(server.port);
    let now = 0;
    const owner = await openReplica(url.replace(`:${server.port}/`, `:${proxy.port}/`), {
      staleAfterMs: 60_000,
      monotonicNow: () => now + performance.now(),
    });
    await owner.pause(CONNECTOR, { by: 'alice' });
    await proxy.close();
    await until(() => owner.problems().length > 0);
    expect(await owner.keep(makeHold())).toMatchObject({
      ok: false,
      reason: expect.stringContaining('cannot be reached'),
    });
    expect(await owner.resume(CONNECTOR, { by: 'alice' })).toMatchObject({ ok: false, isUndone: true });
    expect(isPaused(owner)).toBe(true);
    expect(owner.isOurs()).toBe(true);
    now += 60_000;
    expect(owner.isOurs()).toBe(false);
    expect(owner.problems()[0]).toContain('nothing is delivered any more');
  });

  test('a database that is away for a moment is waited for', async () => {
    const url = await server.makeDatabase();
    let later = 0;
    const owner = await openReplica(url, { monotonicNow: () => later + performance.now() });
    // It has run for longer than it waits.
    later = 60_000;
    await server.kill();
    const keeping = owner.keep(makeHold());
    await server.start();
    expect(await keeping).toMatchObject({ ok: true, added: true, paused: true });
    expect(await count(url)).toBe(1);
  });

  test('what must be kept while the database is away lies in the spool, pauses there, and moves once', async () => {
    const url = await server.makeDatabase();
    const spool = makeTemporaryFolder();
    const other = await openReplica(url);
    const owner = await openReplica(url, { spool: await openFolder(spool) });
    await server.kill();
    onTestFinished(() => server.start().catch(() => {}));
    await until(() => owner.database()?.isUp === false);
    const holds = [1, 2].map(() => makeHold({ grade: 'hold', pauseAfter: 2 }));
    for (const [index, hold] of holds.entries())
      expect(await owner.keep(hold)).toMatchObject({ ok: true, added: true, paused: index === 1 });
    expect(await owner.keep({ ...(holds[0] as NewHold), requestId: 'req_retry' })).toMatchObject({
      added: false,
    });
    expect(isPaused(owner)).toBe(true);
    expect(owner.database()).toEqual({ isUp: false, spooled: 2 });
    expect(owner.problems().join()).toContain('2 held requests lie in the spool');
    // A restart comes between, while the database is still away.
    await owner.close();
    const again = await openReplica(url, { spool: await openFolder(spool) });
    expect(again.isOurs()).toBe(false);
    await server.start();
    await until(() => isPaused(other) && isPaused(again) && again.database()?.spooled === 0);
    await until(() => other.holds.list().total === 2);
    expect(other.holds.list().holds.map(({ count }) => count)).toEqual([2, 1]);
    expect(other.pauseOf(CONNECTOR, BEHAVIOUR)).toMatchObject({ requestId: holds[1]?.requestId });
    expect(again.problems()).toEqual([]);
    // Stopped after the database had it, before it was gone from the spool: it is known.
    expect(await count(url)).toBe(2);
  });

  test('a request that comes out of the spool after an operator has resumed does not pause again', async () => {
    const url = await server.makeDatabase();
    const proxy = await startProxy(server.port);
    onTestFinished(() => proxy.close());
    const one = await openReplica(url);
    const two = await openReplica(url.replace(`:${server.port}/`, `:${proxy.port}/`), {
      spool: await openFolder(makeTemporaryFolder()),
    });
    proxy.stall();
    await until(() => two.database()?.isUp === false);
    expect(await two.keep(makeHold())).toMatchObject({ ok: true, paused: true });
    await one.resume(CONNECTOR, { by: 'alice' });
    proxy.pass();
    await until(() => one.holds.list().total === 1 && two.database()?.spooled === 0);
    await Promise.all([one.check(), two.check()]);
    expect([isPaused(one), isPaused(two)]).toEqual([false, false]);
  });

  test('a replica that has never read the pauses is not sure of anything, and goes on when the database comes', async () => {
    const url = await server.makeDatabase();
    await server.kill();
    onTestFinished(() => server.start().catch(() => {}));
    const owner = await openReplica(url);
    expect(owner.isOurs()).toBe(false);
    expect(owner.problems()[0]).toContain('was not reached yet');
    await server.start();
    await until(() => owner.isOurs());
    expect(owner.problems()).toEqual([]);
  });

  test('a replica does not start where it could not keep its promises', async () => {
    const url = await server.makeDatabase();
    const open = async (at: string): Promise<string> => {
      const local = await openStateOwner({ folder: makeTemporaryFolder() });
      if (!local.ok) throw new Error(local.message);
      const opened = await openPostgresOwner({
        address: addressOf(at),
        replica: 'replica',
        local: local.owner,
        staleAfterMs: 300_000,
      });
      if (!opened.ok) return opened.message;
      await opened.owner.close();
      return '';
    };
    expect(await open(url)).toBe('');
    await query(url, 'alter role sluice in database postgres set synchronous_commit = off');
    const other = url.replace(/\/[^/]+$/, '/postgres');
    expect(await open(other)).toContain('synchronous_commit is off');
    await query(other, 'alter role sluice in database postgres reset synchronous_commit');
    expect(await open(other)).toContain('run `sluice database migrate`');
    await query(url, `insert into sluice.migrations values (1000, 'of the future', 1000)`);
    expect(await open(url)).toContain('use a newer version of Sluice');
  });

  test('a sequence that one replica has accepted is the least for all', async () => {
    const { one, two } = await openTwo();
    expect(two.bundles.highestSequence()).toBeNull();
    expect(await one.bundles.raiseSequence(10, 'digest-of-ten')).toEqual({ ok: true });
    await two.bundles.refresh();
    expect([two.bundles.highestSequence(), two.bundles.highestDigest()]).toEqual([10, 'digest-of-ten']);
    expect(await two.bundles.raiseSequence(9, 'digest-of-nine')).toEqual({ ok: true });
    await one.bundles.refresh();
    expect([one.bundles.highestSequence(), one.bundles.highestDigest()]).toEqual([10, 'digest-of-ten']);
  });

  test('requests that are delivered ask the database nothing', async () => {
    const { one, two, proxy } = await openTwo();
    await one.keep(makeHold({ grade: 'hold' }));
    await until(() => two.holds.list().total === 1);
    two.fitted(CONNECTOR, true);
    await two.check();
    const heard = proxy.listen();
    for (let number = 0; number < 1000; number += 1) {
      two.pauseOf(CONNECTOR, BEHAVIOUR);
      two.captureWindowOf(CONNECTOR, Date.now());
      two.fitted(CONNECTOR, true);
      two.drifted(CONNECTOR, [], Date.now());
    }
    // Until it has looked once more, which is all that it says.
    await two.check();
    const statements = heard.said().match(/(select|insert|update|delete|begin)[^\0]*/g) ?? [];
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter((text) => !/pg_snapshot_xmin|sluice\.leases/.test(text))).toEqual([]);
  });

  test('the first of several hosts that takes writes is used', async () => {
    const url = await server.makeDatabase();
    const hosts = `127.0.0.1:1,127.0.0.1:${server.port}`;
    const owner = await openReplica(url.replace(`127.0.0.1:${server.port}`, hosts));
    expect(owner.problems()).toEqual([]);
    expect(await owner.keep(makeHold())).toMatchObject({ ok: true });
  });
});

describe.skipIf(POSTGRES === null)('the work that one replica does for all', () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  test('is one of theirs at a time, goes to another when that ends, and who has lost it changes nothing', async () => {
    const { url, one, two } = await openTwo();
    const events: string[] = [];
    const holdsOf = new Map<string, StateOwner['holds']>();
    const join = (name: string, owner: StateOwner) =>
      owner.whileInCharge({
        start(holds) {
          events.push(`${name} starts`);
          holdsOf.set(name, holds);
        },
        async stop() {
          events.push(`${name} stops`);
        },
      });
    await join('one', one);
    await until(() => events.length === 1);
    await join('two', two);
    const kept = await one.keep(makeHold({ grade: 'none' }));
    const id = kept.ok ? kept.holdId : '';
    expect(await holdsOf.get('one')?.update(id, { attempts: 1 })).toEqual({ ok: true });
    // As if the first one had been stopped for longer than its claim, and the other had been there.
    await query(
      url,
      `update sluice.leases set holder = 'two', number = number + 1, expires_at = now() + interval '20 seconds'`,
    );
    await until(() => events.includes('two starts'));
    expect(await holdsOf.get('one')?.update(id, { attempts: 2 })).toMatchObject({ ok: false });
    expect(await holdsOf.get('one')?.remove(id)).toMatchObject({ ok: false });
    expect(await holdsOf.get('two')?.update(id, { attempts: 3 })).toEqual({ ok: true });
    await until(() => events.includes('one stops'));
    await two.close();
    await until(() => events.at(-1) === 'one starts');
    expect(events.filter((event) => event.endsWith('starts'))).toEqual([
      'one starts',
      'two starts',
      'one starts',
    ]);
  });
});
