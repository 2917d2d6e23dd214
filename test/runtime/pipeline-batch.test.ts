import { describe, expect, test } from 'vitest';
import { MAX_SCRIPTS_MS } from '../../src/runtime/pipeline/limit-script-time.ts';
import type { ScriptRunner } from '../../src/stages/script/script-runner.ts';
import { makePlan } from '../bundle/make-plan.ts';
import { makeEvent, makeRequest, makeWorld } from './world.ts';

const batch = makePlan({ split: '$.events[*]' });
const GOOD = makeEvent();
const UNLIKE = makeEvent({ amount: undefined });
const WITHOUT_USER = makeEvent({ user: {} });

function event(id: string, changes: Readonly<Record<string, unknown>> = {}) {
  return { ...GOOD, id, ...changes };
}

async function send(events: unknown, world = makeWorld([batch])) {
  const outcome = await world.pipeline.handle(makeRequest({ json: { events } }));
  return { world, outcome };
}

test('every element is delivered on its own', async () => {
  const { world, outcome } = await send([event('a'), event('b'), event('c')]);
  expect(outcome).toMatchObject({ outcome: 'delivered', batch: { delivered: 3, held: 0, ignored: 0 } });
  expect(new Set(world.sent.map((trigger) => trigger.flowInvocationId)).size).toBe(3);
  expect(world.fitted).toEqual(['orders']);
});

test('an element has the same id in whatever batch it comes', async () => {
  const world = makeWorld([batch]);
  await send([event('a'), event('b')], world);
  await send([event('b')], world);
  expect(world.sent[2]?.flowInvocationId).toBe(world.sent[1]?.flowInvocationId);
});

test('good ones go on, bad ones are held in one hold, for the worst of their reasons', async () => {
  const { world, outcome } = await send([UNLIKE, event('b'), WITHOUT_USER, event('d')]);
  expect(outcome).toMatchObject({
    outcome: 'held',
    code: 'shape-changed',
    paused: false,
    batch: { delivered: 2, held: 2, ignored: 0 },
  });
  expect(outcome.outcome === 'held' && outcome.triggers).toEqual(world.sent);
  expect(world.sent).toHaveLength(2);
  expect(world.holds).toHaveLength(1);
  expect(world.holds[0]).toMatchObject({ grade: 'hold', elements: [0, 2], triggers: [] });
  expect(world.holds[0]?.message).toContain('2 elements');
  expect(world.fitted).toEqual([]);
});

test('one bad element is named', async () => {
  const { world } = await send([event('a'), UNLIKE]);
  expect(world.holds[0]).toMatchObject({ grade: 'hold', elements: [1] });
  expect(world.holds[0]?.message).toMatch(/^element 1: \$\.amount/);
});

test('pauseAfter counts requests, not elements', async () => {
  const world = makeWorld([batch]);
  const { outcome } = await send([UNLIKE, UNLIKE, UNLIKE, UNLIKE], world);
  expect(outcome).toMatchObject({ outcome: 'held', paused: false });
  await send([UNLIKE], world);
  expect((await send([UNLIKE], world)).outcome).toMatchObject({ outcome: 'held', paused: true });
});

test('what is no list pauses, an empty list is nobody’s business', async () => {
  expect((await send({ a: 1 })).outcome).toMatchObject({
    outcome: 'held',
    code: 'shape-changed',
    paused: true,
  });
  expect((await send(undefined)).outcome).toMatchObject({
    outcome: 'held',
    code: 'shape-changed',
    paused: true,
  });
  const { world, outcome } = await send([]);
  expect(outcome).toMatchObject({ outcome: 'ignored', code: 'no-elements', batch: { delivered: 0 } });
  expect(world.fitted).toEqual([]);
});

describe('what the target does not take', () => {
  test('is kept apart from what does not fit, each with its elements', async () => {
    const world = makeWorld([batch]);
    world.target.answer = ({ trigger }) => {
      if (trigger.variables?.amount === '1') return { ok: false, retry: true, reason: 'busy' };
      if (trigger.variables?.amount === '2') return { ok: false, retry: false, reason: 'no such user' };
      return { ok: true };
    };
    const { outcome } = await send(
      [event('a', { amount: 1 }), event('b', { amount: 2 }), UNLIKE, event('d'), event('e', { amount: 1 })],
      world,
    );
    expect(outcome).toMatchObject({
      outcome: 'held',
      code: 'shape-changed',
      holdId: 'hold-1',
      batch: { delivered: 1, held: 4, ignored: 0 },
    });
    expect(world.holds).toMatchObject([
      { code: 'shape-changed', elements: [2], triggers: [] },
      { code: 'undelivered', elements: [0, 4], message: 'busy', triggers: [{}, {}] },
      { code: 'target-refused', elements: [1], message: 'no such user', triggers: [{}] },
    ]);
  });

  test('makes the batch held', async () => {
    const world = makeWorld([batch]);
    world.target.answer = () => ({ ok: false, retry: true, reason: 'down' });
    const { outcome } = await send([event('a'), event('b')], world);
    expect(outcome).toMatchObject({ outcome: 'held', code: 'undelivered', batch: { delivered: 0, held: 2 } });
  });

  test('must be sent again when it cannot be kept, though part of it was delivered', async () => {
    const world = makeWorld([batch]);
    world.state.full = true;
    const { outcome } = await send([event('a'), UNLIKE], world);
    expect(outcome).toMatchObject({ outcome: 'rejected', code: 'state-unavailable' });
    world.state.full = false;
    await send([event('a'), UNLIKE], world);
    expect(world.sent[1]?.flowInvocationId).toBe(world.sent[0]?.flowInvocationId);
  });
});

test('elements for nobody are counted', async () => {
  const plan = makePlan({
    split: '$.events[*]',
    mapping: { kind: 'structured', targetUserIds: [{ kind: 'path', paths: ['$.user.ids[*]'] }] },
    shape: { ...(batch.shape as NonNullable<typeof batch.shape>), reads: [] },
  });
  const to = (ids: readonly string[]) => event('x', { user: { id: 'u', ids } });
  const first = await send([to([]), to(['u'])], makeWorld([plan]));
  expect(first.outcome).toMatchObject({ outcome: 'delivered', batch: { delivered: 1, held: 0, ignored: 1 } });
  const second = await send([to([])], makeWorld([plan]));
  expect(second.outcome).toMatchObject({ outcome: 'ignored', code: 'no-targets', batch: { ignored: 1 } });
});

test('a batch whose script is slow for each element does not keep the script processes for ever', async () => {
  let runs = 0;
  const scripts: ScriptRunner = {
    async run() {
      runs += 1;
      world.clock.now += MAX_SCRIPTS_MS / 3;
      return { ok: true, value: { targetUserIds: ['user_1'] } };
    },
    close: async () => {},
  };
  const mapping = { kind: 'script', file: 'm.js', source: '', digest: 'd' } as const;
  const world = makeWorld([makePlan({ split: '$.events[*]', mapping })], { scripts });
  const events = Array.from({ length: 10 }, (_, index) => makeEvent({ id: `evt_${index}` }));
  const outcome = await world.pipeline.handle(makeRequest({ json: { events } }));
  expect(outcome).toMatchObject({ outcome: 'held', code: 'script-unavailable', paused: false });
  expect(outcome).toMatchObject({ batch: { delivered: 3, held: 7 } });
  expect(runs).toBe(3);
  expect(world.holds[0]?.elements).toEqual([3, 4, 5, 6, 7, 8, 9]);
});
