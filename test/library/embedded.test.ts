/** Sluice inside programs that listen themselves: what is theirs stays theirs. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import Fastify from 'fastify';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import {
  buildBundle,
  checkConnectors,
  createFastifyHook,
  createHandler,
  createMiddleware,
  createRuntime,
  type Delivery,
  type EmbeddedRuntime,
  type OutgoingTrigger,
  StartError,
} from '../../src/index.ts';

const SECRET = 'a-secret-of-some-length';
const CONNECTOR = `apiVersion: sluice/v1
id: orders
actionFlow: F1
status: live
sample: { id: e1, user: u1 }
mapping: { targetUserIds: $.user }
idempotency: { path: $.id }
security:
  signature: { sharedSecret: { env: SLUICE_SECRET_SHOP }, signature: { header: x-signature } }
`;

let folder: string;
let sent: OutgoingTrigger[];
let answer: Delivery | Promise<Delivery>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-library-'));
  sent = [];
  answer = { ok: true };
});
afterEach(() => rmSync(folder, { recursive: true }));

const ours = {
  name: 'ours',
  async send(trigger: OutgoingTrigger): Promise<Delivery> {
    sent.push(trigger);
    return answer;
  },
  close: async () => {},
};

async function start(log: string[] = []): Promise<EmbeddedRuntime> {
  writeFileSync(join(folder, 'orders.yaml'), CONNECTOR);
  const built = await buildBundle(folder);
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics));
  const runtime = await createRuntime({
    bundle: built.bytes,
    state: join(folder, 'state'),
    targets: { default: ours },
    env: { SLUICE_SECRET_SHOP: SECRET },
    log: { write: (line) => void log.push(line) },
    announce: () => {},
  });
  onTestFinished(() => runtime.close());
  return runtime;
}

async function listen(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function post(url: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** With spaces, which a body parser would lose. */
const EVENT = '{ "id": "e9",  "user": "u9" }';
const signed = { 'x-signature': createHmac('sha256', SECRET).update(EVENT).digest('hex') };

/** An application of somebody's own: a parser, a logger, routes. */
function expressApp(mount: (app: express.Express) => void, seen: string[] = []): express.Express {
  const app = express();
  mount(app);
  app.use(express.json());
  app.use((request, _response, next) => {
    seen.push(request.url);
    next();
  });
  app.post('/orders', (request, response) => void response.json({ got: request.body }));
  return app;
}

test("below Express: webhooks are taken as they were sent, everything else is the application's", async () => {
  const log: string[] = [];
  const runtime = await start(log);
  const seen: string[] = [];
  const url = await listen(expressApp((app) => app.use(createMiddleware(runtime)), seen));
  expect(await post(`${url}/c/orders`, EVENT, signed)).toMatchObject({
    status: 202,
    body: { outcome: 'delivered' },
  });
  expect(sent).toMatchObject([{ connector: 'orders', actionFlow: 'F1', mode: 'live' }]);
  expect(await post(`${url}/c/orders`, EVENT, { 'x-signature': 'no' })).toMatchObject({ status: 401 });
  expect(await post(`${url}/orders`, '{"a":1}')).toEqual({ status: 200, body: { got: { a: 1 } } });
  expect(seen).toEqual(['/orders']);
  expect(log.map((line) => JSON.parse(line).msg)).toContain('request');
});

test('below a path of its own', async () => {
  const runtime = await start();
  const url = await listen(expressApp((app) => app.use('/hooks', createMiddleware(runtime))));
  expect(await post(`${url}/hooks/c/orders`, EVENT, signed)).toMatchObject({
    body: { outcome: 'delivered' },
  });
  expect(await post(`${url}/hooks/c/none`, EVENT, signed)).toMatchObject({ status: 404 });
});

test('after a body parser it says what is wrong', async () => {
  const runtime = await start();
  const app = express();
  app.use(express.json(), createMiddleware(runtime));
  const { status, body } = await post(`${await listen(app)}/c/orders`, EVENT, signed);
  expect(status).toBe(500);
  expect(body.detail).toContain('mount the webhook handler before body parsers');
});

