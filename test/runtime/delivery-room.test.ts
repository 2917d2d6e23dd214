import { expect, test } from 'vitest';
import type { Delivery } from '../../src/outcomes/delivery.ts';
import { DeliveryRoom } from '../../src/runtime/delivery/delivery-room.ts';
import type { Target } from '../../src/runtime/targets/target.ts';
import { makeTrigger } from './state/example-hold.ts';

const OK: Delivery = { ok: true };
const DOWN: Delivery = { ok: false, retry: true, reason: 'the target answered 500' };
const LATE: Delivery = { ok: false, retry: true, reason: 'the target gave no answer in time' };

/** A room before a target whose answers are given one by one, on a clock of ours. */
function makeRoom(places = { total: 512, perFlow: 128 }) {
  let now = 0;
  let ids = 0;
  const room = new DeliveryRoom({ monotonicNow: () => now, random: () => 1, places });
  const waiting: { flow: string; answer: (delivery: Delivery) => void }[] = [];
  const target: Target = {
    name: 'memory',
    send: ({ actionFlow: flow }) => new Promise((resolve) => waiting.push({ flow, answer: resolve })),
    close: async () => {},
  };
  const outlets = {
    request: room.outlet(target, 'request'),
    redelivery: room.outlet(target, 'redelivery'),
    operator: room.outlet(target, 'operator'),
  };
  const changes: string[] = [];
  room.subscribe(({ flow, state }) => changes.push(`${flow} ${state}`));
  const send = (
    flow: string,
    cause: keyof typeof outlets = 'request',
    signal = new AbortController().signal,
  ) => {
    ids += 1;
    return outlets[cause].send(makeTrigger(`id_${ids}`, { actionFlow: flow }), signal);
  };
  /** Sends one that is answered after that long. */
  const sendAnswered = async (
    flow: string,
    delivery: Delivery,
    { tookMs = 5, cause = 'request' as keyof typeof outlets } = {},
  ): Promise<Delivery> => {
    const abort = new AbortController();
    const sending = send(flow, cause, abort.signal);
    now += tookMs;
    if (delivery === LATE) abort.abort();
    waiting.pop()?.answer(delivery);
    return sending;
  };
  return {
    room,
    waiting,
    changes,
    send,
    sendAnswered,
    pass: (milliseconds: number) => {
      now += milliseconds;
    },
    report: () => room.report(1_000_000 + now),
  };
}

async function fail(world: ReturnType<typeof makeRoom>, flow: string, times: number, delivery = DOWN) {
  const tookMs = delivery === LATE ? 2000 : 5;
  for (let time = 0; time < times; time += 1) await world.sendAnswered(flow, delivery, { tookMs });
}

test('what the target says is what comes out', async () => {
  const { sendAnswered } = makeRoom();
  const refused: Delivery = { ok: false, retry: false, reason: 'the target answered 422' };
  for (const delivery of [OK, DOWN, refused]) expect(await sendAnswered('flow', delivery)).toEqual(delivery);
});

test.for([
  ['fails', DOWN],
  ['hangs', LATE],
])(
  'a flow that %s five times in a row is left alone; what comes is deferred at once',
  async ([, delivery]) => {
    const world = makeRoom();
    await fail(world, 'bad', 5, delivery as Delivery);
    expect(world.changes).toEqual(['bad failing']);
    const deferred = await world.send('bad');
    expect(deferred).toEqual({
      ok: false,
      retry: true,
      isDeferred: true,
      reason: `the flow bad does not take triggers at the moment (${(delivery as { reason: string }).reason}): sent when it does`,
    });
    expect(world.waiting).toEqual([]);
    // And nobody else.
    expect(await world.sendAnswered('good', OK)).toEqual(OK);
  },
);

test('one success between failures keeps it closed, and slow successes never open it', async () => {
  const world = makeRoom();
  for (let round = 0; round < 5; round += 1) {
    await fail(world, 'flow', 4);
    await world.sendAnswered('flow', OK, { tookMs: 1990 });
  }
  await fail(world, 'flow', 4);
  expect(await world.sendAnswered('flow', OK)).toEqual(OK);
  expect(world.changes).toEqual([]);
});

test('a refusal is an answer: the flow is well', async () => {
  const world = makeRoom();
  await fail(world, 'flow', 4);
  await world.sendAnswered('flow', { ok: false, retry: false, reason: 'the target answered 422' });
  await fail(world, 'flow', 4);
  expect(world.changes).toEqual([]);
});

test('one probe every five seconds, until one is taken', async () => {
  const world = makeRoom();
  await fail(world, 'flow', 5);
  for (let round = 0; round < 3; round += 1) {
    world.pass(4990);
    expect(await world.send('flow')).toMatchObject({ isDeferred: true });
    world.pass(10);
    const probe = world.send('flow');
    expect(await world.send('flow')).toMatchObject({ isDeferred: true });
    world.waiting.pop()?.answer(DOWN);
    expect(await probe).toEqual(DOWN);
  }
  world.pass(5000);
  expect(await world.sendAnswered('flow', OK)).toEqual(OK);
  expect(world.changes).toEqual(['flow failing', 'flow well']);
  expect(await world.sendAnswered('flow', OK)).toEqual(OK);
  expect(world.report()).toEqual([]);
});

