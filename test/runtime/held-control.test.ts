/** What operators do with holds, over a real state folder. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import type { ReplayLine } from '../../src/admin-api/answers.ts';
import { createHeldControl } from '../../src/runtime/admin/held-control.ts';
import { makePlan } from '../bundle/make-plan.ts';
import { makeHold } from './state/example-hold.ts';
import { makeStateFolder } from './state/open-owner.ts';
import { makeEvent, makeWorld } from './world.ts';

const LEAKED = 'env:SLUICE_SECRET_LEAKED';

async function start() {
  const { open, clock, fileSystem } = makeStateFolder();
  const owner = await open();
  const world = makeWorld([makePlan({ id: 'orders' }), makePlan({ id: 'refunds' })]);
  const logged: { holdId?: string; by?: string; msg: string }[] = [];
  const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const control = createHeldControl({ owner, replaying: world.deps, log });
  const keep = async (connector: string, user: string, verifiedBy: string | null = null) => {
    await clock.advance(1);
    const body = Buffer.from(JSON.stringify(makeEvent({ id: user, user: { id: user } }))).toString('base64');
    const request = { ...makeHold().request, body };
    const receivedAt = clock.now();
    const kept = await owner.keep(
      makeHold({ connector, grade: 'none', sourceId: user, request, verifiedBy, receivedAt }),
    );
    return kept.ok ? kept.holdId : '';
  };
  const replay = (selection: { ids?: readonly string[]; connector?: string }, more: object = {}) =>
    control.replay(selection, {
      dryRun: false,
      by: 'ada',
      signal: new AbortController().signal,
      ...more,
    });
  const users = () => world.sent.map(({ trigger }) => trigger.targetUserIds[0]);
  /** A request that says another thing, or the same, of an event. */
  const keepSaying = async (id: string, event: Record<string, unknown>) => {
    await clock.advance(1);
    const body = Buffer.from(JSON.stringify({ ...makeEvent({ id }), ...event })).toString('base64');
    const request = { ...makeHold().request, body };
    const kept = await owner.keep(
      makeHold({ connector: 'orders', mode: 'test', grade: 'none', sourceId: id, request }),
    );
    return kept.ok ? kept.holdId : '';
  };
  return { owner, control, world, logged, keep, keepSaying, replay, users, fileSystem };
}

test('chosen by their ids, in whatever order, the oldest goes first and each once', async () => {
  const { keep, replay, users, owner } = await start();
  const [first, second, third] = [
    await keep('orders', 'a'),
    await keep('refunds', 'b'),
    await keep('orders', 'c'),
  ];
  await replay({ ids: [third, first, second, third, 'no such hold'] });
  expect(users()).toEqual(['a', 'b', 'c']);
  expect(owner.holds.counts().count).toBe(0);
});

test('of a connector only its own are replayed, and each leaves a line in the log with the operator', async () => {
  const { keep, replay, users, owner, logged } = await start();
  const first = await keep('orders', 'a');
  await keep('refunds', 'b');
  await replay({ connector: 'orders' });
  expect(users()).toEqual(['a']);
  expect(owner.holds.connectors()).toEqual(['refunds']);
  expect(logged).toMatchObject([{ holdId: first, outcome: 'delivered', by: 'ada' }]);
});

test('two replays at once send nothing twice', async () => {
  const { keep, replay, users } = await start();
  for (const user of ['a', 'b', 'c']) await keep('orders', user);
  await Promise.all([replay({ connector: 'orders' }), replay({ connector: 'orders' })]);
  expect(users()).toEqual(['a', 'b', 'c']);
});

test('tells how many there are, and each result as it comes', async () => {
  const { keep, replay, users } = await start();
  for (const user of ['a', 'b']) await keep('orders', user);
  const heard: (ReplayLine | number)[] = [];
  const listener = {
    selected: (total: number) => heard.push({ total }),
    replayed: () => heard.push(users().length),
  };
  await replay({ connector: 'orders' }, { listener });
  expect(heard).toEqual([{ total: 2 }, 1, 2]);
});

