/** What senders do that is not JSON with a signature in a header: over real HTTP, as they send it. */
import { createHmac } from 'node:crypto';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import { createIngress } from '../../src/runtime/ingress/ingress.ts';
import { makePlan } from '../bundle/make-plan.ts';
import { planOf } from '../stages/signature/harness.ts';
import { type ClientRequest, listen, send } from './http-client.ts';
import { makeEvent, makeWorld, NOW } from './world.ts';

const SECRET = 'the-shared-secret';
const hex = (text: string | Buffer) => createHmac('sha256', SECRET).update(text).digest('hex');
const event = JSON.stringify(makeEvent());

async function serve(signature: object | null, changes: Partial<ConnectorPlan> = {}) {
  const plan = makePlan({ signature: signature === null ? null : planOf(signature), ...changes });
  const world = makeWorld([plan], { secrets: () => SECRET });
  const { port } = await listen(createIngress({ pipeline: world.pipeline, now: () => NOW }));
  return { ...world, ask: (request: ClientRequest) => send(port, request) };
}

const anything = {
  shape: null,
  idempotency: { kind: 'none' },
} as const satisfies Partial<ConnectorPlan>;
const HEADER = { signature: { header: 'x-sig' } };

describe('compressed bodies', () => {
  const coded = {
    gzip: gzipSync(event),
    'x-gzip': gzipSync(event),
    deflate: deflateSync(event),
    br: brotliCompressSync(event),
  };
  test.each(Object.entries(coded))('%s, signed over either', async (coding, body) => {
    const { ask, sent } = await serve(HEADER);
    const post = (signature: string) =>
      ask({ body, headers: { 'content-encoding': coding, 'x-sig': signature } });
    expect((await post(hex(event))).status).toBe(202);
    expect((await post(hex(body))).status).toBe(202);
    expect((await post(hex('other'))).status).toBe(401);
    expect(sent).toHaveLength(2);
  });

  test('deflate without its header, as some senders write it', async () => {
    const { ask } = await serve(HEADER);
    const headers = { 'content-encoding': 'deflate', 'x-sig': hex(event) };
    expect((await ask({ body: deflateRawSync(event), headers })).status).toBe(202);
  });

  test('over says which', async () => {
    const body = gzipSync(event);
    for (const over of ['sent', 'decoded']) {
      const { ask } = await serve({ ...HEADER, over });
      const post = (signed: string | Buffer) =>
        ask({ body, headers: { 'content-encoding': 'gzip', 'x-sig': hex(signed) } });
      expect((await post(over === 'sent' ? body : event)).status).toBe(202);
      expect((await post(over === 'sent' ? event : body)).status).toBe(401);
    }
  });

  test('what expands past the limit is 413, whatever it took', async () => {
    const { ask } = await serve(HEADER);
    for (const [coding, body] of [
      ['gzip', gzipSync(Buffer.alloc(64 * 1024 * 1024))],
      ['br', brotliCompressSync(Buffer.alloc(16 * 1024 * 1024))],
    ] as const) {
      const answer = await ask({ body, headers: { 'content-encoding': coding, 'x-sig': hex(body) } });
      expect([answer.status, answer.json.code]).toEqual([413, 'body-too-large']);
    }
  });
});

