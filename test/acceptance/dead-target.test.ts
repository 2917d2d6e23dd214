/** A target that is down for minutes, and a sender that never sends again what was answered 202. The clock is ours. */
import { expect, onTestFinished, test } from 'vitest';
import { decodeBundle, encodeBundle } from '../../src/bundle/codec.ts';
import type { Delivery } from '../../src/outcomes/delivery.ts';
import { DeliveryRoom } from '../../src/runtime/delivery/delivery-room.ts';
import { activateConnector } from '../../src/runtime/pipeline/connector.ts';
import { createPipeline } from '../../src/runtime/pipeline/pipeline.ts';
import { startRedelivery } from '../../src/runtime/redelivery/redeliver.ts';
import { createMemoryTarget } from '../../src/runtime/targets/memory-target.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { makeStateFolder } from '../runtime/state/open-owner.ts';
import { makeEvent, makeRequest, NO_SCRIPTS, SECRET } from '../runtime/world.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DOWN: Delivery = { ok: false, retry: true, reason: 'the target could not be reached (ECONNREFUSED)' };

/** Everything between a request and the target, over one state folder; started as often as a test wants. */
function makeRuntime(answer: () => Delivery | Promise<Delivery>) {
  const { open, clock } = makeStateFolder();
  const plan = makePlan({ signature: hmacSignature, status: 'live' });
  const decoded = decodeBundle(encodeBundle([plan], { revision: 'r', sequence: 1, tool: 't' }));
  const connector = decoded.ok ? decoded.bundle.connectors.get('orders') : undefined;
  if (connector === undefined) throw new Error('the bundle cannot be read');
  const active = activateConnector(connector);
  const target = createMemoryTarget(answer);
  const start = async () => {
    const owner = await open();
    const { now, monotonicNow } = clock;
    const random = () => 0.5;
    const room = new DeliveryRoom({ monotonicNow, random });
    const pipeline = createPipeline({
      connector: () => active,
      ready: () => true,
      secrets: () => SECRET,
      state: owner,
      target: room.outlet(target, 'request'),
      scripts: NO_SCRIPTS,
      now,
      maxMode: 'live',
      timer: clock,
    });
    const connectorState = () => ({ mode: 'live', paused: false }) as const;
    const redelivery = startRedelivery({
      owner,
      target,
      room,
      random,
      connectorState,
      rejudge: async () => {
        throw new Error('nothing is judged anew here');
      },
      timer: clock,
      ...clock,
    });
    onTestFinished(() => redelivery.stop());
    return { owner, pipeline, redelivery };
  };
  return { start, clock, target };
}

test.for([
  ['refuses connections', () => DOWN],
  ['never answers', () => new Promise<Delivery>(() => {})],
  ['answers 503', () => ({ ok: false, retry: true, reason: 'the target answered 503' }) as const],
] as const)('a target that %s for ten minutes gets every request in the end, once', async ([, down]) => {
  const world = { isDown: true };
  const { start, clock, target } = makeRuntime(() => (world.isDown ? down() : { ok: true }));
  let running = await start();
  const sent: string[] = [];
  /** One request; the answer must come while a sender still waits for it. */
  const send = async () => {
    const id = `evt_${sent.length}`;
    sent.push(id);
    const answering = running.pipeline.handle(
      makeRequest({ json: makeEvent({ id, user: { id: `user of ${id}` } }), sign: true }),
    );
    await clock.advance(3 * SECOND);
    return answering;
  };

  for (let minute = 0; minute < 10; minute += 1) {
    for (let number = 0; number < 2; number += 1) {
      expect(await send()).toMatchObject({ outcome: 'held', code: 'undelivered', paused: false });
    }
    await clock.advance(54 * SECOND);
    if (minute === 4) {
      await running.redelivery.stop();
      await running.owner.close();
      running = await start();
    }
  }
  expect(target.sent).toEqual([]);
  expect(running.owner.holds.counts().count).toBe(sent.length);

  world.isDown = false;
  await clock.advance(6 * SECOND);
  // What comes now does not wait for what is behind.
  expect(await send()).toMatchObject({ outcome: 'delivered' });
  await clock.advance(10 * MINUTE);
  expect(running.owner.holds.counts().count).toBe(0);
  expect(target.sent.map(({ trigger }) => trigger.targetUserIds[0]).toSorted()).toEqual(
    sent.map((id) => `user of ${id}`).toSorted(),
  );
  expect(new Set(target.sent.map(({ flowInvocationId }) => flowInvocationId)).size).toBe(sent.length);
});

test('a target that takes a trigger and dies before it says so gets it again under the same id', async () => {
  let answers = 0;
  const { start, clock, target } = makeRuntime(() => {
    answers += 1;
    return answers === 1 ? DOWN : { ok: true };
  });
  const { pipeline, owner } = await start();
  const outcome = await pipeline.handle(makeRequest({ sign: true }));
  const [hold] = owner.holds.list().holds;
  const kept = await owner.holds.get(hold?.id ?? '');
  const flowInvocationId = kept?.triggers[0]?.flowInvocationId;
  await clock.advance(MINUTE);
  const again = await pipeline.handle(makeRequest({ sign: true }));
  expect(outcome).toMatchObject({ outcome: 'held', code: 'undelivered' });
  expect(flowInvocationId).toBeTypeOf('string');
  expect(again).toMatchObject({ outcome: 'delivered', triggers: [{ flowInvocationId }] });
  expect(answers).toBe(3);
  expect(target.sent.map((trigger) => trigger.flowInvocationId)).toEqual([
    flowInvocationId,
    flowInvocationId,
  ]);
});
