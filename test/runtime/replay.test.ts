import { describe, expect, test } from 'vitest';
import type { Hold } from '../../src/admin-api/records.ts';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import {
  dryRunHold,
  type HoldChange,
  type ReplayDeps,
  replayHold,
} from '../../src/runtime/redelivery/replay.ts';
import { makePlan } from '../bundle/make-plan.ts';
import { makeEvent, makeRequest, makeWorld } from './world.ts';

/** Has a connector of these plans hold this event, and gives the hold and what replaying it needs. */
async function holdEvent(before: Partial<ConnectorPlan>, event: unknown, after: Partial<ConnectorPlan> = {}) {
  const first = makeWorld([makePlan(before)]);
  first.pause('orders', 'under repair');
  await first.pipeline.handle(makeRequest({ json: event }));
  const { grade: _, pauseAfter: __, ...kept } = first.holds[0]!;
  const hold: Hold = { ...kept, format: 1, id: 'hold-1', count: 1, attempts: 0, nextAttemptAt: null };
  return { hold, ...replayWorld(after) };
}

function replayWorld(plan: Partial<ConnectorPlan>) {
  const world = makeWorld([makePlan(plan)]);
  const removed: string[] = [];
  const amended: HoldChange[] = [];
  const deps: ReplayDeps = {
    ...world.deps,
    others: async () => [],
    remove: async ({ id }) => removed.push(id) > 0,
    amend: async (_, change) => amended.push(change) > 0,
  };
  return { world, removed, amended, deps };
}

describe('what is held', () => {
  test('is delivered once and removed after that', async () => {
    const { hold, deps, world, removed } = await holdEvent({}, makeEvent());
    let removedWhenSent = -1;
    world.target.answer = () => {
      removedWhenSent = removed.length;
      return { ok: true };
    };
    expect(await replayHold(hold, deps)).toEqual({ kind: 'delivered', triggers: world.sent, removed: true });
    expect(world.sent).toHaveLength(1);
    expect(removedWhenSent).toBe(0);
    expect(removed).toEqual(['hold-1']);
  });

  test('starts the flow under the id that the request would have had', async () => {
    const { hold, deps, world } = await holdEvent({}, makeEvent());
    await replayHold(hold, deps);
    await world.pipeline.handle(makeRequest({ json: makeEvent() }));
    expect(world.sent[0]?.flowInvocationId).toBe(world.sent[1]?.flowInvocationId);
  });

  test('keeps its own id where events have none', async () => {
    const none = { idempotency: { kind: 'none' } } as const;
    const { hold, deps, world } = await holdEvent(none, makeEvent(), none);
    await replayHold(hold, deps);
    await replayHold(hold, deps);
    expect(world.sent[0]?.flowInvocationId).toBe(world.sent[1]?.flowInvocationId);
  });

  test('is said to be still there when it cannot be removed', async () => {
    const { hold, deps } = await holdEvent({}, makeEvent());
    expect(await replayHold(hold, { ...deps, remove: async () => false })).toMatchObject({
      kind: 'delivered',
      removed: false,
    });
  });

  test('is gone when it is nobody’s business any more', async () => {
    const when = [{ path: '$.type', equals: 'paid', inEverySample: false }];
    const { hold, deps, world, removed } = await holdEvent({}, makeEvent(), { when });
    expect(await replayHold(hold, deps)).toEqual({ kind: 'ignored', code: 'when-differs', removed: true });
    expect(removed).toEqual(['hold-1']);
    expect(world.sent).toEqual([]);
  });
});

describe('modes', () => {
  const modes = [
    { before: 'test', after: 'live', sent: 'test' },
    { before: 'live', after: 'test', sent: 'test' },
    { before: 'live', after: 'live', sent: 'live' },
    { before: 'test', after: 'test', sent: 'test' },
  ] as const;
  test.each(modes)('a $before hold on a now $after connector goes $sent', async ({ before, after, sent }) => {
    const { hold, deps, world } = await holdEvent({ status: before }, makeEvent(), { status: after });
    await replayHold(hold, deps);
    expect(world.sent.map(({ mode }) => mode)).toEqual([sent]);
  });

  test('nothing goes live in a deployment for tests', async () => {
    const { hold, deps, world } = await holdEvent({ status: 'live' }, makeEvent(), { status: 'live' });
    await replayHold(hold, { ...deps, maxMode: 'test' });
    expect(world.sent.map(({ mode }) => mode)).toEqual(['test']);
  });

  test('nor does the provider’s test traffic', async () => {
    const testWhen = { path: '$.amount', equals: 12, inEverySample: true };
    const { hold, deps, world } = await holdEvent({ status: 'live' }, makeEvent(), {
      status: 'live',
      testWhen,
    });
    await replayHold(hold, deps);
    expect(world.sent.map(({ mode }) => mode)).toEqual(['test']);
  });
});

