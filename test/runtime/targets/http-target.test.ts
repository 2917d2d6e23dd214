import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeTrigger, never } from '../../../src/runtime/targets/example-trigger.ts';
import { createHttpTarget } from '../../../src/runtime/targets/http-target.ts';
import { decodeWebhookSecret } from '../../../src/runtime/targets/standard-webhooks.ts';
import type { Target } from '../../../src/runtime/targets/target.ts';
import { describeTarget } from '../../conformance/target.ts';
import { ok, type RecordingServer, silence, startServer, status } from './recording-server.ts';

const KEY = randomBytes(32);
const SECRET = `whsec_${KEY.toString('base64')}`;
const NOW = Date.parse('2026-02-03T04:05:06.789Z');

async function openTarget(
  options: { now?: () => number; testUrl?: string | null } = {},
): Promise<{ server: RecordingServer; target: Target; pauses: number[] }> {
  const server = await startServer();
  const pauses: number[] = [];
  const target = createHttpTarget({
    url: `${server.origin}/live?key=s3cret`,
    testUrl: options.testUrl === undefined ? `${server.origin}/test` : options.testUrl,
    key: KEY,
    userAgent: 'sluice/1.2.3',
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
    },
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  onTestFinished(async () => {
    await target.close();
    await server.close();
  });
  return { server, target, pauses };
}

describeTarget('http', async () => {
  const server = await startServer();
  const target = createHttpTarget({
    url: `${server.origin}/live?key=s3cret`,
    testUrl: `${server.origin}/test`,
    key: KEY,
    userAgent: 'sluice/1.2.3',
  });
  return {
    target,
    secrets: [SECRET, KEY.toString('base64'), 's3cret', 'secret details'],
    arrived: async () =>
      server.requests.map(({ path, body }) => {
        const { flowInvocationId, trigger } = JSON.parse(body);
        const mode = path === '/test' ? 'test' : 'live';
        return { flowInvocationId, mode, targetUserIds: trigger.targetUserIds };
      }),
    behave: async (as) => {
      server.respond = { work: ok, fail: status(500), stall: silence }[as];
    },
    stalled: async () => void (await server.next()),
    close: () => server.close(),
  };
});

describe('what is sent', () => {
  test('is signed so that an implementation of Standard Webhooks accepts it', async () => {
    const { server, target } = await openTarget();
    await target.send(makeTrigger(), never());
    const { body, headers } = server.requests[0]!;
    const verified = new Webhook(SECRET).verify(body, headers as Record<string, string>);
    expect(verified).toEqual({
      connector: 'stripe-payment-failed',
      actionFlow: 'BkX2pQ',
      mode: 'live',
      flowInvocationId: 'a3f1c0de',
      requestId: 'req-1',
      trigger: makeTrigger().trigger,
    });
    const other = new Webhook(`whsec_${randomBytes(32).toString('base64')}`);
    expect(() => other.verify(body, headers as Record<string, string>)).toThrow();
  });

  test('names the invocation, the time and the sender in headers', async () => {
    const { server, target } = await openTarget({ now: () => NOW });
    await target.send(makeTrigger(), never());
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/live?key=s3cret',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'sluice/1.2.3',
        'idempotency-key': 'a3f1c0de',
        'webhook-id': 'a3f1c0de',
        'webhook-timestamp': '1770091506',
      },
    });
  });

  test.each(['with space', 'new\nline', 'é', 'dotted.id', 'x'.repeat(257)])(
    'carries the invocation id %j in the body, and a digest in the headers',
    async (flowInvocationId) => {
      const { server, target } = await openTarget();
      expect(await target.send(makeTrigger({ flowInvocationId }), never())).toEqual({ ok: true });
      const { body, headers } = server.requests[0]!;
      expect(JSON.parse(body).flowInvocationId).toBe(flowInvocationId);
      expect(headers['webhook-id']).toMatch(/^sha256-[0-9a-f]{64}$/);
      new Webhook(SECRET).verify(body, headers as Record<string, string>);
    },
  );

  test('keeps every digit of a large integer', async () => {
    const { server, target } = await openTarget();
    const { trigger } = makeTrigger();
    await target.send(
      makeTrigger({ trigger: { ...trigger, metadata: { order: 12345678901234567890n } } }),
      never(),
    );
    expect(server.requests[0]!.body).toContain('{"order":12345678901234567890}');
  });

  test('never goes to the live URL when it is a test trigger', async () => {
    const { server, target } = await openTarget({ testUrl: null });
    expect(await target.send(makeTrigger({ mode: 'test' }), never())).toMatchObject({
      ok: false,
      retry: false,
      reason: expect.stringContaining('test URL'),
    });
    expect(server.requests).toEqual([]);
  });

  test('uses its connections again', async () => {
    const { server, target } = await openTarget();
    for (let index = 0; index < 20; index += 1) await target.send(makeTrigger(), never());
    // The next trigger does not wait until the last answer's body is read, so there may be two.
    expect(new Set(server.requests.map(({ connection }) => connection)).size).toBeLessThanOrEqual(2);
  });
});

