import { expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import { type SendDeps, sendTestCard, type TestCard } from '../../src/runtime/pipeline/send.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { makeEvent, makeTarget, NO_SCRIPTS, NOW } from './world.ts';

function send(changes: Partial<ConnectorPlan> = {}, card: Partial<TestCard> = {}, target = makeTarget()) {
  const deps: SendDeps = { target: target.target, scripts: NO_SCRIPTS, now: () => NOW };
  const sample = { headers: {}, body: JSON.stringify(makeEvent()) };
  return sendTestCard({ plan: makePlan(changes), sample, ...card }, deps);
}

test('a live, signed connector sends a test card from its sample, without a signature', async () => {
  const { target, sent } = makeTarget();
  const result = await send({ status: 'live', signature: hmacSignature }, {}, { target, sent });
  expect(result).toEqual({ outcome: 'delivered', code: 'delivered', triggers: sent });
  expect(sent).toMatchObject([{ mode: 'test', connector: 'orders', trigger: { targetUserIds: ['user_1'] } }]);
});

test('every card has an id of its own, in the trigger too, even where the mapping sets one', async () => {
  const target = makeTarget();
  const mapping = {
    kind: 'structured',
    targetUserIds: [{ kind: 'path', paths: ['$.user.id'] }],
    flowInvocationId: { kind: 'path', paths: ['$.id'] },
  } as const;
  await send({ mapping }, {}, target);
  await send({ mapping }, {}, target);
  const ids = target.sent.map((trigger) => trigger.flowInvocationId);
  expect(new Set([...ids, 'evt_1']).size).toBe(3);
  expect(target.sent.map((one) => one.trigger.flowInvocationId)).toEqual(ids);
});

test('goes to whom the operator says', async () => {
  const target = makeTarget();
  await send({}, { to: 'me' }, target);
  expect(target.sent[0]?.trigger.targetUserIds).toEqual(['me']);
});

test('needs no event id: the sample is not an event', async () => {
  expect(await send({ idempotency: { kind: 'header', header: 'x-delivery' } })).toMatchObject({
    outcome: 'delivered',
  });
});

test('sends every element of a batch', async () => {
  const body = JSON.stringify([makeEvent({ id: 'a' }), makeEvent({ id: 'b' })]);
  expect(await send({ split: '$[*]' }, { sample: { headers: {}, body } })).toMatchObject({
    triggers: [{}, {}],
  });
});

const failures: readonly (readonly [string, Partial<ConnectorPlan>, unknown, Record<string, unknown>])[] = [
  ['no JSON', {}, undefined, { outcome: 'rejected', code: 'body-malformed' }],
  [
    'another shape',
    {},
    makeEvent({ user: {} }),
    { outcome: 'held', code: 'shape-changed', differences: [{ path: '$.user.id' }] },
  ],
  [
    'another event',
    { when: [{ path: '$.amount', equals: 1, inEverySample: true }] },
    makeEvent(),
    { outcome: 'ignored', code: 'when-differs' },
  ],
  [
    'no discriminator',
    { when: [{ path: '$.type', equals: 1, inEverySample: true }] },
    makeEvent(),
    { outcome: 'held', code: 'when-missing' },
  ],
  ['no elements', { split: '$[*]' }, [], { outcome: 'ignored', code: 'no-elements' }],
  ['no sample to compare with', { shape: null }, makeEvent(), { outcome: 'held', code: 'no-sample' }],
];
test.each(failures)('says why nothing was sent: %s', async (_, plan, event, want) => {
  const target = makeTarget();
  const sample = { headers: {}, body: event === undefined ? '{' : JSON.stringify(event) };
  const result = await send(plan, { sample }, target);
  expect(result).toMatchObject({ ...want, message: expect.stringMatching(/./), triggers: [] });
  expect(target.sent).toEqual([]);
});

test('says what the target said', async () => {
  const target = makeTarget();
  target.target.answer = () => ({ ok: false, retry: false, reason: 'no such flow' });
  expect(await send({}, {}, target)).toMatchObject({
    outcome: 'held',
    code: 'target-refused',
    message: 'no such flow',
  });
});