test('below node:http, with and without a rest', async () => {
  const runtime = await start();
  const alone = await listen(createHandler(runtime));
  expect(await post(`${alone}/c/orders`, EVENT, signed)).toMatchObject({ body: { outcome: 'delivered' } });
  expect(await post(`${alone}/elsewhere`, EVENT)).toMatchObject({ status: 404 });
  const both = await listen(createHandler(runtime, (_, response) => void response.end('{"mine":true}')));
  expect(await post(`${both}/elsewhere`, EVENT)).toEqual({ status: 200, body: { mine: true } });
});

test('below Fastify', async () => {
  const runtime = await start();
  const app = Fastify();
  onTestFinished(() => app.close());
  app.addHook('onRequest', createFastifyHook(runtime));
  app.post('/orders', async (request) => ({ got: request.body }));
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  expect(await post(`${url}/c/orders`, EVENT, signed)).toMatchObject({ body: { outcome: 'delivered' } });
  expect(await post(`${url}/c/orders`, EVENT)).toMatchObject({ status: 401 });
  expect(await post(`${url}/orders`, '{"a":1}')).toEqual({ status: 200, body: { got: { a: 1 } } });
});

test('its end waits for what has begun, and takes nothing new', async () => {
  const runtime = await start();
  const url = await listen(createHandler(runtime));
  const { promise, resolve } = Promise.withResolvers<Delivery>();
  answer = promise;
  const reached = post(`${url}/c/orders`, EVENT, signed);
  while (sent.length === 0) await new Promise((turn) => setTimeout(turn, 5));
  const closing = runtime.close();
  expect(await post(`${url}/c/orders`, EVENT, signed)).toMatchObject({ status: 503 });
  resolve({ ok: true });
  expect(await reached).toMatchObject({ body: { outcome: 'delivered' } });
  await closing;
  expect(await post(`${url}/c/orders`, EVENT, signed)).toMatchObject({ status: 503 });
});

test("a target of one's own that fails costs a hold, which the status shows", async () => {
  const runtime = await start();
  answer = { ok: false, retry: true, reason: 'down' };
  const url = await listen(createHandler(runtime));
  expect(await post(`${url}/c/orders`, EVENT, signed)).toMatchObject({ body: { code: 'undelivered' } });
  expect((await runtime.status()).connectors).toMatchObject([{ id: 'orders', held: { total: 1 } }]);
});

test('what keeps it from starting is an error with a code', async () => {
  const runtime = await start();
  const state = join(folder, 'state');
  const again = createRuntime({ state, announce: () => {} });
  await expect(again).rejects.toThrow(StartError);
  await expect(again).rejects.toMatchObject({ code: 'state-unavailable' });
  const settings = { maxMode: 'life' };
  await expect(createRuntime({ state, settings })).rejects.toMatchObject({ code: 'settings-invalid' });
  await expect(createRuntime({ state, settings: { workers: '2' } })).rejects.toMatchObject({
    code: 'workers-unshared',
  });
  await runtime.close();
});

test('connectors are checked and built as by the command line', async () => {
  writeFileSync(join(folder, 'orders.yaml'), CONNECTOR.replace('$.user', '$.usr'));
  const checked = await checkConnectors(folder, { cwd: folder });
  expect(checked).toMatchObject({ ok: false, connectors: 1 });
  expect(checked.diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
    { span: { file: 'orders.yaml', line: 6 } },
  ]);
  expect(await buildBundle(folder)).toMatchObject({ ok: false });
  writeFileSync(join(folder, 'orders.yaml'), CONNECTOR.replace('status: live', 'target: crm\nstatus: live'));
  expect(await checkConnectors(folder)).toMatchObject({ ok: true });
  expect(await checkConnectors(folder, { targets: ['default'] })).toMatchObject({ ok: false });
});