describe('what is answered', () => {
  test.each([200, 201, 202, 204, 299])('%i acknowledges', async (code) => {
    const { server, target } = await openTarget();
    server.respond = status(code);
    expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
  });

  test.each([408, 409, 425, 429, 500, 502, 503, 504])('%i may pass', async (code) => {
    const { server, target } = await openTarget();
    server.respond = status(code);
    expect(await target.send(makeTrigger(), never())).toEqual({
      ok: false,
      retry: true,
      reason: `the target answered ${code}`,
    });
    expect(server.requests).toHaveLength(1);
  });

  test.each([400, 401, 403, 404, 410, 413, 422])('%i is final', async (code) => {
    const { server, target } = await openTarget();
    server.respond = status(code);
    expect(await target.send(makeTrigger(), never())).toEqual({
      ok: false,
      retry: false,
      reason: `the target answered ${code}: secret details`,
    });
  });

  test.each([301, 302, 307, 308])('%i is not followed', async (code) => {
    const { server, target } = await openTarget();
    const elsewhere = await startServer();
    onTestFinished(() => elsewhere.close());
    server.respond = status(code, { location: `${elsewhere.origin}/stolen` });
    expect(await target.send(makeTrigger(), never())).toMatchObject({ ok: false, retry: false });
    expect(elsewhere.requests).toEqual([]);
  });

  test.each([
    ['120', 120_000],
    ['Tue, 03 Feb 2026 04:06:06 GMT', 59_211],
    ['Tue, 03 Feb 2026 04:00:00 GMT', 0],
    ['999999999', 86_400_000],
  ])('Retry-After: %s asks for a wait of %i ms', async (value, retryAfterMs) => {
    const { server, target } = await openTarget({ now: () => NOW });
    server.respond = status(429, { 'retry-after': value });
    expect(await target.send(makeTrigger(), never())).toMatchObject({ ok: false, retry: true, retryAfterMs });
  });

  test.each(['soon', '-1', '1.5', '2026-02-03', ''])('Retry-After: %j asks for nothing', async (value) => {
    const { server, target } = await openTarget();
    server.respond = status(503, { 'retry-after': value });
    expect(await target.send(makeTrigger(), never())).toEqual({
      ok: false,
      retry: true,
      reason: 'the target answered 503',
    });
  });

  test('an endless body does not keep an acknowledged trigger waiting', async () => {
    const { server, target } = await openTarget();
    server.respond = (_, response) => {
      response.writeHead(200);
      const pump = (): void => {
        while (response.write(Buffer.alloc(64 * 1024))) if (response.destroyed) return;
        response.once('drain', pump);
      };
      pump();
    };
    expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
    server.respond = ok;
    expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
  });
});

describe('what passes at once is tried again within the call', () => {
  test('a target that asks for a moment', async () => {
    const { server, target, pauses } = await openTarget();
    server.respond = (request, response) => {
      server.respond = ok;
      status(429, { 'retry-after': '0' })(request, response);
    };
    expect(await target.send(makeTrigger(), never())).toEqual({ ok: true });
    expect(server.requests.map(({ headers }) => headers['webhook-id'])).toEqual(['a3f1c0de', 'a3f1c0de']);
    expect(pauses).toHaveLength(1);
  });

  test('a connection that breaks; a third break is for later', async () => {
    let connections = 0;
    const server = createServer((socket: Socket) => {
      connections += 1;
      socket.on('error', () => {});
      socket.once('data', () => socket.resetAndDestroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const target = createHttpTarget({
      url: `http://127.0.0.1:${port}/`,
      testUrl: null,
      key: KEY,
      userAgent: 'sluice',
      pause: async () => {},
    });
    onTestFinished(async () => {
      await target.close();
      server.close();
    });
    expect(await target.send(makeTrigger(), never())).toMatchObject({
      ok: false,
      retry: true,
      reason: expect.stringMatching(/^the target could not be reached \([A-Z_]+\)$/),
    });
    expect(connections).toBe(3);
  });

  test('a target that is not there is not tried again', async () => {
    const { server, target, pauses } = await openTarget();
    await server.close();
    expect(await target.send(makeTrigger(), never())).toEqual({
      ok: false,
      retry: true,
      reason: 'the target could not be reached (ECONNREFUSED)',
    });
    expect(pauses).toEqual([]);
  });
});

describe('secrets', () => {
  test('are whsec_ and base64 of 24 to 64 bytes', () => {
    expect(decodeWebhookSecret(SECRET)).toEqual(KEY);
    expect(decodeWebhookSecret(SECRET.replace(/=+$/, ''))).toEqual(KEY);
    for (const bytes of [24, 64]) {
      expect(decodeWebhookSecret(`whsec_${randomBytes(bytes).toString('base64')}`)).toHaveLength(bytes);
    }
  });

  test.each([
    '',
    'whsec_',
    KEY.toString('base64'),
    `whsec_${randomBytes(23).toString('base64')}`,
    `whsec_${randomBytes(65).toString('base64')}`,
    `${SECRET} `,
    'whsec_not base64 at all, but long enough to be something',
  ])('are not %j', (secret) => {
    expect(decodeWebhookSecret(secret)).toBeNull();
  });
});