test('where probes hang, no sender waits for one while there are holds to probe with', async () => {
  const world = makeRoom();
  await fail(world, 'flow', 5, LATE);
  world.room.circuit('memory', 'flow').waiting = 1;
  world.pass(60_000);
  expect(await world.send('flow')).toMatchObject({ isDeferred: true });
  world.room.circuit('memory', 'flow').waiting = 0;
  expect(await world.sendAnswered('flow', OK)).toEqual(OK);
});

test('what was under way when a flow came back does not close it again', async () => {
  const world = makeRoom();
  const old = Array.from({ length: 20 }, () => world.send('flow'));
  await fail(world, 'flow', 5);
  world.pass(5000);
  await world.sendAnswered('flow', OK);
  for (const { answer } of world.waiting.splice(0)) answer(DOWN);
  await Promise.all(old);
  expect(world.changes).toEqual(['flow failing', 'flow well']);
});

test('Retry-After opens at once, for as long as it says, and a person is let through', async () => {
  const world = makeRoom();
  await world.sendAnswered('flow', { ...DOWN, retryAfterMs: 120_000 });
  world.pass(60_000);
  expect(await world.send('flow')).toMatchObject({ isDeferred: true, retryAfterMs: 60_000 });
  expect(await world.sendAnswered('flow', DOWN, { cause: 'operator' })).toEqual(DOWN);
  world.pass(60_000);
  expect(await world.sendAnswered('flow', OK)).toEqual(OK);
  await world.sendAnswered('flow', { ...DOWN, retryAfterMs: 1e12 });
  world.pass(3_600_000);
  expect(await world.sendAnswered('flow', OK)).toEqual(OK);
});

test("what is the deployment's fault is parked, and tried once a minute", async () => {
  const world = makeRoom();
  await world.sendAnswered('flow', { ...DOWN, isDeploymentFault: true });
  expect(world.changes).toEqual(['flow parked']);
  world.pass(59_000);
  expect(await world.send('flow')).toMatchObject({ isDeferred: true });
  world.pass(1000);
  expect(await world.sendAnswered('flow', OK)).toEqual(OK);
});

test('a flow that answers holds in time, but no sender, is slow; an answer in time ends that', async () => {
  const world = makeRoom();
  await fail(world, 'flow', 5, LATE);
  world.room.circuit('memory', 'flow').waiting = 1;
  await world.sendAnswered('flow', OK, { tookMs: 5000, cause: 'redelivery' });
  expect(world.report()).toMatchObject([{ flow: 'flow', state: 'slow' }]);
  expect(await world.send('flow')).toMatchObject({ isDeferred: true });
  await world.sendAnswered('flow', OK, { tookMs: 1500, cause: 'redelivery' });
  expect(await world.sendAnswered('flow', OK)).toEqual(OK);
});

test('one hold that the flow never takes does not keep new requests from it', async () => {
  const world = makeRoom();
  for (let time = 0; time < 20; time += 1) await world.sendAnswered('flow', DOWN, { cause: 'redelivery' });
  expect(await world.sendAnswered('flow', OK)).toEqual(OK);
});

test('a flow has its places and no more; a place is given back with the answer', async () => {
  const world = makeRoom();
  const sending = Array.from({ length: 128 }, () => world.send('slow'));
  expect(await world.send('slow')).toMatchObject({
    isDeferred: true,
    reason: '128 triggers of the flow slow wait for the target already: sent when there is room',
  });
  expect(await world.sendAnswered('other', OK)).toEqual(OK);
  for (const { answer } of world.waiting.splice(0)) answer(OK);
  await Promise.all(sending);
  expect(await world.sendAnswered('slow', OK)).toEqual(OK);
  expect(world.room.inFlight).toBe(0);
});

test('however many flows hang, the next one finds room', async () => {
  const world = makeRoom();
  for (let one = 0; one < 130; one += 1)
    for (let flow = 0; flow < 20; flow += 1) void world.send(`flow_${flow}`);
  expect(world.room.inFlight).toBeLessThan(500);
  expect(await world.sendAnswered('next', OK)).toEqual(OK);
});

test.for<[string, Target['send']]>([
  ['rejects', () => Promise.reject(new Error('secret'))],
  [
    'throws',
    () => {
      throw new Error('secret');
    },
  ],
])('a target that %s has not acknowledged anything, and its place is given back', async ([, send]) => {
  const room = new DeliveryRoom();
  const outlet = room.outlet({ name: 'memory', send, close: async () => {} }, 'request');
  expect(await outlet.send(makeTrigger('id'), new AbortController().signal)).toEqual({
    ok: false,
    retry: true,
    reason: 'the target failed without saying why',
  });
  expect(room.inFlight).toBe(0);
});

test('what is reported has its times, its reason and what is in flight', async () => {
  const world = makeRoom();
  world.pass(1000);
  await fail(world, 'bad', 5);
  world.pass(2000);
  void world.send('busy');
  expect(world.report()).toEqual([
    {
      target: 'memory',
      flow: 'bad',
      state: 'failing',
      since: 1_001_025,
      failures: 5,
      reason: 'the target answered 500',
      nextTryAt: 1_006_025,
      inFlight: 0,
      waiting: 0,
    },
    {
      target: 'memory',
      flow: 'busy',
      state: 'well',
      since: null,
      failures: 0,
      reason: null,
      nextTryAt: null,
      inFlight: 1,
      waiting: 0,
    },
  ]);
});
