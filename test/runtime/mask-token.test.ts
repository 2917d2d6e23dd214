/** A token inside the body proves a request; what is kept of the request does not have it any more. */

import { describe, expect, test } from 'vitest';
import type { Hold, StoredRequest } from '../../src/admin-api/records.ts';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import { maskToken } from '../../src/runtime/pipeline/mask-token.ts';
import { replayHold } from '../../src/runtime/redelivery/replay.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { makeEvent, makeRequest, makeWorld, NOW, SECRET } from './world.ts';

const tokenAt = (body: string): Partial<ConnectorPlan> => ({
  signature: { ...hmacSignature, type: 'token', signature: { body } },
});
const kept = (stored: StoredRequest | undefined) =>
  Buffer.from(stored?.body ?? '', 'base64').toString('utf8');

test('a hold keeps the event without its token, and is replayed as it would have been delivered', async () => {
  // The id is a digest of the body: the worst case for changing it.
  const plan = makePlan({ ...tokenAt('$.auth.token'), idempotency: { kind: 'body' } });
  const world = makeWorld([plan]);
  const event = makeRequest({ json: makeEvent({ auth: { token: SECRET, by: 'them' }, big: 1 }) });
  await world.pipeline.handle(event);
  world.pause('orders', 'under repair');
  expect(await world.pipeline.handle(event)).toMatchObject({ outcome: 'held' });
  const { grade: _, pauseAfter: __, ...held } = world.holds[0]!;
  expect(JSON.stringify(held)).not.toContain(SECRET);
  expect(JSON.parse(kept(held.request))).toEqual(makeEvent({ auth: { token: '***', by: 'them' }, big: 1 }));

  const hold: Hold = { ...held, format: 1, id: 'hold-1', count: 1, attempts: 0, nextAttemptAt: null };
  const state = { pauseOf: () => null };
  const done = async () => true;
  const others = async () => [];
  await replayHold(hold, { ...world.deps, state, others, remove: done, amend: done });
  expect(world.sent).toHaveLength(2);
  expect(world.sent[1]?.flowInvocationId).toBe(world.sent[0]?.flowInvocationId);
});

test('a capture keeps it neither', async () => {
  const world = makeWorld([makePlan({ ...tokenAt('$.token'), status: 'live' })]);
  world.windows.set('orders', NOW + 1000);
  await world.pipeline.handle(makeRequest({ json: makeEvent({ token: SECRET }) }));
  expect(kept(world.captured[0])).toContain('"token":"***"');
});

describe('what else is in the body stays as it is', () => {
  const mask = (path: string, body: string) =>
    maskToken(makePlan(tokenAt(path)), Buffer.from(body)).toString();
  test.each([
    [
      '$.token',
      '{"a":[1,2],"token":"x","n":12345678901234567890}',
      '{"a":[1,2],"token":"***","n":12345678901234567890}',
    ],
    ['$.token', '{"token":12345678901234567890,"__proto__":{"a":1}}', '{"token":0,"__proto__":{"a":1}}'],
    ["$['a b'][1].t", '{"a b":[{"t":"x"},{"t":"y"}]}', '{"a b":[{"t":"x"},{"t":"***"}]}'],
    ['$.token', '{"other":{"token":"x"}}', '{"other":{"token":"x"}}'],
    ['$.token', '["token"]', '["token"]'],
  ])('%s of %s', (path, body, masked) => {
    expect(mask(path, body)).toBe(masked);
    expect(mask(path, masked)).toBe(masked);
  });

  test('a body that cannot be read is not kept', () => expect(mask('$.token', '{"token":"x"')).toBe('***'));

  test('another scheme’s body is not touched', () => {
    const body = Buffer.from('{ "token": "x" }');
    expect(maskToken(makePlan({ signature: hmacSignature }), body)).toBe(body);
    expect(maskToken(makePlan(), body)).toBe(body);
  });
});