describe('multipart forms', () => {
  const part = (name: string, value: string, more = '') =>
    `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const body = `${part('user', 'user_1')}${part('photo', 'JPEG', '; filename="a.jpg"')}${part('text', 'Zoë & co')}--x--\r\n`;
  const headers = { 'content-type': 'multipart/form-data; boundary=x', 'x-sig': hex(body) };
  const plan: Partial<ConnectorPlan> = {
    ...anything,
    body: 'form',
    mapping: { kind: 'structured', targetUserIds: [{ kind: 'path', paths: ['$.user'] }] },
  };

  test('text fields are kept and files are not, in holds as well', async () => {
    const { ask, holds } = await serve(HEADER, plan);
    expect((await ask({ body, headers })).json.outcome).toBe('held');
    const kept = Buffer.from(holds[0]?.request.body ?? '', 'base64').toString();
    expect(Object.fromEntries(new URLSearchParams(kept))).toEqual({ user: 'user_1', text: 'Zoë & co' });
    expect(holds[0]?.request.headers).toContainEqual(['content-type', 'application/x-www-form-urlencoded']);
    expect((await ask({ body: `${body} `, headers })).status).toBe(401);
  });

  test('a proof in its fields', async () => {
    const time = String(NOW / 1000);
    const scheme = {
      signature: { body: '$.signature' },
      timestamp: { body: '$.timestamp' },
      template: '[timestamp][body:$.token]',
    };
    const { ask } = await serve(scheme, plan);
    const form = (signature: string) =>
      `${part('timestamp', time)}${part('token', 'tk')}${part('signature', signature)}${part('user', 'user_1')}--x--\r\n`;
    const post = (signature: string) =>
      ask({ body: form(signature), headers: { 'content-type': headers['content-type'] } });
    expect((await post(hex(`${time}tk`))).status).toBe(202);
    expect((await post(hex(`${time}other`))).status).toBe(401);
  });
});

describe('first contacts', () => {
  test("WooCommerce's ping is answered before its type is refused, and does nothing else", async () => {
    const { ask, sent, holds, captured, windows } = await serve({ preset: 'woocommerce' });
    windows.set('orders', NOW + 60_000);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await ask({ body: 'webhook_id=2', headers: form });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': 'sandbox',
    });
    expect([sent.length, holds.length, captured.length]).toEqual([0, 0, 0]);
    expect((await ask({ body: 'other=2', headers: form })).status).toBe(415);
    // With a proof, even a wrong one, it is an event.
    const proven = await ask({ body: '{"webhook_id":2}', headers: { 'x-wc-webhook-signature': 'AAAA' } });
    expect(proven.status).not.toBe(200);
  });

  test("Graph's echo, of short plain text only", async () => {
    const { ask } = await serve({ preset: 'microsoft-graph' });
    const post = (token: string) =>
      ask({ path: `/c/orders?validationToken=${encodeURIComponent(token)}`, body: '' });
    const answer = await post('Validation: hello');
    expect([answer.status, answer.text]).toEqual([200, 'Validation: hello']);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    for (const bad of ['<script>', 'a\nb', 'x'.repeat(1025)]) expect((await post(bad)).status).not.toBe(200);
  });

  test('of a sender without a signature', async () => {
    const handshake = [
      { when: [], method: 'GET', proof: 'none', status: 200 },
      {
        proof: 'none',
        when: [{ path: '$.challenge', exists: true, inEverySample: false }],
        status: 200,
        json: { challenge: { kind: 'path', paths: ['$.challenge'] } },
      },
    ] as const;
    const { ask, sent } = await serve(null, { handshake });
    expect((await ask({ method: 'GET' })).status).toBe(200);
    expect((await ask({ body: '{"challenge":"abc"}' })).json).toEqual({ challenge: 'abc' });
    expect(sent).toHaveLength(0);
    expect((await ask({ body: event })).status).toBe(202);
  });
});

describe('places, challenges and answers', () => {
  test('a signature in the query, once', async () => {
    const { ask, holds } = await serve({ signature: { query: 'sig' } }, { shape: null });
    const post = (query: string) => ask({ path: `/c/orders?${query}`, body: event });
    expect((await post(`sig=${hex(event)}`)).status).toBe(202);
    expect(JSON.stringify(holds)).not.toContain(hex(event));
    expect((await post(`sig=${hex(event)}&sig=00`)).status).toBe(401);
    expect((await post('other=1')).status).toBe(401);
  });

  test('Basic is asked for, and taken in any spelling of its scheme', async () => {
    const { ask } = await serve({ type: 'basic', username: { env: 'SLUICE_SECRET_USER' } });
    const refused = await ask({ body: event });
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      'Basic realm="connector", charset="UTF-8"',
    ]);
    const credentials = Buffer.from(`${SECRET}:${SECRET}`).toString('base64');
    for (const scheme of ['Basic', 'basic', 'BASIC  '])
      expect(
        (await ask({ body: event, headers: { authorization: `${scheme} ${credentials}` } })).status,
      ).toBe(202);
    const wrong = Buffer.from(`${SECRET}:other`).toString('base64');
    expect((await ask({ body: event, headers: { authorization: `Basic ${wrong}` } })).status).toBe(401);
  });

  test('a fixed text, whatever became of the request', async () => {
    const acknowledge = { status: 200, type: 'text/xml', text: '<Ack>true</Ack>' } as const;
    const { ask } = await serve(null, { acknowledge });
    for (const body of [event, '{"id":"held","user":{}}']) {
      const answer = await ask({ body });
      expect([answer.status, answer.text]).toEqual([200, '<Ack>true</Ack>']);
      expect(answer.headers['content-type']).toBe('text/xml; charset=utf-8');
    }
    expect((await ask({ body: '{' })).status).toBe(400);
  });

  test('no body: the event is in the headers', async () => {
    const { ask, sent } = await serve(null, {
      ...anything,
      shape: { ...makePlan().shape, reads: [], shape: { types: ['object'], members: {} } } as never,
      body: 'none',
      mapping: { kind: 'structured', targetUserIds: [{ kind: 'header', name: 'x-user' }] },
    });
    expect((await ask({ body: '', headers: { 'x-user': 'user_1' } })).status).toBe(202);
    expect(sent).toHaveLength(1);
  });
});
