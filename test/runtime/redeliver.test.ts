import { expect, onTestFinished, test, vi } from 'vitest';
import type { Delivery, OutgoingTrigger } from '../../src/outcomes/delivery.ts';
import { DeliveryRoom } from '../../src/runtime/delivery/delivery-room.ts';
import {
  type ConnectorState,
  type RedeliveryOptions,
  startRedelivery,
} from '../../src/runtime/redelivery/redeliver.ts';
import type { NewHold } from '../../src/runtime/state/state.ts';
import type { Target } from '../../src/runtime/targets/target.ts';
import { CONNECTOR, makeHold, makeTrigger, makeUndelivered } from './state/example-hold.ts';
import { makeStateFolder } from './state/open-owner.ts';

const MINUTE = 60_000;
const DOWN: Delivery = { ok: false, retry: true, reason: 'the target answered 503' };
const REFUSED: Delivery = { ok: false, retry: false, reason: 'the target answered 422' };

/** A state folder with undelivered requests, and a target that answers as it is told. */
async function start(holds: readonly NewHold[], random: () => number = () => 0.5) {
  const { open, clock, fileSystem } = makeStateFolder();
  const owner = await open();
  const ids: string[] = [];
  for (const hold of holds) {
    const kept = await owner.keep(hold);
    if (!kept.ok) throw new Error(kept.reason);
    ids.push(kept.holdId);
  }
  const world = {
    answer: (_trigger: OutgoingTrigger): Delivery | Promise<Delivery> => ({ ok: true }),
    connector: { mode: 'live', paused: false } as ConnectorState,
    /** Everything that was sent: when, and what. */
    sent: [] as { at: number; id: string; trigger: OutgoingTrigger }[],
    /** Invocation ids that the target took. */
    taken: [] as string[],
    sending: 0,
    mostAtOnce: 0,
  };
  const target: Target = {
    name: 'memory',
    async send(trigger, signal) {
      world.sent.push({ at: clock.monotonicNow(), id: trigger.flowInvocationId, trigger });
      world.sending += 1;
      world.mostAtOnce = Math.max(world.mostAtOnce, world.sending);
      const { promise: aborted, resolve } = Promise.withResolvers<Delivery>();
      signal.addEventListener('abort', () => resolve({ ok: false, retry: true, reason: 'given up' }));
      const delivery = await Promise.race([world.answer(trigger), aborted]);
      world.sending -= 1;
      if (delivery.ok) world.taken.push(trigger.flowInvocationId);
      return delivery;
    },
    close: async () => {},
  };
  const room = new DeliveryRoom({ monotonicNow: clock.monotonicNow, random });
  const rejudge = vi.fn<RedeliveryOptions['rejudge']>();
  const redelivery = startRedelivery({
    owner,
    target,
    room,
    rejudge,
    random,
    timer: clock,
    ...clock,
    connectorState: () => world.connector,
  });
  onTestFinished(() => redelivery.stop());
  return { owner, clock, fileSystem, redelivery, room, rejudge, world, ids };
}

const sentIds = (world: { sent: readonly { id: string }[] }): string[] => world.sent.map(({ id }) => id);

test('sends what is undelivered as it is stored, and lets go of it', async () => {
  const hold = makeUndelivered(['flow_1', 'flow_2']);
  const { owner, clock, world } = await start([hold, makeHold({ grade: 'none' })]);
  expect(world.sent).toEqual([]);
  await clock.advance(2000);
  expect(world.sent.map(({ trigger }) => trigger)).toEqual(hold.triggers);
  expect(owner.holds.counts()).toMatchObject({ count: 1, byCode: { 'shape-changed': 1 } });
  await clock.advance(10 * MINUTE);
  expect(world.sent).toHaveLength(2);
});

test('elements that share an invocation id and say different things are each sent', async () => {
  const hold = makeUndelivered(['flow_1']);
  const [trigger] = hold.triggers;
  if (trigger === undefined) throw new Error('no trigger');
  const corrected = { ...trigger, trigger: { ...trigger.trigger, targetUserIds: ['user_2'] } };
  const { owner, clock, world } = await start([{ ...hold, triggers: [trigger, corrected] }]);
  await clock.advance(2000);
  expect(world.sent.map((sent) => sent.trigger.trigger.targetUserIds)).toEqual([['user_1'], ['user_2']]);
  expect(owner.holds.counts().count).toBe(0);
});

