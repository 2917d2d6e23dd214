import { describe, expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import type { PipelineDeps } from '../../src/runtime/pipeline/pipeline.ts';
import type { ConditionPlan, HandshakePlan, ScriptMappingPlan } from '../../src/stages/plans.ts';
import type { ScriptResult, ScriptRunner } from '../../src/stages/script/script-runner.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { makeEvent, makeRequest, makeWorld, NOW, type RequestChanges, summary } from './world.ts';

type World = ReturnType<typeof makeWorld>;

interface Case {
  readonly note: string;
  readonly plan?: Partial<ConnectorPlan>;
  readonly deps?: Partial<PipelineDeps>;
  readonly before?: (world: World) => void;
  readonly request?: RequestChanges;
  /** Outcome and code, and `paused` and `mode` where they matter. */
  readonly want: Record<string, unknown>;
}

const signed: Partial<ConnectorPlan> = { signature: hmacSignature };
const live: Partial<ConnectorPlan> = { signature: hmacSignature, status: 'live' };
const disabled: Partial<ConnectorPlan> = { signature: hmacSignature, status: 'disabled' };
const form: Partial<ConnectorPlan> = { body: 'form' };
const rejected = (code: string) => ({ outcome: 'rejected', code });
const delivered = (mode = 'test') => ({ outcome: 'delivered', code: 'delivered', mode });
const ignored = (code: string) => ({ outcome: 'ignored', code });
const held = (code: string, paused = false) => ({ outcome: 'held', code, paused });

function isPaid(changes: Partial<ConditionPlan> = {}): ConditionPlan {
  return { path: '$.type', equals: 'paid', inEverySample: true, ...changes };
}

const challenge: HandshakePlan = {
  when: [{ path: '$.type', equals: 'url_verification', inEverySample: false }],
  status: 200,
  text: { kind: 'path', paths: ['$.challenge'] },
};
const withChallenge: Partial<ConnectorPlan> = { signature: { ...hmacSignature, handshake: [challenge] } };
const challengeBody = { type: 'url_verification', challenge: 'echo me' };

const openWindow = (world: World): void => {
  world.windows.set('orders', NOW + 1);
};
const pause = (world: World): void => world.pause('orders', '$.user.id: expected string, found missing');
const fillState = (world: World): void => {
  world.state.full = true;
};
const stopTarget = (world: World): void => {
  world.target.answer = () => ({ ok: false, retry: true, reason: 'connection refused' });
};

const cases: Readonly<Record<string, readonly Case[]>> = {
  '1 URL and method': [
    {
      note: 'the id of no connector',
      request: { connector: 'unknown' },
      want: rejected('connector-unknown'),
    },
    {
      note: 'a name that every object has',
      request: { connector: 'constructor' },
      want: rejected('connector-unknown'),
    },
    {
      note: 'a method that no connector takes',
      request: { method: 'GET' },
      want: rejected('method-not-allowed'),
    },
    {
      note: 'a method that this connector does not take',
      plan: { methods: ['POST'] },
      request: { method: 'PUT' },
      want: rejected('method-not-allowed'),
    },
    { note: 'PUT is as good as POST', request: { method: 'PUT' }, want: delivered() },
    { note: 'no bundle is active yet', deps: { ready: () => false }, want: rejected('not-ready') },
  ],
  '2 address': [
    {
      note: 'in no allowed range',
      plan: { allowIps: ['10.0.0.0/8'] },
      want: rejected('address-not-allowed'),
    },
    {
      note: 'in no allowed range, though signed',
      plan: { ...signed, allowIps: ['10.0.0.0/8'] },
      request: { sign: true },
      want: rejected('address-not-allowed'),
    },
    {
      note: 'no address',
      plan: { allowIps: ['0.0.0.0/0'] },
      request: { ip: '' },
      want: rejected('address-not-allowed'),
    },
    { note: 'in an allowed range', plan: { allowIps: ['203.0.113.0/24'] }, want: delivered() },
    {
      note: 'in an allowed IPv6 range',
      plan: { allowIps: ['2001:db8::/32'] },
      request: { ip: '2001:db8::7' },
      want: delivered(),
    },
  ],
  '3 body': [
    {
      note: 'too large',
      request: { raw: `"${'x'.repeat(1024 * 1024)}"` },
      want: rejected('body-too-large'),
    },
    {
      note: 'compressed in a way that few know',
      request: { headers: { 'content-encoding': 'zstd' } },
      want: rejected('body-encoding-unsupported'),
    },
    {
      note: 'compressed, but only by its own account',
      request: { headers: { 'content-encoding': 'gzip' } },
      want: rejected('body-malformed'),
    },
    {
      note: 'a charset where a coding belongs',
      request: { headers: { 'content-encoding': 'UTF-8' } },
      want: delivered(),
    },
    {
      note: 'not compressed, and says so',
      request: { headers: { 'content-encoding': 'Identity' } },
      want: delivered(),
    },
    {
      note: 'not UTF-8, but only by its own account',
      request: { headers: { 'content-type': 'application/json; charset=iso-8859-1' } },
      want: delivered(),
    },
    {
      note: 'UTF-8 in quotes and capitals',
      request: { headers: { 'content-type': 'Application/JSON ; charset="UTF-8"' } },
      want: delivered(),
    },
    {
      note: 'a form where JSON is wanted',
      request: { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      want: rejected('body-type-unsupported'),
    },
    {
      note: 'a multipart form where JSON is wanted',
      request: { headers: { 'content-type': 'multipart/form-data; boundary=x' } },
      want: rejected('body-type-unsupported'),
    },
    { note: 'JSON where a form is wanted', plan: form, want: rejected('body-type-unsupported') },
    {
      note: 'JSON under another name',
      request: { headers: { 'content-type': 'text/plain' } },
      want: delivered(),
    },
    { note: 'JSON without a name', request: { headers: { 'content-type': [] } }, want: delivered() },
    {
      note: 'two types',
      request: { headers: { 'content-type': ['application/json', 'application/json'] } },
      want: rejected('request-malformed'),
    },
  ],
  '4 signature': [
    { note: 'missing', plan: signed, want: rejected('signature-missing') },
    {
      note: 'wrong',
      plan: signed,
      request: { headers: { 'x-signature': 'a'.repeat(64) } },
      want: rejected('signature-mismatch'),
    },
    {
      note: 'of another body',
      plan: signed,
      request: { sign: true, headers: { 'x-signature': 'no hex' } },
      want: rejected('signature-mismatch'),
    },
    {
      note: 'checked before the body is parsed',
      plan: signed,
      request: { raw: '{', headers: { 'x-signature': 'a'.repeat(64) } },
      want: rejected('signature-mismatch'),
    },
    {
      note: 'the secret is not there',
      plan: signed,
      deps: { secrets: () => undefined },
      request: { sign: true },
      want: rejected('secret-missing'),
    },
    {
      note: 'stale',
      plan: {
        signature: {
          ...hmacSignature,
          timestamp: { header: 'x-time', tolerance: 300 },
          covers: { body: true, headers: [], timestamp: true },
        },
      },
      request: { sign: true, headers: { 'x-time': String(NOW / 1000 - 301) } },
      want: rejected('signature-stale'),
    },
    {
      note: 'two timestamps',
      plan: { signature: { ...hmacSignature, timestamp: { header: 'x-time', tolerance: 300 } } },
      request: { sign: true, headers: { 'x-time': [String(NOW / 1000), String(NOW / 1000)] } },
      want: rejected('signature-mismatch'),
    },
    { note: 'genuine', plan: signed, request: { sign: true }, want: delivered() },
    { note: 'a test connector without any', want: delivered() },
  ],
  '5 handshake': [
    {
      note: 'a signed challenge is answered',
      plan: withChallenge,
      request: { json: challengeBody, sign: true },
      want: { outcome: 'answered', code: 'handshake' },
    },
    {
      note: 'an unsigned one is not',
      plan: withChallenge,
      request: { json: challengeBody },
      want: rejected('signature-missing'),
    },
    {
      note: 'nor is one for a connector that is paused kept',
      plan: withChallenge,
      before: pause,
      request: { json: challengeBody, sign: true },
      want: { outcome: 'answered', code: 'handshake' },
    },
    {
      note: 'while a sample is waited for, a signed one is answered',
      plan: withChallenge,
      before: openWindow,
      request: { json: challengeBody, sign: true },
      want: { outcome: 'answered', code: 'handshake' },
    },
    {
      note: 'while a sample is waited for, an unsigned one is the sample',
      plan: withChallenge,
      before: openWindow,
      request: { json: challengeBody },
      want: { outcome: 'captured', code: 'captured' },
    },
    { note: 'an event is none', plan: withChallenge, request: { sign: true }, want: delivered() },
    {
      note: 'a body that cannot be parsed is none',
      plan: withChallenge,
      request: { raw: '{', sign: true },
      want: rejected('body-malformed'),
    },
  ],
  '6 disabled': [
    { note: 'a genuine request', plan: disabled, request: { sign: true }, want: ignored('disabled') },
    { note: 'a stranger finds nothing', plan: disabled, want: rejected('connector-unknown') },
    {
      note: 'a stranger finds nothing where the secret is gone',
      plan: disabled,
      deps: { secrets: () => undefined },
      want: rejected('connector-unknown'),
    },
    { note: 'nothing has to be proven', plan: { status: 'disabled' }, want: ignored('disabled') },
    {
      note: 'a window opens nothing',
      plan: disabled,
      before: openWindow,
      request: { sign: true },
      want: ignored('disabled'),
    },
  ],
  '7 parse': [
    { note: 'not JSON', request: { raw: 'hello' }, want: rejected('body-malformed') },
    { note: 'nothing', request: { raw: '' }, want: rejected('body-malformed') },
    {
      note: 'not UTF-8',
      request: { raw: Buffer.from([0x22, 0xff, 0x22]) },
      want: rejected('body-malformed'),
    },
    {
      note: 'nested deeper than 64',
      request: { raw: '['.repeat(65) + ']'.repeat(65) },
      want: rejected('body-malformed'),
    },
    {
      note: 'signed, but not JSON',
      plan: signed,
      request: { raw: '{', sign: true },
      want: rejected('body-malformed'),
    },
    {
      note: 'a __proto__ member is only data',
      request: { raw: '{"__proto__":{"user":{"id":"u"}},"id":"e","amount":1,"user":{"id":"user_1"}}' },
      want: delivered(),
    },
    {
      note: 'a __proto__ member stands in for nothing',
      request: { raw: '{"__proto__":{"user":{"id":"u"}},"id":"e","amount":1}' },
      want: held('shape-changed', false),
    },
    {
      note: 'a form',
      plan: { ...form, mapping: { kind: 'structured', targetUserIds: [{ kind: 'path', paths: ['$.id'] }] } },
      request: {
        raw: 'id=a%20b&user=x',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      want: held('shape-changed', true),
    },
  ],
  '8 capture': [
    {
      note: 'of a test connector: the next request, whoever sent it',
      plan: signed,
      before: openWindow,
      want: { outcome: 'captured', code: 'captured' },
    },
    {
      note: 'of a test connector: nothing is asked about its shape',
      before: openWindow,
      request: { json: { other: true } },
      want: { outcome: 'captured', code: 'captured' },
    },
    {
      note: 'of a test connector: the address still counts',
      plan: { allowIps: ['10.0.0.0/8'] },
      before: openWindow,
      want: rejected('address-not-allowed'),
    },
    {
      note: 'of a test connector: what is no JSON is no sample',
      before: openWindow,
      request: { raw: '{' },
      want: rejected('body-malformed'),
    },
    {
      note: 'of a test connector: what cannot be kept is not accepted',
      before: (world) => {
        openWindow(world);
        fillState(world);
      },
      want: rejected('state-unavailable'),
    },
    {
      note: 'of a live connector: strangers are refused as ever',
      plan: live,
      before: openWindow,
      want: rejected('signature-missing'),
    },
    {
      note: 'of a live connector: a genuine request is copied and goes on',
      plan: live,
      before: openWindow,
      request: { sign: true },
      want: delivered('live'),
    },
    {
      note: 'of a live connector: it goes on where the copy fails',
      plan: live,
      before: (world) => {
        openWindow(world);
        fillState(world);
      },
      request: { sign: true },
      want: delivered('live'),
    },
    {
      note: 'the time of the window is over',
      plan: signed,
      before: (world) => world.windows.set('orders', NOW),
      want: rejected('signature-missing'),
    },
  ],
  '9 when': [
    {
      note: 'another event',
      plan: { when: [isPaid()] },
      request: { json: makeEvent({ type: 'due' }) },
      want: ignored('when-differs'),
    },
    {
      note: 'another event, though paused',
      plan: { when: [isPaid()] },
      before: pause,
      request: { json: makeEvent({ type: 'due' }) },
      want: ignored('when-differs'),
    },
    {
      note: 'our event',
      plan: { when: [isPaid()] },
      request: { json: makeEvent({ type: 'paid' }) },
      want: delivered(),
    },
    {
      note: 'what every sample has is missing: drift, not another event',
      plan: { when: [isPaid()] },
      want: held('when-missing'),
    },
    {
      note: 'what not every sample has is missing: another event',
      plan: { when: [isPaid({ inEverySample: false })] },
      want: ignored('when-differs'),
    },
  ],
  '9 mode': [
    {
      note: 'a test connector sends test cards',
      plan: signed,
      request: { sign: true },
      want: delivered('test'),
    },
    { note: 'a live one live cards', plan: live, request: { sign: true }, want: delivered('live') },
    {
      note: 'a deployment that allows test only sends no live cards',
      plan: live,
      deps: { maxMode: 'test' },
      request: { sign: true },
      want: delivered('test'),
    },
    {
      note: 'the test traffic of the provider never goes live',
      plan: { ...live, testWhen: { path: '$.livemode', equals: false, inEverySample: true } },
      request: { json: makeEvent({ livemode: false }), sign: true },
      want: delivered('test'),
    },
    {
      note: 'its live traffic does',
      plan: { ...live, testWhen: { path: '$.livemode', equals: false, inEverySample: true } },
      request: { json: makeEvent({ livemode: true }), sign: true },
      want: delivered('live'),
    },
    {
      note: 'nor does its live traffic go live from a test connector',
      plan: { ...signed, testWhen: { path: '$.livemode', equals: false, inEverySample: true } },
      request: { json: makeEvent({ livemode: true }), sign: true },
      want: delivered('test'),
    },
  ],
  '10 paused': [
    { note: 'what fits is kept', before: pause, want: held('paused', true) },
    {
      note: 'in the mode that it came in',
      plan: live,
      before: pause,
      request: { sign: true },
      want: { ...held('paused', true), mode: 'live' },
    },
    {
      note: 'what cannot be kept is not accepted',
      before: (world) => {
        pause(world);
        fillState(world);
      },
      want: rejected('state-unavailable'),
    },
  ],
  '11 shape': [
    {
      note: 'who gets the card is missing',
      request: { json: makeEvent({ user: {} }) },
      want: held('shape-changed', false),
    },
    {
      note: 'or null',
      request: { json: makeEvent({ user: { id: null } }) },
      want: held('shape-changed', false),
    },
    {
      note: 'a mapped value of another type',
      request: { json: makeEvent({ amount: 'twelve' }) },
      want: held('shape-changed', true),
    },
    {
      note: 'a mapped value is missing',
      request: { json: makeEvent({ amount: undefined }) },
      want: held('shape-changed', false),
    },
    { note: 'a new member', request: { json: makeEvent({ more: 1 }) }, want: delivered() },
    { note: 'no sample yet', plan: { shape: null }, want: held('no-sample', true) },
    {
      note: 'what cannot be kept is not accepted',
      before: fillState,
      request: { json: makeEvent({ user: {} }) },
      want: rejected('state-unavailable'),
    },
  ],
  '12 map': [
    {
      note: 'an invalid trigger',
      plan: {
        mapping: {
          kind: 'structured',
          targetUserIds: [{ kind: 'path', paths: ['$.user.id'] }],
          cardOptions: { priority: { kind: 'path', paths: ['$.amount'] } },
        },
      },
      want: held('trigger-invalid'),
    },
    {
      note: 'no event id',
      request: { json: makeEvent({ id: undefined }) },
      want: held('idempotency-missing'),
    },
  ],
  '13 deliver': [
    { note: 'the target is down', before: stopTarget, want: held('undelivered') },
    {
      note: 'the target will never take it',
      before: (world) => {
        world.target.answer = () => ({ ok: false, retry: false, reason: 'no such flow' });
      },
      want: held('target-refused'),
    },
    {
      note: 'the target is down and the state is full',
      before: (world) => {
        stopTarget(world);
        fillState(world);
      },
      want: rejected('state-unavailable'),
    },
  ],
};

describe.each(Object.entries(cases))('%s', (_, group) => {
  test.each(group)('$note', async ({ plan, deps, before, request, want }) => {
    const world = makeWorld([makePlan(plan)], deps);
    before?.(world);
    const wasPaused = world.isPaused('orders');
    const outcome = await world.pipeline.handle(makeRequest(request));
    expect(summary(outcome)).toMatchObject(want);
    expect(world.errors).toEqual([]);
    if (outcome.outcome === 'rejected') {
      expect(world).toMatchObject({ sent: [], holds: [], captured: [] });
      expect(world.isPaused('orders')).toBe(wasPaused);
    }
    if (outcome.outcome === 'delivered') expect(outcome.triggers).toEqual(world.sent);
    else expect(world.sent).toEqual([]);
    expect(world.holds).toHaveLength(outcome.outcome === 'held' ? 1 : 0);
  });
});

test('a method that is not allowed comes with those that are', async () => {
  const { pipeline } = makeWorld([makePlan({ methods: ['PUT'] })]);
  expect(await pipeline.handle(makeRequest())).toMatchObject({ code: 'method-not-allowed', allow: ['PUT'] });
});

test('a missing secret stops one connector; the others go on', async () => {
  const other = { ...hmacSignature, secrets: [{ env: 'SLUICE_SECRET_OTHER' }] };
  const { pipeline } = makeWorld([makePlan(signed), makePlan({ id: 'other', signature: other })]);
  expect(await pipeline.handle(makeRequest({ connector: 'other', sign: true }))).toMatchObject(
    rejected('secret-missing'),
  );
  expect(await pipeline.handle(makeRequest({ sign: true }))).toMatchObject(delivered());
});

test('a plan that cannot be run stops one connector; the others go on', async () => {
  const broken = makePlan({ id: 'broken', split: 'no path' });
  const { pipeline, active } = makeWorld([makePlan(), broken]);
  expect(await pipeline.handle(makeRequest({ connector: 'broken' }))).toMatchObject(
    rejected('connector-broken'),
  );
  expect(await pipeline.handle(makeRequest())).toMatchObject(delivered());
  expect(active.get('broken')?.broken).not.toBeNull();
  expect(active.get('orders')?.broken).toBeNull();
});

test('bad signatures never pause, however many', async () => {
  const { pipeline, isPaused } = makeWorld([makePlan(signed)]);
  for (let count = 0; count < 20; count += 1) {
    await pipeline.handle(makeRequest({ headers: { 'x-signature': 'a'.repeat(64) }, json: {} }));
  }
  expect(isPaused('orders')).toBe(false);
});

test('the answer to a challenge is the whole answer', async () => {
  const { pipeline } = makeWorld([makePlan(withChallenge)]);
  expect(await pipeline.handle(makeRequest({ json: challengeBody, sign: true }))).toMatchObject({
    status: 200,
    contentType: 'text/plain; charset=utf-8',
    body: 'echo me',
  });
});

test('capture keeps this one request, without its credentials', async () => {
  const world = makeWorld([makePlan(signed)]);
  openWindow(world);
  const headers = { authorization: 'Bearer x', cookie: 'x', 'x-signature': 'x', 'x-event': 'paid' };
  await world.pipeline.handle(makeRequest({ headers, raw: '{"a":1}' }));
  expect(world.captured).toEqual([
    {
      method: 'POST',
      url: '/c/orders',
      ip: '203.0.113.9',
      headers: [
        ['content-type', 'application/json'],
        ['x-event', 'paid'],
      ],
      body: Buffer.from('{"a":1}').toString('base64'),
    },
  ]);
  expect(await world.pipeline.handle(makeRequest())).toMatchObject(rejected('signature-missing'));
});

test('a body that is no sample leaves the window open', async () => {
  const world = makeWorld([makePlan(signed)]);
  openWindow(world);
  await world.pipeline.handle(makeRequest({ raw: '{' }));
  expect(await world.pipeline.handle(makeRequest())).toMatchObject({ outcome: 'captured' });
});

test('a hold has all that a replay and an operator need, and no credential', async () => {
  const world = makeWorld([
    makePlan({ ...live, idempotency: { kind: 'header', header: 'idempotency-key' } }),
  ]);
  const request = makeRequest({
    json: makeEvent({ user: {} }),
    sign: true,
    headers: { 'idempotency-key': 'key-1', authorization: 'Bearer x' },
  });
  await world.pipeline.handle(request);
  expect(world.holds).toEqual([
    {
      connector: 'orders',
      requestId: request.id,
      receivedAt: NOW,
      code: 'shape-changed',
      message: expect.stringContaining('$.user.id'),
      grade: 'hold',
      pauseAfter: 3,
      mode: 'live',
      behaviour: 'b'.repeat(64),
      differences: [expect.objectContaining({ path: '$.user.id', found: 'missing' })],
      sourceId: 'key-1',
      requestDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      verifiedBy: 'env:SLUICE_SECRET_TEST',
      request: {
        method: 'POST',
        url: '/c/orders',
        ip: '203.0.113.9',
        headers: [
          ['content-type', 'application/json'],
          ['idempotency-key', 'key-1'],
        ],
        body: request.body.toString('base64'),
      },
      elements: null,
      triggers: [],
    },
  ]);
});

test('a token that the connector compares is not kept, whatever its header is called', async () => {
  const signature = {
    ...hmacSignature,
    type: 'token',
    signature: { headers: ['x-caller'] },
  } as const;
  const world = makeWorld([makePlan({ signature })]);
  world.pause('orders', 'by hand');
  await world.pipeline.handle(makeRequest({ headers: { 'x-caller': 'whsec_example' } }));
  expect(world.holds[0]?.request.headers).toEqual([['content-type', 'application/json']]);
});

test('requests of grade hold pause after three in a row; one that fits begins anew', async () => {
  const world = makeWorld([makePlan()]);
  const send = async (event: Record<string, unknown>) =>
    summary(await world.pipeline.handle(makeRequest({ json: event }))).paused;
  const odd = makeEvent({ amount: undefined });
  expect([await send(odd), await send(odd)]).toEqual([false, false]);
  expect(await send(makeEvent())).toBeUndefined();
  expect([await send(odd), await send(odd), await send(odd)]).toEqual([false, false, true]);
  expect(summary(await world.pipeline.handle(makeRequest()))).toMatchObject(held('paused', true));
});

test('drift is delivered, and described at most once in ten seconds', async () => {
  const world = makeWorld([makePlan()]);
  const send = () => world.pipeline.handle(makeRequest({ json: makeEvent({ surprise: 'x' }) }));
  expect(await send()).toMatchObject({ ...delivered(), drift: true });
  world.clock.now += 9_999;
  await send();
  expect(world.drifts).toHaveLength(1);
  world.clock.now += 1;
  await send();
  expect(world.drifts).toHaveLength(2);
  expect(JSON.stringify(world.drifts)).not.toContain('surprise');
  world.clock.now -= 3_600_000;
  await send();
  expect(world.drifts).toHaveLength(3);
  expect(await world.pipeline.handle(makeRequest())).toMatchObject({ drift: false });
});

test('the trigger carries flow, mode, and one id however often the event is sent', async () => {
  const world = makeWorld([makePlan(live)], { flows: { flow_1: 'BkX2pQ' } });
  const first = makeRequest({ sign: true });
  await world.pipeline.handle(first);
  await world.pipeline.handle(makeRequest({ sign: true }));
  const [one, two] = world.sent;
  expect(one).toEqual({
    requestId: first.id,
    connector: 'orders',
    actionFlow: 'BkX2pQ',
    mode: 'live',
    flowInvocationId: expect.stringMatching(/^[0-9a-f]{64}$/),
    trigger: {
      targetUserIds: ['user_1'],
      variables: { amount: '12' },
      flowInvocationId: one?.flowInvocationId,
    },
  });
  expect(two?.flowInvocationId).toBe(one?.flowInvocationId);
});

test('a flow that is called as something every object has keeps its name', async () => {
  const world = makeWorld([makePlan({ actionFlow: 'constructor' })], { flows: {} });
  await world.pipeline.handle(makeRequest());
  expect(world.sent[0]?.actionFlow).toBe('constructor');
});

test('what the target did not take is kept as it was mapped', async () => {
  const world = makeWorld([makePlan()]);
  stopTarget(world);
  await world.pipeline.handle(makeRequest());
  expect(world.holds[0]).toMatchObject({
    code: 'undelivered',
    grade: 'none',
    message: 'connection refused',
    elements: null,
    triggers: [{ connector: 'orders', mode: 'test', trigger: { targetUserIds: ['user_1'] } }],
  });
});

test('a target that does not answer in time has not taken it', async () => {
  const world = makeWorld([makePlan()]);
  world.target.answer = () => new Promise(() => {});
  const handling = world.pipeline.handle(makeRequest());
  await expect.poll(() => world.timer.started).toEqual([2000]);
  world.timer.expire();
  expect(await handling).toMatchObject(held('undelivered'));
});

const script: ScriptMappingPlan = { kind: 'script', file: 'm.js', source: '', digest: 'd' };

function scriptsThat(run: () => ScriptResult): ScriptRunner {
  return { run: async () => run(), close: async () => {} };
}

describe('scripts', () => {
  const results: readonly (readonly [string, ScriptResult, Record<string, unknown>])[] = [
    ['gives a trigger', { ok: true, value: { targetUserIds: ['u'] } }, delivered()],
    ['gives null', { ok: true, value: null }, ignored('script-ignored')],
    ['gives nonsense', { ok: true, value: 7 }, held('trigger-invalid')],
    [
      'fails',
      { ok: false, code: 'script-error', message: 'x is not defined', line: 3 },
      held('script-error'),
    ],
    ['takes too long', { ok: false, code: 'script-timeout', message: 'over 100 ms' }, held('script-timeout')],
    ['takes too much', { ok: false, code: 'script-memory', message: 'over 16 MB' }, held('script-memory')],
  ];
  test.each(results)('one that %s', async (_, result, want) => {
    const world = makeWorld([makePlan({ mapping: script })], { scripts: scriptsThat(() => result) });
    expect(summary(await world.pipeline.handle(makeRequest()))).toMatchObject(want);
  });

  test('the place of an error is part of the reason', async () => {
    const scripts = scriptsThat(() => ({
      ok: false,
      code: 'script-error',
      message: 'x is not defined',
      line: 3,
    }));
    const world = makeWorld([makePlan({ mapping: script })], { scripts });
    await world.pipeline.handle(makeRequest());
    expect(world.holds[0]?.message).toBe('x is not defined (m.js:3:1)');
  });

  test('a bug where nothing should throw loses no request, and is reported', async () => {
    const bug = new Error('bug');
    const scripts = scriptsThat(() => {
      throw bug;
    });
    const world = makeWorld([makePlan({ mapping: script })], { scripts });
    expect(await world.pipeline.handle(makeRequest())).toMatchObject(held('mapping-failed'));
    expect(world.errors).toEqual([bug]);
  });
});

test('a bug before a request is verified is an internal error', async () => {
  const world = makeWorld([makePlan(signed)], {
    secrets: () => {
      throw new Error('bug');
    },
  });
  expect(await world.pipeline.handle(makeRequest({ sign: true }))).toMatchObject(rejected('internal-error'));
  expect(world.errors).toHaveLength(1);
});
