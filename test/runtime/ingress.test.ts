import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import express from 'express';
import { describe, expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import type { Outcome } from '../../src/outcomes/outcome.ts';
import { createIngress } from '../../src/runtime/ingress/ingress.ts';
import {
  createWebhookHandler,
  type IngressDeps,
  type RequestReport,
} from '../../src/runtime/ingress/webhook-handler.ts';
import type { ServerLimits } from '../../src/runtime/pipeline/limits.ts';
import type { PipelineDeps, PipelineRequest } from '../../src/runtime/pipeline/pipeline.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { exchange, listen, send } from './http-client.ts';
import { makeEvent, makeWorld, NOW, SECRET } from './world.ts';

interface Serving {
  readonly plans?: readonly ConnectorPlan[];
  readonly pipeline?: Partial<PipelineDeps>;
  readonly ingress?: Partial<IngressDeps>;
  readonly server?: Partial<ServerLimits>;
}

/** The ingress over real HTTP, everything behind it in memory. */
async function serve({ plans = [makePlan()], pipeline = {}, ingress = {}, server = {} }: Serving = {}) {
  const world = makeWorld(plans, pipeline);
  const seen: PipelineRequest[] = [];
  const reports: (RequestReport & { readonly outcome: Outcome })[] = [];
  const deps: IngressDeps = {
    pipeline: {
      ...world.pipeline,
      admit: (head) => world.pipeline.admit(head),
      process: (runner, request) => {
        seen.push(request);
        return world.pipeline.process(runner, request);
      },
    },
    observe: (outcome, report) => reports.push({ ...report, outcome }),
    now: () => NOW,
    ...ingress,
  };
  const { port, server: listening } = await listen(createIngress(deps), server);
  return { world, deps, seen, reports, port, server: listening };
}

const event = JSON.stringify(makeEvent());
const unlike = JSON.stringify(makeEvent({ user: {} }));

describe('answers', () => {
  test('what was delivered', async () => {
    const { port, world, reports } = await serve();
    const answer = await send(port, { body: event });
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      outcome: 'delivered',
      code: 'delivered',
      requestId: answer.headers['x-request-id'],
    });
    expect(world.sent).toHaveLength(1);
    expect(reports).toMatchObject([
      { status: 202, method: 'POST', bytes: event.length, outcome: { outcome: 'delivered' } },
    ]);
  });

  test('what is held, without what differed', async () => {
    const { port } = await serve();
    // What is missing counts towards pauseAfter, a wrong type pauses at once.
    const wrongType = JSON.stringify(makeEvent({ id: 'evt_wrong_type', user: { id: { nested: true } } }));
    for (const [body, paused] of [
      [unlike, false],
      [wrongType, true],
    ] as const) {
      const answer = await send(port, { body });
      expect(answer.status).toBe(202);
      expect(answer.json).toEqual({
        outcome: 'held',
        code: 'shape-changed',
        requestId: expect.any(String),
        paused,
      });
    }
  });

  test('what became of a batch', async () => {
    const { port } = await serve({ plans: [makePlan({ split: '$[*]' })] });
    const answer = await send(port, { body: `[${event},${unlike}]` });
    expect(answer.json).toMatchObject({ outcome: 'held', batch: { delivered: 1, held: 1, ignored: 0 } });
  });

  test('what is ignored', async () => {
    const { port } = await serve({ plans: [makePlan({ status: 'disabled' })] });
    const answer = await send(port, { body: event });
    expect(answer).toMatchObject({ status: 200, json: { outcome: 'ignored', code: 'disabled' } });
  });

  test('errors as problem details', async () => {
    const { port } = await serve();
    const answer = await send(port, { body: 'hello' });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json).toEqual({
      type: 'urn:sluice:problem:body-malformed',
      title: 'The body cannot be read',
      status: 400,
      detail: expect.any(String),
      outcome: 'rejected',
      code: 'body-malformed',
      requestId: answer.headers['x-request-id'],
    });
  });

  test('a challenge as the provider wants it', async () => {
    const when = [{ path: '$.challenge', exists: true, inEverySample: false }];
    const handshake = [{ when, status: 200, text: { kind: 'path', paths: ['$.challenge'] } }] as const;
    const { port } = await serve({ plans: [makePlan({ signature: { ...hmacSignature, handshake } })] });
    const body = '{"challenge":"<b>hi</b>"}';
    const signature = createHmac('sha256', SECRET).update(body).digest('hex');
    const answer = await send(port, { body, headers: { 'x-signature': signature } });
    expect(answer).toMatchObject({ status: 200, text: '<b>hi</b>' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });

  const stale = { ...hmacSignature, timestamp: { header: 'x-time', tolerance: 300 } };
  const signedEvent = createHmac('sha256', SECRET).update(event).digest('hex');
  test.each([
    ['missing', {}],
    ['wrong', { 'x-signature': 'a'.repeat(64), 'x-time': '1' }],
    ['stale', { 'x-signature': signedEvent, 'x-time': '1' }],
  ])('with one face for every signature that is %s', async (kind, headers) => {
    const { port, reports } = await serve({ plans: [makePlan({ signature: stale })] });
    const { status, json, headers: answered } = await send(port, { body: event, headers });
    expect(status).toBe(401);
    expect(answered['www-authenticate']).toBe('Signature');
    const { requestId: _, ...rest } = json;
    expect(rest).toEqual({
      type: 'urn:sluice:problem:signature-mismatch',
      title: 'The request is not authenticated',
      status: 401,
      outcome: 'rejected',
      code: 'signature-mismatch',
    });
    const code = { missing: 'signature-missing', wrong: 'signature-mismatch', stale: 'signature-stale' }[
      kind
    ];
    expect(reports[0]?.outcome.code).toBe(code);
  });

  test('a stranger cannot tell a disabled connector from one that never was', async () => {
    const { port } = await serve({ plans: [makePlan({ status: 'disabled', signature: hmacSignature })] });
    const [one, other] = await Promise.all([
      send(port, { body: event }),
      send(port, { path: '/c/none', body: event }),
    ]);
    const faceOf = ({ status, json, headers }: typeof one) => {
      const { requestId: _, ...rest } = json;
      return { status, rest, type: headers['content-type'], length: headers['content-length'] };
    };
    expect(faceOf(one)).toEqual(faceOf(other));
  });

  test('with a time to come back where that helps', async () => {
    const { port, world } = await serve();
    world.state.full = true;
    const answer = await send(port, { body: unlike });
    expect(answer).toMatchObject({ status: 503, json: { code: 'state-unavailable' } });
    expect(answer.headers['retry-after']).toBe('30');
    const notReady = await serve({ pipeline: { ready: () => false } });
    expect((await send(notReady.port, { body: event })).headers['retry-after']).toBe('5');
  });

  test.each([
    ['202', { body: event }],
    ['400', { body: '{' }],
    ['404', { path: '/c/none', body: event }],
    ['404 elsewhere', { method: 'GET', path: '/' }],
    ['405', { method: 'GET' }],
    ['415', { body: event, headers: { 'content-encoding': 'gzip' } }],
  ])('always with an id, never cached, sniffed or signed by the framework: %s', async (_, request) => {
    const { port } = await serve();
    const { headers } = await send(port, request);
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('etag');
  });

  test('never with what was configured or sent', async () => {
    const { port, world } = await serve({
      plans: [
        makePlan({ signature: { ...hmacSignature, secrets: [{ env: 'SLUICE_SECRET_GONE' }] } }),
        makePlan({ id: 'open' }),
      ],
    });
    const texts = [
      await send(port, { body: event, headers: { 'x-signature': 'a'.repeat(64) } }),
      await send(port, { path: '/c/open', body: '{"user":{"id":"very secret"}' }),
      await send(port, { path: '/c/open', body: JSON.stringify(makeEvent({ amount: 'very secret' })) }),
    ].map(({ text }) => text);
    expect(texts.join()).not.toMatch(/SLUICE_SECRET|very secret|amount|flow_1|user_1/);
    expect(world.sent).toEqual([]);
  });
});