test('goes on when its listener has taken a result, and keeps none that it took', async () => {
  const { keep, replay, users } = await start();
  for (const user of ['a', 'b']) await keep('orders', user);
  const [heard, taken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const listener = {
    selected: () => {},
    replayed: () => {
      heard.resolve();
      return taken.promise;
    },
  };
  const replaying = replay({ connector: 'orders' }, { listener });
  await heard.promise;
  // Turns of the event loop in which the next one would be on its way.
  for (let turn = 0; turn < 20; turn += 1) await nextTurn();
  expect(users()).toEqual(['a']);
  taken.resolve();
  expect(await replaying).toEqual({ ok: true, value: { results: [] } });
  expect(users()).toEqual(['a', 'b']);
});

test('ends between two holds when nobody waits for it any more, and goes on when it is asked again', async () => {
  const { keep, replay, users } = await start();
  for (const user of ['a', 'b', 'c']) await keep('orders', user);
  const gone = new AbortController();
  const listener = { selected: () => {}, replayed: () => gone.abort() };
  await replay({ connector: 'orders' }, { listener, signal: gone.signal });
  expect(users()).toEqual(['a']);
  await replay({ connector: 'orders' });
  expect(users()).toEqual(['a', 'b', 'c']);
});

const DROP = { by: 'ada', dryRun: false };

test('what a leaked secret let in is dropped, of all connectors or of one, and nothing else', async () => {
  const { keep, control, owner, logged } = await start();
  await keep('orders', 'a', LEAKED);
  const genuine = await keep('orders', 'b', 'env:SLUICE_SECRET_OTHER');
  const refund = await keep('refunds', 'c', LEAKED);
  const unproven = await keep('refunds', 'd');
  const tried = await control.discard({ verifiedBy: LEAKED }, { by: 'ada', dryRun: true });
  expect(tried).toMatchObject({ value: { discarded: 0, chosen: [{ connector: 'orders' }, { id: refund }] } });
  expect(await control.discard({ verifiedBy: LEAKED, connector: 'orders' }, DROP)).toMatchObject({
    value: { discarded: 1 },
  });
  expect(owner.holds.list().holds.map(({ id }) => id)).toEqual([genuine, refund, unproven]);
  expect(await control.discard({ verifiedBy: LEAKED, ids: [genuine, unproven] }, DROP)).toMatchObject({
    value: { discarded: 0 },
  });
  expect(await control.discard({ verifiedBy: LEAKED }, DROP)).toMatchObject({ value: { discarded: 1 } });
  expect(owner.holds.list().holds.map(({ id }) => id)).toEqual([genuine, unproven]);
  expect(logged.map(({ by, msg }) => [by, msg])).toEqual(
    Array(2).fill(['ada', 'an operator discarded a held request']),
  );
});

test('pages of a list begin after a hold', async () => {
  const { keep, control } = await start();
  const ids = [await keep('orders', 'a'), await keep('orders', 'b'), await keep('orders', 'c')];
  const page = await control.holds({ connector: 'orders', after: ids[0] as string, limit: 1 });
  expect(page).toMatchObject({ value: { holds: [{ id: ids[1] }] } });
});

describe('several requests of one event', () => {
  const to = (user: string) => ({ user: { id: user } });
  const wrong = { user: null };

  test('the newest that passes is sent, the others stay and say so', async () => {
    const { keepSaying, replay, users, owner } = await start();
    const first = await keepSaying('evt', to('a'));
    const second = await keepSaying('evt', to('b'));
    const third = await keepSaying('evt', wrong);

    const replayed = await replay({ connector: 'orders' });

    expect(users()).toEqual(['b']);
    expect(replayed).toMatchObject({
      value: {
        results: [
          { id: first, outcome: 'refused', code: 'superseded', message: expect.stringContaining(second) },
          { id: second, outcome: 'delivered' },
          { id: third, outcome: 'refused', code: 'superseded' },
        ],
      },
    });
    expect(owner.holds.list().holds).toMatchObject([
      { id: first, code: 'superseded' },
      { id: third, code: 'superseded' },
    ]);
    await replay({ connector: 'orders' });
    expect(users()).toEqual(['b']);
  });

  test('an older one that is named alone is not sent in the place of a newer one', async () => {
    const { keepSaying, replay, users, owner } = await start();
    const first = await keepSaying('evt', to('a'));
    await keepSaying('evt', to('b'));
    expect(await replay({ ids: [first] })).toMatchObject({
      value: { results: [{ outcome: 'refused', code: 'superseded' }] },
    });
    expect(users()).toEqual([]);
    expect(owner.holds.summary(first)?.code).toBe('shape-changed');
  });

  test('with each, all are sent, and no two under one id', async () => {
    const { keepSaying, replay, users, owner, world } = await start();
    await keepSaying('evt', to('a'));
    await keepSaying('evt', to('b'));
    await keepSaying('alone', to('c'));
    const dry = await replay({ connector: 'orders' }, { each: true, dryRun: true });
    const planned = dry.ok
      ? dry.value.results.flatMap(({ triggers = [] }) => triggers.map((one) => one.flowInvocationId))
      : [];
    await replay({ connector: 'orders' }, { each: true });
    expect(users()).toEqual(['a', 'b', 'c']);
    const ids = world.sent.map(({ flowInvocationId }) => flowInvocationId);
    expect(new Set(ids).size).toBe(3);
    expect(world.sent.map(({ trigger }) => trigger.flowInvocationId)).toEqual(ids);
    expect(planned[0]).toBe(ids[0]);
    expect(owner.holds.counts().count).toBe(0);
  });

  test('one that was superseded is sent under an id of its own, also when the target takes it only later', async () => {
    const { keepSaying, replay, world, owner } = await start();
    const first = await keepSaying('evt', to('a'));
    await keepSaying('evt', to('b'));
    await replay({ connector: 'orders' });
    world.target.answer = () => ({ ok: false, retry: true, reason: 'down' });
    await replay({ ids: [first] }, { each: true });
    const hold = await owner.holds.get(first);
    expect(hold).toMatchObject({ code: 'undelivered', ownEvent: true });
    expect(hold?.triggers[0]?.flowInvocationId).not.toBe(world.sent[0]?.flowInvocationId);

    world.target.answer = () => ({ ok: true });
    await replay({ ids: [first] });
    expect(world.sent[1]?.flowInvocationId).toBe(hold?.triggers[0]?.flowInvocationId);
  });

  test('a disk on which that cannot be noted keeps anything from being sent', async () => {
    const { keepSaying, replay, users, fileSystem } = await start();
    await keepSaying('evt', wrong);
    await keepSaying('evt', to('b'));
    fileSystem.fault = (call) => (call === 'write' ? 'ENOSPC' : null);
    expect(await replay({ connector: 'orders' })).toMatchObject({
      value: { results: [{}, { outcome: 'refused', code: 'state-unavailable' }] },
    });
    expect(users()).toEqual([]);
  });
});

test("what somebody's data is in is found by a value of its body, and dropped", async () => {
  const { control, keep, keepSaying, owner } = await start();
  const [first, second] = [await keep('orders', 'u1'), await keep('refunds', 'u1')];
  await keep('orders', 'u10');
  const big = await keepSaying('e1', {
    customer: 12345678901234567890n.toString(),
    list: [{ n: 1 }, { n: 2 }],
  });
  const chosen = async (match: string, connector?: string) => {
    const choice = connector === undefined ? { match } : { match, connector };
    const tried = await control.discard(choice, { by: 'ada', dryRun: true });
    return tried.ok ? tried.value.chosen?.map(({ id }) => id) : tried.problem.detail;
  };
  expect(await chosen('$.user.id=u1')).toEqual([first, second]);
  expect(await chosen('$.user.id=u1', 'refunds')).toEqual([second]);
  expect(await chosen('$.list[*].n=2')).toEqual([big]);
  expect(await chosen('$.customer=12345678901234567890')).toEqual([big]);
  expect(await chosen('$.nobody=u1')).toEqual([]);
  expect(await chosen('user.id')).toContain('give a path and a value');
  expect(await chosen('$.list[?(@.n==2)]=2')).toContain('is no path');
  expect(await control.discard({ match: '$.user.id=u1' }, DROP)).toMatchObject({ value: { discarded: 2 } });
  expect(owner.holds.list().total).toBe(2);
});