describe('refuses', () => {
  test('a connector that is gone', async () => {
    const { hold, deps } = await holdEvent({}, makeEvent());
    expect(await replayHold(hold, { ...deps, connector: () => undefined })).toMatchObject({
      kind: 'refused',
      code: 'connector-unknown',
    });
  });

  test('a disabled one', async () => {
    const { hold, deps } = await holdEvent({}, makeEvent(), { status: 'disabled' });
    expect(await replayHold(hold, deps)).toMatchObject({ kind: 'refused', code: 'disabled' });
  });

  test('one that cannot be run', async () => {
    const { hold, deps } = await holdEvent({}, makeEvent(), { split: 'no path' });
    expect(await replayHold(hold, deps)).toMatchObject({ kind: 'refused', code: 'connector-broken' });
  });

  test('a paused one, and touches nothing', async () => {
    const { hold, deps, world, removed, amended } = await holdEvent({}, makeEvent());
    world.pause('orders', 'still');
    expect(await replayHold(hold, deps)).toMatchObject({ kind: 'refused', code: 'paused' });
    expect([world.sent, removed, amended]).toEqual([[], [], []]);
  });
});

describe('what fails', () => {
  test('stays held for its new reason, and pauses nothing', async () => {
    const { hold, deps, world, removed, amended } = await holdEvent({}, makeEvent({ user: {} }));
    expect(await replayHold(hold, deps)).toMatchObject({
      kind: 'held',
      code: 'shape-changed',
      amended: true,
    });
    expect(amended).toMatchObject([
      { code: 'shape-changed', differences: [{ path: '$.user.id' }], elements: null, triggers: [] },
    ]);
    expect([world.sent, world.holds, removed]).toEqual([[], [], []]);
    expect(world.isPaused('orders')).toBe(false);
  });

  test('because of a condition stays held too', async () => {
    const when = [{ path: '$.type', equals: 'paid', inEverySample: true }];
    const { hold, deps, amended } = await holdEvent({}, makeEvent(), { when });
    expect(await replayHold(hold, deps)).toMatchObject({ kind: 'held', code: 'when-missing' });
    expect(amended).toMatchObject([{ code: 'when-missing' }]);
  });

  test('because the connector now takes forms stays held too', async () => {
    const { hold, deps } = await holdEvent({}, { url: 'a%zz' }, { body: 'form' });
    expect(await replayHold(hold, deps)).toMatchObject({ kind: 'held', code: 'mapping-failed' });
  });

  test('because the target is down is ready to be sent again as it is', async () => {
    const { hold, deps, world, amended } = await holdEvent({}, makeEvent());
    world.target.answer = () => ({ ok: false, retry: true, reason: 'down' });
    expect(await replayHold(hold, deps)).toMatchObject({
      kind: 'held',
      code: 'undelivered',
      message: 'down',
    });
    expect(amended).toMatchObject([
      { code: 'undelivered', elements: null, triggers: [{ connector: 'orders' }] },
    ]);
  });
});

describe('batches', () => {
  const split = { split: '$[*]' };
  const event = (id: string, changes = {}) => makeEvent({ id, ...changes });

  async function holdBatch(elements: readonly number[]) {
    const events = [
      event('a'),
      event('b', { user: {} }),
      event('c'),
      event('d'),
      event('e', { amount: undefined }),
    ];
    const made = await holdEvent(split, events, split);
    return { ...made, hold: { ...made.hold, elements } };
  }

  test('only the held elements are sent', async () => {
    const { hold, deps, world } = await holdBatch([0, 3]);
    expect(await replayHold(hold, deps)).toMatchObject({ kind: 'delivered', removed: true });
    const alone = await holdBatch([3]);
    await replayHold(alone.hold, alone.deps);
    expect(world.sent).toHaveLength(2);
    expect(alone.world.sent[0]?.flowInvocationId).toBe(world.sent[1]?.flowInvocationId);
  });

  test('what fails of them stays held alone', async () => {
    const { hold, deps, world, removed, amended } = await holdBatch([1, 2, 4]);
    const result = await replayHold(hold, deps);
    expect(result).toMatchObject({ kind: 'held', code: 'shape-changed', triggers: [{}] });
    expect(world.sent).toHaveLength(1);
    expect(amended).toMatchObject([{ elements: [1, 4], triggers: [] }]);
    expect(removed).toEqual([]);
  });

  test('what the target does not take stays held with what does not fit', async () => {
    const { hold, deps, world, amended } = await holdBatch([0, 1, 2]);
    let calls = 0;
    world.target.answer = () => {
      calls += 1;
      return calls === 1 ? { ok: true } : { ok: false, retry: true, reason: 'down' };
    };
    await replayHold(hold, deps);
    expect(amended).toMatchObject([{ code: 'shape-changed', elements: [1, 2], triggers: [] }]);
  });
});

describe('a dry run', () => {
  test('says what would be delivered, of a paused connector too, and changes nothing', async () => {
    const { hold, deps, world, removed, amended } = await holdEvent({}, makeEvent());
    world.pause('orders', 'still');
    const result = await dryRunHold(hold, deps);
    expect(result).toMatchObject({
      kind: 'would-deliver',
      triggers: [{ trigger: { targetUserIds: ['user_1'] } }],
    });
    expect([world.sent, removed, amended]).toEqual([[], [], []]);
  });

  test('says what would stay held', async () => {
    const { hold, deps, amended } = await holdEvent({}, makeEvent({ user: {} }));
    expect(await dryRunHold(hold, deps)).toMatchObject({ kind: 'held', code: 'shape-changed' });
    expect(amended).toEqual([]);
  });

  test('says what would be ignored', async () => {
    const when = [{ path: '$.type', equals: 'paid', inEverySample: false }];
    const { hold, deps, removed } = await holdEvent({}, makeEvent(), { when });
    expect(await dryRunHold(hold, deps)).toEqual({ kind: 'ignored', code: 'when-differs' });
    expect(removed).toEqual([]);
  });
});