/** Two requests of one event, the second a correction, and a third of another event. */
function corrected(changes: Partial<NewHold> = {}): readonly [NewHold, NewHold] {
  const first = makeUndelivered(['flow_1']);
  return [first, { ...first, requestDigest: 'c'.repeat(64), ...changes }];
}

test('of two requests of one event the newer is sent, the other stays and says why', async () => {
  const { owner, clock, world, ids } = await start(corrected());
  await clock.advance(10 * MINUTE);
  expect(sentIds(world)).toEqual(['flow_1']);
  expect(owner.holds.list().holds).toMatchObject([{ id: ids[0], code: 'superseded' }]);
  expect((await owner.holds.get(ids[0] as string))?.message).toContain(ids[1]);
});

test('what is held of the same event for another reason cannot have effect any more, and says so', async () => {
  const { owner, clock, ids } = await start(
    corrected({ code: 'shape-changed', grade: 'none', triggers: [] }),
  );
  await clock.advance(2000);
  expect(owner.holds.list().holds).toMatchObject([{ id: ids[1], code: 'superseded' }]);
});

test('what an operator has called an event of its own supersedes nothing and is not superseded', async () => {
  const { owner, clock, world, ids } = await start(corrected());
  await owner.holds.update(ids[0] as string, { ownEvent: true });
  await clock.advance(10 * MINUTE);
  expect(world.sent).toHaveLength(2);
  expect(owner.holds.counts().count).toBe(0);
});

test('notices what is kept while it runs', async () => {
  const { owner, clock, world } = await start([]);
  await owner.keep(makeUndelivered(['flow_1']));
  await clock.advance(2000);
  expect(world.taken).toEqual(['flow_1']);
});

test('a target that is down for ten minutes gets everything in the end, and was not stormed', async () => {
  const holds = Array.from({ length: 60 }, (_, number) => makeUndelivered([`flow_${number}`]));
  const { owner, clock, world } = await start(holds);
  world.answer = () => DOWN;
  await clock.advance(10 * MINUTE);
  expect(world.sent.length).toBeGreaterThan(10);
  // Two probes every five seconds.
  expect(world.sent.length).toBeLessThan(320);
  expect(owner.holds.counts().count).toBe(60);

  world.answer = () => ({ ok: true });
  await clock.advance(10 * MINUTE);

  expect(world.taken.toSorted()).toEqual(holds.map((hold) => hold.triggers[0]?.flowInvocationId).toSorted());
  expect(owner.holds.counts().count).toBe(0);
  expect(world.mostAtOnce).toBeLessThanOrEqual(32);
});

test('waits longer after each failure, with jitter, until the flow is what fails', async () => {
  const attempts = async (random: () => number, minutes: number): Promise<number[]> => {
    const { clock, world } = await start([makeUndelivered(['flow_1'])], random);
    world.answer = () => DOWN;
    await clock.advance(minutes * MINUTE);
    return world.sent.map(({ at }, index) => Math.round((at - (world.sent[index - 1]?.at ?? 0)) / 1000));
  };
  expect(await attempts(() => 1, 0.9)).toEqual([2, 2, 4, 8, 16, 5, 5, 5, 5]);
  expect(await attempts(() => 0, 0.1)).toEqual([1, 1, 1, 1, 1]);
});

test('a hold that the flow never takes waits up to five minutes while others are taken', async () => {
  const { owner, clock, world } = await start([makeUndelivered(['bad'])], () => 1);
  world.answer = ({ flowInvocationId }) => (flowInvocationId === 'bad' ? DOWN : { ok: true });
  for (let minute = 0; minute < 40; minute += 1) {
    await owner.keep(makeUndelivered([`good_${minute}`]));
    await clock.advance(MINUTE);
  }
  expect(world.taken).toHaveLength(40);
  const bad = world.sent.filter(({ id }) => id === 'bad').map(({ at }) => at);
  expect(bad.length).toBeLessThan(30);
  expect((bad.at(-1) ?? 0) - (bad.at(-2) ?? 0)).toBe(5 * MINUTE);
});

/** Holds of several flows: by flow, the invocation ids. */
function makeFlows(flows: Readonly<Record<string, readonly string[]>>): NewHold[] {
  return Object.entries(flows).flatMap(([actionFlow, ids]) =>
    ids.map((id) => makeUndelivered([], { triggers: [makeTrigger(id, { actionFlow })] })),
  );
}

