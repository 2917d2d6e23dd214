/** Challenges over real HTTP: which methods are let in for them, what proves them, and who gets to see them. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import { createIngress } from '../../src/runtime/ingress/ingress.ts';
import type { SecretReference } from '../../src/stages/secrets.ts';
import { makePlan } from '../bundle/make-plan.ts';
import { planOf } from '../stages/signature/harness.ts';
import { type ClientRequest, listen, send } from './http-client.ts';
import { makeEvent, makeWorld, NOW } from './world.ts';

const SECRET = 'the-shared-secret';
const TOKEN = 'the-verify-token';

interface Serving extends Partial<ConnectorPlan> {
  readonly preset: string;
  /** Secrets that the deployment has; default: both. */
  readonly secrets?: Readonly<Record<string, string>>;
}

async function serve({ preset, secrets = { SHARED: SECRET, VERIFY: TOKEN }, ...changes }: Serving) {
  const signature = planOf({ preset, sharedSecret: { env: 'SHARED' }, verifyToken: { env: 'VERIFY' } });
  const lookup = (reference: SecretReference) => ('env' in reference ? secrets[reference.env] : undefined);
  const world = makeWorld([makePlan({ signature, ...changes })], { secrets: lookup });
  const { port } = await listen(
    createIngress({ pipeline: world.pipeline, now: () => NOW, publicUrl: 'https://hooks.example.com' }),
  );
  return {
    ...world,
    openWindow: () => world.windows.set('orders', NOW + 60_000),
    ask: (request: ClientRequest) => send(port, request),
    get: (query: string, headers: ClientRequest['headers'] = {}) =>
      send(port, { method: 'GET', path: `/c/orders${query}`, headers }),
  };
}

const body = JSON.stringify(makeEvent());
const hex = (text: string) => createHmac('sha256', SECRET).update(text).digest('hex');

describe('how a request is acknowledged', () => {
  const shopify = createHmac('sha256', SECRET).update(body).digest('base64');

  test('202 with what became of it, unless the provider insists on something else', async () => {
    const { ask } = await serve({ preset: 'shopify' });
    const answer = await ask({ body, headers: { 'x-shopify-hmac-sha256': shopify } });
    expect([answer.status, answer.json.outcome]).toEqual([202, 'delivered']);
  });

  test('200 and nothing more, whatever became of it', async () => {
    const { ask, sent, pause, state } = await serve({ preset: 'xero' });
    const event = () => ask({ body, headers: { 'x-xero-signature': shopify } });
    expect(await event()).toMatchObject({ status: 200, text: '' });
    expect(sent).toHaveLength(1);
    pause('orders', 'for now');
    expect(await event()).toMatchObject({ status: 200, text: '' });
    state.full = true;
    expect((await event()).status).toBe(503);
  });

  test('204 without a length', async () => {
    const { ask, sent } = await serve({
      preset: 'twilio',
      body: 'form',
      mapping: { kind: 'structured', targetUserIds: [{ kind: 'literal', value: 'user_1' }] },
      shape: null,
    });
    const form = 'From=%2B1415&MessageSid=SM1';
    const signature = createHmac('sha1', SECRET)
      .update('https://hooks.example.com/c/ordersFrom+1415MessageSidSM1')
      .digest('base64');
    const answer = await ask({ body: form, headers: { 'x-twilio-signature': signature } });
    expect([answer.status, answer.text, answer.headers['content-length']]).toEqual([204, '', undefined]);
    expect(sent).toEqual([]);
  });
});

