import { expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import { createMemoryState } from '../../src/runtime/state/memory-state.ts';
import { MAX_ASIDE } from '../../src/runtime/state/state.ts';
import { makePlan } from '../bundle/make-plan.ts';
import { makeEvent, makeRequest, makeWorld, NOW, summary } from './world.ts';

const plan: ConnectorPlan = makePlan({
  id: 'orders',
  signature: null,
  mapping: {
    kind: 'structured',
    targetUserIds: [{ kind: 'path', paths: ['$.user.id'], whenMissing: 'ignore' }],
  },
  shape: {
    ...(makePlan().shape as NonNullable<ConnectorPlan['shape']>),
    reads: [
      {
        paths: ['$.user.id'],
        required: true,
        optional: false,
        inEverySample: true,
        recipient: true,
        whenMissing: 'ignore',
      },
    ],
  },
});

const ignored = { outcome: 'ignored', code: 'no-targets' };

test.each([
  ['null', { user: null }],
  ['null further down', { user: { id: null } }],
  ['blank', { user: { id: ' ' } }],
])('%s says nobody: ignored, and nothing is kept', async (_, changes) => {
  const world = makeWorld([plan]);
  expect(summary(await world.pipeline.handle(makeRequest({ json: makeEvent(changes) })))).toEqual(ignored);
  expect(world.aside).toEqual([]);
  expect(world.fitted).toEqual(['orders']);
});

test('a member that is gone: ignored, and kept for a while', async () => {
  const world = makeWorld([plan]);
  expect(summary(await world.pipeline.handle(makeRequest({ json: makeEvent({ user: {} }) })))).toEqual(
    ignored,
  );
  expect(world.aside).toMatchObject([{ code: 'recipient-missing', grade: 'none', connector: 'orders' }]);
  expect(world.aside[0]?.message).toContain('$.user.id');
  expect(world.fitted).toEqual([]);
});

test('what cannot be kept for a while is not ignored either', async () => {
  const world = makeWorld([plan]);
  world.state.full = true;
  const outcome = await world.pipeline.handle(makeRequest({ json: makeEvent({ user: {} }) }));
  expect(summary(outcome)).toEqual({ outcome: 'rejected', code: 'state-unavailable' });
});

test('beside a new member it may be renamed: held', async () => {
  const world = makeWorld([plan]);
  const outcome = await world.pipeline.handle(makeRequest({ json: makeEvent({ user: { uid: 'u' } }) }));
  expect(summary(outcome)).toMatchObject({ outcome: 'held', code: 'shape-changed', paused: false });
  expect(world.aside).toEqual([]);
});

test('a rename that nothing shows is held with the fiftieth in a row, and all before it', async () => {
  const state = createMemoryState(() => NOW);
  const world = makeWorld([plan], { state });
  const send = (id: string, user: object) =>
    world.pipeline.handle(makeRequest({ json: { id, user, amount: 1 } }));
  await send('evt_0', {});
  expect(summary(await send('evt_1', { id: 'ann' }))).toMatchObject({ outcome: 'delivered' });
  for (let count = 1; count < MAX_ASIDE; count += 1) {
    const outcome = await send(`evt_1_${count}`, count % 2 === 0 ? {} : { id: null });
    expect(summary(outcome)).toEqual(ignored);
  }
  // Null does not end the row: the member next to it may be the one that was renamed.
  const half = Math.floor((MAX_ASIDE - 1) / 2);
  expect(state.asideOf('orders')).toBe(half);
  for (let count = half + 1; count < MAX_ASIDE; count += 1)
    expect(summary(await send(`evt_2_${count}`, {}))).toEqual(ignored);

  expect(summary(await send('evt_3', {}))).toMatchObject({
    outcome: 'held',
    code: 'recipient-missing',
    paused: false,
  });
  expect(state.holds()).toHaveLength(MAX_ASIDE);
});
