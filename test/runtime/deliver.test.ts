import { expect, test } from 'vitest';
import type { Delivery, OutgoingTrigger } from '../../src/outcomes/delivery.ts';
import { deliver } from '../../src/runtime/pipeline/deliver.ts';
import type { Target } from '../../src/runtime/targets/target.ts';
import { createManualTimer } from './manual-timer.ts';

const limits = { deliveryMs: 2000, batchConcurrency: 3 };
const OK: Delivery = { ok: true };

function outgoing(flowInvocationId: string): OutgoingTrigger {
  const trigger = { targetUserIds: ['u'], flowInvocationId };
  return { requestId: 'r', connector: 'c', actionFlow: 'f', mode: 'test', flowInvocationId, trigger };
}

function makeTarget(send: Target['send']): Target {
  return { name: 'memory', send, close: async () => {} };
}

test('what the target says is what comes out, in order', async () => {
  const refused: Delivery = { ok: false, retry: false, reason: 'no such flow' };
  const target = makeTarget(async ({ flowInvocationId }) => (flowInvocationId === 'b' ? refused : OK));
  const timer = createManualTimer();
  expect(await deliver(['a', 'b', 'c', 'd', 'e'].map(outgoing), { target, timer, limits })).toEqual([
    OK,
    refused,
    OK,
    OK,
    OK,
  ]);
  expect(timer.running()).toBe(0);
});

test('a target that does not answer is aborted when the time is over, even when it ignores that', async () => {
  const timer = createManualTimer();
  let signal: AbortSignal | undefined;
  const target = makeTarget((_, given) => {
    signal = given;
    return new Promise(() => {});
  });
  const delivering = deliver([outgoing('a')], { target, timer, limits });
  expect(timer.started).toEqual([2000]);
  timer.expire();
  expect(await delivering).toEqual([
    { ok: false, retry: true, reason: 'the target gave no answer within 2000 ms' },
  ]);
  expect(signal?.aborted).toBe(true);
});

test('a batch is sent a few at a time, and what the time does not reach is not sent at all', async () => {
  const timer = createManualTimer();
  const sent: string[] = [];
  const target = makeTarget(({ flowInvocationId }) => {
    sent.push(flowInvocationId);
    return flowInvocationId === 'a' ? Promise.resolve(OK) : new Promise(() => {});
  });
  const delivering = deliver(['a', 'b', 'c', 'd', 'e', 'f'].map(outgoing), { target, timer, limits });
  await new Promise(setImmediate);
  expect(sent).toEqual(['a', 'b', 'c', 'd']);
  timer.expire();
  const deliveries = await delivering;
  expect(sent).toEqual(['a', 'b', 'c', 'd']);
  expect(deliveries.map(({ ok }) => ok)).toEqual([true, false, false, false, false, false]);
});

test.each([
  ['rejects', () => Promise.reject(new Error('secret detail'))],
  [
    'throws',
    () => {
      throw new Error('secret detail');
    },
  ],
])('a target that %s has not taken the trigger', async (_, send) => {
  const timer = createManualTimer();
  const [delivery] = await deliver([outgoing('a')], { target: makeTarget(send), timer, limits });
  expect(delivery).toEqual({ ok: false, retry: true, reason: 'the target failed without saying why' });
});