describe('by methods of their own', () => {
  test('only where the connector has such challenges', async () => {
    const { ask } = await serve({ preset: 'github' });
    for (const method of ['GET', 'OPTIONS', 'DELETE']) {
      const answer = await ask({ method });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'POST, PUT']);
    }
    const dropbox = await serve({ preset: 'dropbox' });
    const other = await dropbox.ask({ method: 'OPTIONS' });
    expect([other.status, other.headers.allow]).toEqual([405, 'POST, PUT, GET']);
  });

  test('Dropbox gets its challenge back, as plain text and nothing else', async () => {
    const { get, sent } = await serve({ preset: 'dropbox' });
    const answer = await get('?challenge=q8sQbZs4SGlT2Co');
    expect([answer.status, answer.text]).toEqual([200, 'q8sQbZs4SGlT2Co']);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect((await get('?challenge=%3Cscript%3E')).status).toBe(401);
    expect((await get('?challenge=a&challenge=b')).status).toBe(401);
    expect((await get('')).status).toBe(401);
    expect(sent).toEqual([]);
  });

  test('Meta has to know the verify token', async () => {
    const { get } = await serve({ preset: 'meta' });
    const ask = (token: string) =>
      get(`?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
    expect(await ask(TOKEN)).toMatchObject({ status: 200, text: '1158201444' });
    const wrong = await ask('guess');
    expect([wrong.status, wrong.json.code]).toEqual([401, 'signature-mismatch']);
    expect(wrong.text).not.toContain('1158201444');
  });

  test('a verify token that the deployment lacks is its own fault', async () => {
    const { get, ask, sent } = await serve({ preset: 'meta', secrets: { SHARED: SECRET } });
    const answer = await get('?hub.mode=subscribe&hub.challenge=1&hub.verify_token=');
    expect([answer.status, answer.json.code]).toEqual([503, 'secret-missing']);
    const signature = `sha256=${hex(body)}`;
    expect((await ask({ body, headers: { 'x-hub-signature-256': signature } })).status).toBe(200);
    expect(sent).toHaveLength(1);
  });

  test('Okta proves its challenge with the token', async () => {
    const { get } = await serve({ preset: 'okta' });
    const challenge = { 'x-okta-verification-challenge': 'Me_rShK8JHsTnbyYrWXCEoMGbM' };
    const answer = await get('', { ...challenge, authorization: SECRET });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
    expect(answer.json).toEqual({ verification: 'Me_rShK8JHsTnbyYrWXCEoMGbM' });
    for (const headers of [challenge, { ...challenge, authorization: 'guess' }, { authorization: SECRET }]) {
      expect((await get('', headers)).status).toBe(401);
    }
  });

  test('CloudEvents senders are allowed to send, by OPTIONS', async () => {
    const { ask } = await serve({ preset: 'cloudevents' });
    const answer = await ask({
      method: 'OPTIONS',
      headers: {
        'webhook-request-origin': 'eventemitter.example.com',
        'webhook-request-callback': 'https://eventemitter.example.com/confirm?id=1',
      },
    });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(answer.headers).toMatchObject({
      'webhook-allowed-origin': 'eventemitter.example.com',
      'webhook-allowed-rate': '*',
      allow: 'POST, PUT, OPTIONS',
    });
    expect((await ask({ method: 'OPTIONS' })).status).toBe(401);
  });

  test('Trello only looks whether anybody is there', async () => {
    const { ask, get } = await serve({ preset: 'trello' });
    const answer = await ask({ method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect((await get('')).status).toBe(405);
  });

  test('what else they hold is never an event', async () => {
    const { ask, sent, captured, openWindow } = await serve({ preset: 'dropbox' });
    openWindow();
    const headers = { 'x-dropbox-signature': hex(body), 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await ask({ method: 'GET', path: '/c/orders?challenge=abc', body, headers });
    expect(answer.text).toBe('abc');
    expect([sent, captured]).toEqual([[], []]);
  });

  test('to a stranger a disabled connector does not exist, and addresses count', async () => {
    const disabled = await serve({ preset: 'dropbox', status: 'disabled' });
    expect((await disabled.get('?challenge=abc')).status).toBe(404);
    const elsewhere = await serve({ preset: 'dropbox', allowIps: ['203.0.113.0/24'] });
    expect((await elsewhere.get('?challenge=abc')).status).toBe(403);
  });
});

describe('like events', () => {
  const challenge = JSON.stringify({
    event: 'endpoint.url_validation',
    payload: { plainToken: 'qgg8vlvZRS6' },
  });
  const time = String(NOW / 1000);
  const signed = (text: string, at = time) => ({
    'x-zm-request-timestamp': at,
    'x-zm-signature': `v0=${hex(`v0:${at}:${text}`)}`,
  });

  test('Zoom gets its token under the secret, once it has proven itself', async () => {
    const { ask } = await serve({ preset: 'zoom' });
    const answer = await ask({ body: challenge, headers: signed(challenge) });
    expect([answer.status, answer.json]).toEqual([
      200,
      { plainToken: 'qgg8vlvZRS6', encryptedToken: hex('qgg8vlvZRS6') },
    ]);
    for (const headers of [{}, signed(`${challenge} `), signed(challenge, String(NOW / 1000 - 301))]) {
      const refused = await ask({ body: challenge, headers });
      expect([refused.status, refused.text.includes('encryptedToken')]).toEqual([401, false]);
    }
  });

  test('a token that is more than a token is an event like others', async () => {
    const { ask, holds } = await serve({ preset: 'zoom' });
    const text = JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken: 'v0:1:{}' } });
    const answer = await ask({ body: text, headers: signed(text) });
    expect([answer.status, answer.text, holds.length]).toEqual([200, '', 1]);
  });

  test('Xero sees an empty answer to what it signed, and 401 to what it did not', async () => {
    const { ask } = await serve({ preset: 'xero' });
    const intent = '{"events":[],"lastEventSequence":0,"firstEventSequence":0,"entropy":"S0m3r4Nd0mt3xt"}';
    const signature = createHmac('sha256', SECRET).update(intent).digest('base64');
    expect(await ask({ body: intent, headers: { 'x-xero-signature': signature } })).toMatchObject({
      status: 200,
      text: '',
    });
    expect((await ask({ body: intent, headers: { 'x-xero-signature': 'AAAA' } })).status).toBe(401);
  });

  test('Event Grid validates with 200 and the code, where it sends the token', async () => {
    const { ask } = await serve({ preset: 'azure-event-grid' });
    const text = JSON.stringify([
      {
        data: {
          validationCode: '512d38b6',
          validationUrl: 'https://eventgrid.example.com/validate?id=512d38b6',
        },
      },
    ]);
    const headers = { 'aeg-event-type': 'SubscriptionValidation', authorization: SECRET };
    const answer = await ask({ body: text, headers });
    expect([answer.status, answer.json]).toEqual([200, { validationResponse: '512d38b6' }]);
    expect((await ask({ body: text, headers: { ...headers, authorization: 'guess' } })).status).toBe(401);
  });
});

describe('that an operator waits for', () => {
  const hook = { 'x-hook-secret': 'b537207f20cbfa02357cf448134da559' };

  test.each(['test', 'live'] as const)(
    'Asana, %s: the secret goes back, and to the operator',
    async (status) => {
      const { ask, captured, openWindow, windows } = await serve({ preset: 'asana', status, secrets: {} });
      expect((await ask({ headers: hook })).status).toBe(503);
      openWindow();
      const answer = await ask({ headers: hook });
      expect([answer.status, answer.text, answer.headers['x-hook-secret']]).toEqual([
        200,
        '',
        hook['x-hook-secret'],
      ]);
      expect(captured).toHaveLength(1);
      expect(captured[0]?.headers).toContainEqual(['x-hook-secret', hook['x-hook-secret']]);
      expect(windows.has('orders')).toBe(false);
    },
  );

  test('but it is not used: nothing that it signs is let in', async () => {
    const { ask, sent, openWindow } = await serve({ preset: 'asana' });
    openWindow();
    expect((await ask({ headers: hook })).status).toBe(200);
    const signature = createHmac('sha256', hook['x-hook-secret']).update(body).digest('hex');
    expect((await ask({ body, headers: { 'x-hook-signature': signature } })).status).toBe(401);
    expect(sent).toEqual([]);
    expect((await ask({ body, headers: { 'x-hook-signature': hex(body) } })).status).toBe(200);
    expect(sent).toHaveLength(1);
    expect((await ask({ headers: hook })).status).toBe(401);
  });

  test('what cannot be shown is not answered', async () => {
    const { ask, state, openWindow } = await serve({ preset: 'asana' });
    openWindow();
    state.full = true;
    const answer = await ask({ headers: hook });
    expect([answer.status, answer.headers['x-hook-secret']]).toEqual([503, undefined]);
  });

  test('the first matching request of a stranger is shown as well: the operator compares', async () => {
    const { ask, captured, openWindow } = await serve({ preset: 'notion', secrets: {} });
    openWindow();
    const text = '{"verification_token":"secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl"}';
    expect(await ask({ body: text })).toMatchObject({ status: 200, text: '' });
    expect(Buffer.from(captured[0]?.body ?? '', 'base64').toString()).toBe(text);
  });

  test('nothing that is too long to be one, or no JSON, is taken for one', async () => {
    const { ask, captured, openWindow } = await serve({ preset: 'notion', status: 'live' });
    openWindow();
    const long = JSON.stringify({ verification_token: 'x', more: 'y'.repeat(64 * 1024) });
    expect((await ask({ body: long })).status).toBe(401);
    expect((await ask({ body: '{"verification_token":' })).status).toBe(401);
    expect(captured).toEqual([]);
  });

  test('not for a disabled connector', async () => {
    const { ask, openWindow } = await serve({ preset: 'asana', status: 'disabled' });
    openWindow();
    expect((await ask({ headers: hook })).status).toBe(404);
  });
});
