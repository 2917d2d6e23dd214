import { describe, expect, onTestFinished, test } from 'vitest';
import { type AtomicTargetOptions, createAtomicTarget } from '../../../src/runtime/targets/atomic-target.ts';
import { makeTrigger, never, PRIVATE } from '../../../src/runtime/targets/example-trigger.ts';
import type { Target } from '../../../src/runtime/targets/target.ts';
import { describeTarget } from '../../conformance/target.ts';
import { ok, type RecordingServer, type Respond, silence, startServer, status } from './recording-server.ts';

const CREDENTIALS = { clientId: 'client-1', clientSecret: 'very-secret-client-secret' };

/** Answers with tokens: token-1, token-2... */
function tokens(expiresIn: unknown = 3600): Respond {
  let issued = 0;
  return (_, response) => {
    issued += 1;
    const token = { access_token: `token-${issued}`, token_type: 'Bearer', expires_in: expiresIn };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(token));
  };
}

interface Opened {
  readonly api: RecordingServer;
  readonly auth: RecordingServer;
  readonly target: Target;
}

async function openTarget(options: Partial<AtomicTargetOptions> = {}): Promise<Opened> {
  const [api, auth] = await Promise.all([startServer(), startServer(tokens())]);
  const target = createAtomicTarget({
    org: 'acme',
    env: 'env-1',
    ...CREDENTIALS,
    userAgent: 'sluice/1.2.3',
    baseUrl: `${api.origin}/`,
    tokenUrl: `${auth.origin}/oauth2/token`,
    pause: async () => {},
    ...options,
  });
  onTestFinished(async () => {
    await target.close();
    await Promise.all([api.close(), auth.close()]);
  });
  return { api, auth, target };
}

const bearers = (server: RecordingServer) => server.requests.map(({ headers }) => headers.authorization);

describeTarget('atomic', async () => {
  const [api, auth] = await Promise.all([startServer(), startServer(tokens())]);
  const target = createAtomicTarget({
    org: 'acme',
    env: 'env-1',
    ...CREDENTIALS,
    userAgent: 'sluice/1.2.3',
    baseUrl: api.origin,
    tokenUrl: auth.origin,
  });
  return {
    target,
    secrets: [CREDENTIALS.clientSecret, 'token-1', 'secret details'],
    arrived: async () =>
      api.requests.map(({ path, body }) => {
        const [flow] = JSON.parse(body).flows;
        return {
          flowInvocationId: flow.flowInvocationId,
          mode: path.endsWith('/test') ? 'test' : 'live',
          targetUserIds: flow.target.targetUserIds,
        };
      }),
    behave: async (as) => {
      api.respond = { work: ok, fail: status(503), stall: silence }[as];
    },
    stalled: async () => void (await api.next()),
    close: async () => void (await Promise.all([api.close(), auth.close()])),
  };
});

describe('starting a flow', () => {
  test('is the documented call', async () => {
    const { api, target } = await openTarget();
    await target.send(makeTrigger(), never());
    const { method, path, headers, body } = api.requests[0]!;
    expect([method, path]).toEqual(['POST', '/v1/env-1/action-flow/BkX2pQ/start']);
    expect(headers).toMatchObject({
      authorization: 'Bearer token-1',
      'content-type': 'application/json',
      'user-agent': 'sluice/1.2.3',
    });
    const { cardOptions, variables, notificationDetail, metadata, targetUserIds } = makeTrigger().trigger;
    expect(JSON.parse(body)).toEqual({
      flows: [
        {
          target: { type: 'user', targetUserIds },
          payload: { cardOptions, variables, notificationDetail, metadata },
          flowInvocationId: 'a3f1c0de',
        },
      ],
    });
  });

  test('of a test trigger calls /test', async () => {
    const { api, target } = await openTarget();
    await target.send(makeTrigger({ mode: 'test' }), never());
    expect(api.requests[0]!.path).toBe('/v1/env-1/action-flow/BkX2pQ/test');
  });

  test('leaves out what the trigger does not have', async () => {
    const { api, target } = await openTarget();
    await target.send(makeTrigger({ trigger: { targetUserIds: ['u'] } }), never());
    expect(JSON.parse(api.requests[0]!.body).flows[0].payload).toEqual({});
  });

  test.each([
    [400, { retry: false, reason: ': "bad" \\u{1b}[31m of ***, ***' }],
    [
      404,
      {
        retry: true,
        reason: '; check the flow id, --flows and the environment: "bad" \\u{1b}[31m of ***, ***',
      },
    ],
    [403, { retry: true, reason: '; check what the client id may do: "bad" \\u{1b}[31m of ***, ***' }],
    [429, { retry: true, reason: '' }],
    [500, { retry: true, reason: '' }],
  ])(
    'answered %i says whose fault it is, and what a refusal said without a value',
    async (code, { retry, reason }) => {
      const { api, target } = await openTarget();
      api.respond = status(code, {}, `"bad"\n\n  \u001b[31m of ${PRIVATE}, token-1`);
      expect(await target.send(makeTrigger(), never())).toEqual({
        ok: false,
        retry,
        reason: `the Action Flow API answered ${code}${reason}`,
        ...(code === 403 || code === 404 ? { isDeploymentFault: true } : {}),
      });
    },
  );

  test('a refusal that goes on and on is cut', async () => {
    const { api, target } = await openTarget();
    api.respond = status(400, {}, 'no '.repeat(5000));
    const delivery = await target.send(makeTrigger(), never());
    expect(JSON.stringify(delivery).length).toBeLessThan(450);
  });

  test('passes on how long to wait', async () => {
    const { api, target } = await openTarget();
    api.respond = status(429, { 'retry-after': '7' });
    expect(await target.send(makeTrigger(), never())).toMatchObject({ retryAfterMs: 7000 });
  });
});