const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}_${index}`);

test.for([
  ['fails', () => DOWN],
  ['hangs', () => new Promise<Delivery>(() => {})],
])('a flow that %s for ever keeps no other flow waiting', async ([, answer]) => {
  const { clock, world } = await start(makeFlows({ bad: numbered('bad', 80), good: numbered('good', 39) }));
  world.answer = () => DOWN;
  await clock.advance(MINUTE);
  world.answer = ({ actionFlow }) => (actionFlow === 'bad' ? (answer as () => Delivery)() : { ok: true });
  await clock.advance(10_000);
  expect(world.taken.toSorted()).toEqual(numbered('good', 39).toSorted());
});

test.for(['before', 'behind'])('bad holds %s good ones of the same flow', async (where) => {
  const bad = numbered('bad', 30);
  const good = numbered('good', 10);
  const ids = where === 'before' ? [...bad, ...good] : [...good, ...bad];
  const { clock, world } = await start(makeFlows({ flow: ids }));
  world.answer = () => DOWN;
  await clock.advance(MINUTE);
  world.answer = ({ flowInvocationId }) => (flowInvocationId.startsWith('bad') ? DOWN : { ok: true });
  await clock.advance(10_000);
  expect(world.taken.toSorted()).toEqual(good.toSorted());
  const before = world.sent.length;
  await clock.advance(MINUTE);
  expect(world.sent.length - before).toBeLessThan(60);
});

test('flows take turns, oldest first', async () => {
  const { clock, world } = await start(makeFlows({ many: numbered('many', 40), few: numbered('few', 3) }));
  world.answer = () => DOWN;
  await clock.advance(MINUTE);
  world.sent.length = 0;
  world.answer = () => ({ ok: true });
  await clock.advance(MINUTE);
  expect(Math.max(...numbered('few', 3).map((id) => world.taken.indexOf(id)))).toBeLessThan(12);
  const many = sentIds(world).filter((id) => id.startsWith('many'));
  // Two probes first; after that the files are read side by side.
  expect(Math.max(...many.slice(2, 10).map((id) => Number(id.slice(5))))).toBeLessThan(20);
});

test('100 flows that hang leave the others their turns', async () => {
  const hanging = Object.fromEntries(numbered('bad', 100).map((flow) => [flow, [`of_${flow}`]]));
  const { clock, world } = await start(makeFlows({ ...hanging, good: numbered('good', 10) }));
  world.answer = ({ actionFlow }) => (actionFlow === 'good' ? { ok: true } : new Promise<Delivery>(() => {}));
  await clock.advance(MINUTE);
  expect(world.taken).toHaveLength(10);
  expect(world.mostAtOnce).toBeLessThanOrEqual(128);
});

test('what no script process was free for is judged anew, later and later, and then goes its way', async () => {
  const lost = makeHold({ code: 'script-unavailable', grade: 'none' });
  const { owner, clock, rejudge, ids } = await start([lost], () => 1);
  const held = {
    kind: 'held',
    code: 'script-unavailable',
    message: '',
    differences: [],
    triggers: [],
  } as const;
  rejudge.mockImplementation(async () => ({ ...held, amended: true }));
  await clock.advance(MINUTE);
  expect(rejudge).toHaveBeenCalledTimes(5);
  expect(owner.holds.summary(ids[0]!)).toMatchObject({ code: 'script-unavailable', attempts: 5 });

  rejudge.mockImplementation(async ({ id }) => {
    const { ok } = await owner.holds.remove(id);
    return { kind: 'delivered', triggers: [], removed: ok };
  });
  await clock.advance(MINUTE);
  expect(rejudge).toHaveBeenCalledTimes(6);
  await clock.advance(10 * MINUTE);
  expect(rejudge).toHaveBeenCalledTimes(6);
});

test('what is held for another reason after it was judged anew waits for a person', async () => {
  const { owner, clock, rejudge, redelivery } = await start([
    makeHold({ code: 'script-unavailable', grade: 'none' }),
  ]);
  rejudge.mockImplementation(async ({ id }) => {
    const { ok } = await owner.holds.update(id, { code: 'script-error', message: 'it threw' });
    return {
      kind: 'held',
      code: 'script-error',
      message: 'it threw',
      differences: [],
      triggers: [],
      amended: ok,
    };
  });
  await clock.advance(10 * MINUTE);
  expect(rejudge).toHaveBeenCalledTimes(1);
  expect(redelivery.status()).toEqual({ waiting: 0, parked: 0 });
});

test('Retry-After is honoured, within reason', async () => {
  const { clock, world } = await start([makeUndelivered(['flow_1'])]);
  world.answer = () => ({ ...DOWN, retryAfterMs: 20 * MINUTE });
  await clock.advance(19 * MINUTE);
  expect(world.sent).toHaveLength(1);
  world.answer = () => ({ ...DOWN, retryAfterMs: 1e12 });
  await clock.advance(2 * MINUTE);
  expect(world.sent).toHaveLength(2);
  await clock.advance(61 * MINUTE);
  expect(world.sent.length).toBeGreaterThan(2);
});

test('one hold that always fails does not keep the others back', async () => {
  const { clock, world } = await start(['bad', 'good_1', 'good_2'].map((id) => makeUndelivered([id])));
  world.answer = ({ flowInvocationId }) => (flowInvocationId === 'bad' ? DOWN : { ok: true });
  await clock.advance(MINUTE);
  expect(world.taken.toSorted()).toEqual(['good_1', 'good_2']);
});

test('of a batch only the rest is sent again', async () => {
  const ids = Array.from({ length: 20 }, (_, number) => `flow_${number}`);
  const { owner, clock, world, ids: holds } = await start([makeUndelivered(ids)]);
  world.answer = ({ flowInvocationId }) => (flowInvocationId === 'flow_3' ? DOWN : { ok: true });
  await clock.advance(2000);
  // The first alone, then eight; flow_3 stops it.
  expect(sentIds(world)).toEqual(ids.slice(0, 9));
  const rest = ['flow_3', ...ids.slice(9)];
  expect((await owner.holds.get(holds[0]!))?.triggers.map((trigger) => trigger.flowInvocationId)).toEqual(
    rest,
  );
  expect(owner.holds.summary(holds[0]!)).toMatchObject({ code: 'undelivered', attempts: 1 });

  world.answer = () => ({ ok: true });
  await clock.advance(MINUTE);
  expect(sentIds(world).slice(9)).toEqual(rest);
  expect(owner.holds.counts().count).toBe(0);
});

test('what the target refuses for good is kept as refused, and not sent again', async () => {
  const { owner, clock, world, ids } = await start([makeUndelivered(['flow_1', 'flow_2', 'flow_3'])]);
  world.answer = ({ flowInvocationId }) => (flowInvocationId === 'flow_2' ? REFUSED : { ok: true });
  await clock.advance(MINUTE);
  const hold = await owner.holds.get(ids[0]!);
  expect(hold).toMatchObject({
    code: 'target-refused',
    message: expect.stringContaining('422'),
    nextAttemptAt: null,
  });
  expect(hold?.triggers.map((trigger) => trigger.flowInvocationId)).toEqual(['flow_2']);
  expect(sentIds(world)).toEqual(['flow_1', 'flow_2', 'flow_3']);
});

test.for<[string, ConnectorState]>([
  ['paused', { mode: 'live', paused: true }],
  ['disabled', { mode: 'disabled', paused: false }],
  ['gone', { mode: 'absent', paused: false }],
  ['a test connector now', { mode: 'test', paused: false }],
])('nothing live is sent while the connector is %s', async ([, state]) => {
  const { owner, clock, world, redelivery } = await start([makeUndelivered(['flow_1'])]);
  world.connector = state;
  await clock.advance(60 * MINUTE);
  expect(world.sent).toEqual([]);
  expect(owner.holds.counts().byCode).toEqual({ undelivered: 1 });
  expect(redelivery.status()).toMatchObject({ waiting: 0, parked: 1 });

  world.connector = { mode: 'live', paused: false };
  redelivery.wake();
  await clock.advance(1000);
  expect(world.taken).toEqual(['flow_1']);
});

test('a resume is noticed by itself', async () => {
  const { owner, clock, world } = await start([makeUndelivered(['flow_1'])]);
  world.connector = { mode: 'live', paused: true };
  await owner.pause(CONNECTOR, { by: 'alice' });
  await clock.advance(MINUTE);
  world.connector = { mode: 'live', paused: false };
  await owner.resume(CONNECTOR, { by: 'alice' });
  await clock.advance(1000);
  expect(world.taken).toEqual(['flow_1']);
});

test('a pause in the middle of a batch stops the rest', async () => {
  const { owner, clock, world, ids } = await start([makeUndelivered(['flow_1', 'flow_2', 'flow_3'])]);
  world.answer = () => {
    world.connector = { mode: 'live', paused: true };
    return { ok: true };
  };
  await clock.advance(60 * MINUTE);
  expect(sentIds(world)).toEqual(['flow_1']);
  expect((await owner.holds.get(ids[0]!))?.triggers).toHaveLength(2);
});

test('test triggers are sent as test, whatever the connector is now', async () => {
  const { clock, world } = await start([makeUndelivered(['flow_1'], { mode: 'test' })]);
  world.connector = { mode: 'test', paused: false };
  await clock.advance(MINUTE);
  expect(world.sent).toMatchObject([{ trigger: { mode: 'test' } }]);
});

test('what was taken is not sent again while the disk fails, and is let go when it recovers', async () => {
  const { owner, clock, fileSystem, world } = await start([
    makeUndelivered(['flow_1']),
    makeUndelivered(['flow_2', 'flow_3']),
  ]);
  fileSystem.fault = (call) => (['unlink', 'create', 'rename'].includes(call) ? 'EIO' : null);
  world.answer = ({ flowInvocationId }) => (flowInvocationId === 'flow_3' ? DOWN : { ok: true });
  await clock.advance(10 * MINUTE);
  expect(world.taken.toSorted()).toEqual(['flow_1', 'flow_2']);
  expect(owner.holds.counts().count).toBe(2);

  fileSystem.fault = () => null;
  world.answer = () => ({ ok: true });
  await clock.advance(10 * MINUTE);
  expect(world.taken.toSorted()).toEqual(['flow_1', 'flow_2', 'flow_3']);
  expect(owner.holds.counts().count).toBe(0);
});

test('a hold that cannot be read now is not forgotten', async () => {
  const { clock, fileSystem, world } = await start([makeUndelivered(['flow_1'])]);
  fileSystem.fault = (call) => (call === 'read' ? 'EIO' : null);
  await clock.advance(MINUTE);
  expect(world.sent).toEqual([]);
  fileSystem.fault = () => null;
  await clock.advance(6 * MINUTE);
  expect(world.taken).toEqual(['flow_1']);
});

test('a restart goes on where it was, and a set clock delays nothing', async () => {
  const { owner, clock, world, redelivery, ids } = await start([makeUndelivered(['flow_1'])]);
  world.answer = () => DOWN;
  await clock.advance(2000);
  await redelivery.stop();
  const { attempts, nextAttemptAt } = owner.holds.summary(ids[0]!) ?? {};
  expect(attempts).toBe(1);
  expect(nextAttemptAt).toBeGreaterThan(clock.now());

  clock.jump(-30 * 24 * 60 * MINUTE);
  const sent: string[] = [];
  const target: Target = {
    name: 'memory',
    async send(trigger) {
      sent.push(trigger.flowInvocationId);
      return { ok: true };
    },
    close: async () => {},
  };
  const again = startRedelivery({
    owner,
    target,
    room: new DeliveryRoom({ monotonicNow: clock.monotonicNow }),
    rejudge: vi.fn<RedeliveryOptions['rejudge']>(),
    random: () => 0.5,
    timer: clock,
    ...clock,
    connectorState: () => world.connector,
  });
  onTestFinished(() => again.stop());
  await clock.advance(61 * MINUTE);
  expect(sent).toEqual(['flow_1']);
});

test('a target that never answers is given up after 30 s', async () => {
  const { clock, world, redelivery, room } = await start([makeUndelivered(['flow_1'])]);
  world.answer = () => new Promise<Delivery>(() => {});
  await clock.advance(32_000);
  expect(redelivery.status()).toMatchObject({ waiting: 1 });
  expect(room.report(clock.now())).toMatchObject([{ flow: 'BkX2pQ', failures: 1 }]);
});

test('stop gives up what is being sent, counts no attempt, and sends nothing after that', async () => {
  const { owner, clock, world, redelivery, ids } = await start([makeUndelivered(['flow_1'])]);
  world.answer = () => new Promise<Delivery>(() => {});
  await clock.advance(2000);
  expect(world.sending).toBe(1);
  await redelivery.stop();
  expect(world.sending).toBe(0);
  expect(owner.holds.summary(ids[0]!)).toMatchObject({ code: 'undelivered', attempts: 0 });
  await clock.advance(60 * MINUTE);
  expect(world.sent).toHaveLength(1);
});

test('what an operator discards meanwhile is not sent', async () => {
  const { owner, clock, world, redelivery, ids } = await start([makeUndelivered(['flow_1'])]);
  await owner.holds.remove(ids[0]!);
  await clock.advance(MINUTE);
  expect(world.sent).toEqual([]);
  expect(redelivery.status()).toMatchObject({ waiting: 0, parked: 0 });
});