describe('URLs', () => {
  test.each([
    ['/c/none', 404],
    ['/c/', 404],
    ['/c', 404],
    ['/', 404],
    ['/c/orders/', 404],
    ['/C/orders', 404],
    ['/c/ORDERS', 404],
    ['//c/orders', 404],
    ['/c//orders', 404],
    ['/c/order%73', 404],
    ['/c/orders%2F', 404],
    ['/%63/orders', 404],
    ['/c/orders;x', 404],
    ['/c/../c/orders', 404],
    ['/c/constructor', 404],
    ['http://127.0.0.1/c/orders', 400],
    ['*', 400],
    ['/c/orders?x=/c/none', 202],
    ['/c/orders?', 202],
  ])('%s is answered %i', async (path, status) => {
    const { port, world, reports } = await serve();
    const answer = await send(port, { path, body: event });
    expect(answer.status).toBe(status);
    expect(world.sent).toHaveLength(status === 202 ? 1 : 0);
    expect(reports).toHaveLength(1);
  });

  test.each(['GET', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS'])(
    '%s is not allowed, and what is',
    async (method) => {
      const { port } = await serve();
      const answer = await send(port, { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('POST, PUT');
      expect(await send(port, { method, path: '/c/none' })).toMatchObject({ status: 404 });
    },
  );

  test('the pipeline sees the public URL only where it is configured, never the Host header', async () => {
    const headers = { host: 'evil.example' };
    const without = await serve();
    await send(without.port, { path: '/c/orders?x=1', body: event, headers });
    expect(without.seen[0]).not.toHaveProperty('publicUrl');
    const { port, seen } = await serve({ ingress: { publicUrl: 'https://hooks.example.com/' } });
    await send(port, { path: '/c/orders?x=1', body: event, headers });
    expect(seen[0]).toMatchObject({
      url: '/c/orders?x=1',
      publicUrl: 'https://hooks.example.com/c/orders?x=1',
    });
  });
});

describe('addresses', () => {
  const forwarded = { 'x-forwarded-for': '198.51.100.1' };
  const plans = [makePlan({ allowIps: ['198.51.100.0/24'] })];

  test('a stranger cannot claim another', async () => {
    const { port } = await serve({ plans });
    expect(await send(port, { body: event, headers: forwarded })).toMatchObject({ status: 403 });
  });

  test('a trusted proxy can', async () => {
    const { port, seen } = await serve({ plans, ingress: { trustProxy: ['loopback'] } });
    expect(await send(port, { body: event, headers: forwarded })).toMatchObject({ status: 202 });
    expect(seen[0]?.ip).toBe('198.51.100.1');
  });
});

describe('bodies', () => {
  const limits = { bodyBytes: 1000, inFlightBytes: 2500 };
  const long = Buffer.alloc(1001, 0x20);

  test('an announced length over the limit is refused before the body, and the connection ends', async () => {
    const { port, seen } = await serve({ ingress: { limits } });
    const answer = await exchange(port, 'POST /c/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\r\nConnection: close\r\n/s);
    expect(seen).toEqual([]);
  });

  test('a sender that only reads when it has sent everything still gets to read why', async () => {
    const { port } = await serve({ ingress: { limits } });
    const head = `POST /c/orders HTTP/1.1\r\nHost: x\r\nContent-Length: ${4 * 1024 * 1024}\r\n\r\n`;
    const socket = connect(port, '127.0.0.1').pause();
    socket.write(head);
    for (let sent = 0; sent < 64; sent += 1) {
      await new Promise((resolve, reject) => {
        socket.write(Buffer.alloc(64 * 1024, 0x20), (error) => (error ? reject(error) : resolve(null)));
      });
    }
    const answer = Buffer.concat(await socket.toArray()).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*"detail":"send at most 1000 bytes"/s);
  });

  test('chunks are counted', async () => {
    const { port, seen } = await serve({ ingress: { limits } });
    const chunks = [Buffer.alloc(600, 0x20), Buffer.alloc(401, 0x20)];
    expect(await send(port, { chunks })).toMatchObject({ status: 413 });
    expect(seen).toEqual([]);
  });

  test('exactly the limit is not over it, in one piece or in many', async () => {
    const { port, seen } = await serve({ ingress: { limits } });
    const body = Buffer.from(event.padEnd(1000));
    expect(await send(port, { body })).toMatchObject({ status: 202 });
    const chunks = [body.subarray(0, 1), body.subarray(1, 500), body.subarray(500)];
    expect(await send(port, { chunks })).toMatchObject({ status: 202 });
    expect(seen.map((request) => request.body)).toEqual([body, body]);
  });

  test('a refused head is answered without the body', async () => {
    const { port } = await serve();
    const answer = await exchange(port, 'POST /c/none HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 404 .*\r\nConnection: close\r\n/s);
  });

  test('a sender that goes away has sent nothing', async () => {
    const { port, server, seen, reports, world } = await serve();
    const arrived = once(server, 'request');
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /c/orders HTTP/1.1\r\nHost: x\r\nContent-Length: ${event.length}\r\n\r\n${event.slice(0, 5)}`,
    );
    const [message] = await arrived;
    const closed = new Promise((resolve) => message.on('close', resolve));
    socket.destroy();
    await closed;
    expect(await send(port, { body: event })).toMatchObject({ status: 202 });
    expect(seen).toHaveLength(1);
    expect(reports).toHaveLength(1);
    expect(world.errors).toEqual([]);
  });

  test('too many at the same time are refused, and the room comes back', async () => {
    const { port } = await serve({ ingress: { limits } });
    const slow = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    for (const socket of slow) {
      socket.write(`POST /c/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n${' '.repeat(999)}`);
    }
    const another = () => send(port, { body: event.padEnd(1000) });
    await expect.poll(async () => (await another()).status).toBe(503);
    const refused = await another();
    expect(refused.json).toMatchObject({ code: 'overloaded' });
    expect(refused.headers['retry-after']).toBe('5');
    for (const socket of slow) socket.destroy();
    await expect.poll(async () => (await another()).status).toBe(202);
  });

  test('room is given back after every kind of end', async () => {
    const { port } = await serve({ ingress: { limits: { bodyBytes: 1000, inFlightBytes: 1000 } } });
    for (let round = 0; round < 3; round += 1) {
      expect(await send(port, { body: event.padEnd(1000) })).toMatchObject({ status: 202 });
      expect(await send(port, { body: 'x'.repeat(1000) })).toMatchObject({ status: 400 });
      expect(await send(port, { chunks: [Buffer.alloc(900, 0x20), Buffer.alloc(900, 0x20)] })).toMatchObject({
        status: 413,
      });
      expect(await send(port, { body: long })).toMatchObject({ status: 413 });
    }
  });
});

describe('connections', () => {
  test('two requests can follow each other on one', async () => {
    const { port } = await serve();
    const one = `POST /c/orders HTTP/1.1\r\nHost: x\r\nContent-Length: ${event.length}\r\n\r\n${event}`;
    const two = one.replace('Host: x', 'Host: x\r\nConnection: close');
    const answers = await exchange(port, one + two);
    expect(answers.match(/HTTP\/1\.1 202/g)).toHaveLength(2);
  });

  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    [
      'two lengths',
      `POST /c/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12`,
      400,
    ],
    [
      'a length and chunks',
      'POST /c/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['two hosts', 'POST /c/orders HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 2\r\n\r\n{}', 400],
    ['a host that is none', 'POST /c/orders HTTP/1.1\r\nHost: x/y@z\r\nContent-Length: 2\r\n\r\n{}', 400],
    ['headers without end', `POST /c/orders HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}`, 431],
  ])('%s is answered and ended', async (_, text, status) => {
    const { port, seen } = await serve();
    const answer = await exchange(port, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/Connection: close/i);
    expect(answer).toMatch(/X-Request-Id: [0-9a-f-]{36}/i);
    expect(seen).toEqual([]);
  });

  test('one that never finishes its headers is ended', async () => {
    const { port } = await serve({ server: { headersTimeoutMs: 50, requestTimeoutMs: 100 } });
    expect(await exchange(port, 'POST /c/orders HTTP/1.1\r\nHost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('has the limits of its server', async () => {
    const { server } = await serve({ server: { maxConnections: 5, keepAliveTimeoutMs: 1234 } });
    expect(server).toMatchObject({
      maxConnections: 5,
      keepAliveTimeout: 1234,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
    });
  });
});

describe('in an application of somebody else', () => {
  async function mount(before: (app: express.Express) => void, path = '/hooks') {
    const { deps, world, seen } = await serve({ ingress: { publicUrl: 'https://example.com' } });
    const app = express();
    before(app);
    app.use(path, createWebhookHandler(deps));
    app.use((_, response) => void response.status(418).end());
    const { port } = await listen(app);
    return { port, world, seen };
  }

  test('has its place below a path, and leaves other URLs alone', async () => {
    const { port, seen } = await mount(() => {});
    expect(await send(port, { path: '/hooks/c/orders', body: event })).toMatchObject({ status: 202 });
    expect(seen[0]?.publicUrl).toBe('https://example.com/hooks/c/orders');
    expect(await send(port, { path: '/hooks/elsewhere', body: event })).toMatchObject({ status: 418 });
  });

  test('takes a raw body that was read before', async () => {
    const { port } = await mount((app) => app.use(express.raw({ type: '*/*' })));
    expect(
      await send(port, { path: '/hooks/c/orders', body: event, headers: { 'content-type': 'text/plain' } }),
    ).toMatchObject({ status: 202 });
  });

  test('says so when a parser has eaten the body', async () => {
    const { port, world } = await mount((app) => app.use(express.json()));
    const answer = await send(port, {
      path: '/hooks/c/orders',
      body: event,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer).toMatchObject({ status: 500, json: { code: 'internal-error' } });
    expect(answer.text).toContain('before body parsers');
    expect(world.sent).toEqual([]);
  });
});