describe('access tokens', () => {
  test('are asked for with client credentials and Basic authentication', async () => {
    const { auth, target } = await openTarget();
    await target.send(makeTrigger(), never());
    const { method, path, headers, body } = auth.requests[0]!;
    expect([method, path]).toEqual(['POST', '/oauth2/token']);
    const [scheme, encoded = ''] = (headers.authorization ?? '').split(' ');
    expect(scheme).toBe('Basic');
    expect(Buffer.from(encoded, 'base64').toString()).toBe('client-1:very-secret-client-secret');
    expect(headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'sluice/1.2.3',
    });
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client-1',
    });
  });

  test('are fetched once for requests that come together, and kept', async () => {
    const { api, auth, target } = await openTarget();
    await Promise.all(Array.from({ length: 10 }, () => target.send(makeTrigger(), never())));
    await target.send(makeTrigger(), never());
    expect(auth.requests).toHaveLength(1);
    expect(new Set(bearers(api))).toEqual(new Set(['Bearer token-1']));
  });

  test('are replaced shortly before they expire', async () => {
    let now = 1_000_000;
    const { api, target } = await openTarget({ now: () => now });
    await target.send(makeTrigger(), never());
    now += 3_539_000;
    await target.send(makeTrigger(), never());
    now += 2_000;
    await target.send(makeTrigger(), never());
    expect(bearers(api)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
  });

  test('that the API refuses are replaced once', async () => {
    const { api, auth, target } = await openTarget();
    await target.send(makeTrigger(), never());
    api.respond = (request, response) =>
      (request.headers.authorization === 'Bearer token-1' ? status(401) : ok)(request, response);
    expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
    expect(auth.requests).toHaveLength(2);
  });

  test('that the API refuses twice say that the credentials are wrong', async () => {
    let now = 1_000_000;
    const { api, auth, target } = await openTarget({ now: () => now });
    api.respond = status(401);
    const refused = {
      ok: false,
      retry: true,
      isDeploymentFault: true,
      reason: 'the Action Flow API answered 401 twice; check the client id and what it may do',
    };
    expect(await target.send(makeTrigger(), never())).toEqual(refused);
    // Nobody is asked again for each trigger.
    expect(await target.send(makeTrigger(), never())).toEqual(refused);
    expect([api.requests.length, auth.requests.length]).toEqual([2, 2]);
    now += 60_001;
    api.respond = ok;
    expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
  });

  test.each([
    [status(400), 'the token server answered 400; check the client id and the client secret'],
    [status(500), 'the token server answered 500'],
    [status(200, {}, 'not json'), 'the token server answered without a usable access token'],
    [status(200, {}, '{"access_token":"a\\nb"}'), 'the token server answered without a usable access token'],
    [status(200, {}, 'x'.repeat(100_000)), 'the token server answered without a usable access token'],
  ])('that cannot be had are worth another try later', async (respond, reason) => {
    const { api, auth, target } = await openTarget();
    auth.respond = respond;
    expect(await target.send(makeTrigger(), never())).toMatchObject({ ok: false, retry: true, reason });
    expect(api.requests).toEqual([]);
  });

  test('are not asked for again at once after a failure', async () => {
    let now = 1_000_000;
    const { auth, target } = await openTarget({ now: () => now });
    auth.respond = status(429, { 'retry-after': '30' });
    for (let index = 0; index < 5; index += 1) await target.send(makeTrigger(), never());
    expect(auth.requests).toHaveLength(1);
    auth.respond = tokens();
    now += 30_001;
    expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
  });

  test('arrive for the others when the request that asked first has given up', async () => {
    const { auth, target } = await openTarget();
    const held = Promise.withResolvers<void>();
    auth.respond = (request, response) => void held.promise.then(() => tokens()(request, response));
    const abort = new AbortController();
    const asked = auth.next();
    const first = target.send(makeTrigger(), abort.signal);
    const second = target.send(makeTrigger(), never());
    await asked;
    abort.abort();
    expect(await first).toMatchObject({ ok: false, retry: true });
    held.resolve();
    expect(await second).toEqual({ ok: true });
    expect(auth.requests).toHaveLength(1);
  });
});
