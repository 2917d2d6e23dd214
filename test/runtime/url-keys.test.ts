import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import { createIngress } from '../../src/runtime/ingress/ingress.ts';
import { openLog } from '../../src/runtime/log/log.ts';
import { createRequestMetrics } from '../../src/runtime/observe/metrics.ts';
import { createObserver } from '../../src/runtime/observe/observe.ts';
import { connectorPaths, createUrlKeys, urlTokenOf } from '../../src/runtime/pipeline/url-keys.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { bundleOf, planOf } from './bundles.ts';
import { exchange, listen, send } from './http-client.ts';
import { Folder } from './running.ts';
import { makeEvent, makeRequest, makeWorld, NOW, type RequestChanges, SECRET, summary } from './world.ts';

const CURRENT = 'the-current-key-of-this-deployment';
const PREVIOUS = 'the-previous-key-of-this-deployment';
const urlKeys = createUrlKeys([CURRENT, PREVIOUS]);

function tokenOf(key: string, connector = 'orders'): string {
  return createUrlKeys([key]).tokensOf(connector)[0] as string;
}

const token = tokenOf(CURRENT);
const rejected = (code: string) => ({ outcome: 'rejected', code });
const secretUrl: Partial<ConnectorPlan> = { urlKey: true };
const signed: Partial<ConnectorPlan> = { signature: hmacSignature };

describe('the token of a connector', () => {
  test('is the start of an HMAC over its id', () => {
    const whole = createHmac('sha256', CURRENT).update('sluice-url-key-v1\0orders').digest('base64url');
    expect(token).toHaveLength(24);
    expect(whole.startsWith(token)).toBe(true);
  });

  test('is of one key and one connector', () => {
    const { tokensOf, match } = urlKeys;
    expect(tokensOf('orders')).toEqual([token, tokenOf(PREVIOUS)]);
    expect(match('invoices', token)).toBeNull();
    expect(createUrlKeys([PREVIOUS]).match('orders', token)).toBeNull();
  });

  test('names its key, by a name that stays when the key moves to second place', () => {
    const name = urlKeys.match('orders', token);
    expect(name).toMatch(/^url-key:[0-9a-f]{8}$/);
    expect(createUrlKeys(['a-newer-key-of-this-deployment-01', CURRENT]).match('orders', token)).toBe(name);
    expect(urlKeys.match('orders', tokenOf(PREVIOUS))).not.toBe(name);
  });

  test('is nothing but itself', () => {
    const change = fc.tuple(fc.nat(23), fc.constantFrom(...'ABCXYZabcxyz019-_'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), change), (changed) => {
        const text =
          typeof changed === 'string'
            ? changed
            : token.slice(0, changed[0]) + changed[1] + token.slice(changed[0] + 1);
        fc.pre(text !== token);
        expect(urlKeys.match('orders', text)).toBeNull();
      }),
    );
  });

  test('is found in a URL, wherever that is mounted', () => {
    expect(urlTokenOf(`/c/orders/${token}`)).toBe(token);
    expect(urlTokenOf(`/hooks/c/orders/${token}?x=1`)).toBe(token);
    expect(urlTokenOf('/c/orders?x=1')).toBeNull();
    expect(connectorPaths('orders', urlKeys)[0]).toBe(`/c/orders/${token}`);
    expect(connectorPaths('orders', null)).toEqual(['/c/orders']);
  });
});

describe('with URL keys', () => {
  const cases: readonly {
    readonly note: string;
    readonly plan?: Partial<ConnectorPlan>;
    readonly request?: RequestChanges;
    readonly token?: string;
    readonly want: Record<string, unknown>;
  }[] = [
    { note: 'the token of the current key', plan: secretUrl, token, want: { outcome: 'delivered' } },
    {
      note: 'the token of the key before',
      plan: secretUrl,
      token: tokenOf(PREVIOUS),
      want: { outcome: 'delivered' },
    },
    { note: 'no token', plan: secretUrl, want: rejected('connector-unknown') },
    { note: 'an empty one', plan: secretUrl, token: '', want: rejected('connector-unknown') },
    {
      note: 'the token of another connector',
      plan: secretUrl,
      token: tokenOf(CURRENT, 'invoices'),
      want: rejected('connector-unknown'),
    },
    {
      note: 'the token of a key that is gone',
      plan: secretUrl,
      token: tokenOf('a-key-that-was-replaced-long-ago-0'),
      want: rejected('connector-unknown'),
    },
    {
      note: 'no token, by a method that is not allowed',
      request: { method: 'DELETE' },
      want: rejected('connector-unknown'),
    },
    {
      note: 'no token, from an address that is not allowed',
      plan: { allowIps: ['10.0.0.0/8'] },
      want: rejected('connector-unknown'),
    },
    { note: 'a connector without any proof', want: rejected('connector-unknown') },
    { note: 'a connector without any proof, by its URL', token, want: { outcome: 'delivered' } },
    {
      note: 'a signed request to the plain URL',
      plan: signed,
      request: { sign: true },
      want: rejected('connector-unknown'),
    },
    {
      note: 'a signed request to the secret URL',
      plan: signed,
      request: { sign: true },
      token,
      want: { outcome: 'delivered' },
    },
    {
      note: 'an unsigned request to the secret URL',
      plan: signed,
      token,
      want: rejected('signature-missing'),
    },
    {
      note: 'both wanted, and no signature',
      plan: { ...signed, ...secretUrl },
      token,
      want: rejected('signature-missing'),
    },
    {
      note: 'a disabled connector, by its URL',
      plan: { ...secretUrl, status: 'disabled' },
      token,
      want: { outcome: 'ignored', code: 'disabled' },
    },
    {
      note: 'a disabled connector, without',
      plan: { ...secretUrl, status: 'disabled' },
      want: rejected('connector-unknown'),
    },
  ];
  test.each(cases)('$note', async ({ plan, request, token: given, want }) => {
    const { pipeline, sent } = makeWorld([makePlan(plan)], { urlKeys });
    const outcome = await pipeline.handle({ ...makeRequest(request), token: given });
    expect(summary(outcome)).toMatchObject(want);
    expect(sent).toHaveLength(want.outcome === 'delivered' ? 1 : 0);
  });

  test('a connector is not built for somebody who does not know its URL', async () => {
    const { pipeline, active } = makeWorld([makePlan({ ...secretUrl, split: 'no path' })], { urlKeys });
    await pipeline.handle(makeRequest());
    expect(active.get('orders')?.broken).toBeNull();
    await pipeline.handle({ ...makeRequest(), token });
    expect(active.get('orders')?.broken).not.toBeNull();
  });

  test('an unknown connector takes the same comparisons as a wrong token', async () => {
    const asked: string[] = [];
    const counted = {
      ...urlKeys,
      match: (connector: string, given: string) => {
        asked.push(connector);
        return urlKeys.match(connector, given);
      },
    };
    const { pipeline } = makeWorld([makePlan(secretUrl)], { urlKeys: counted });
    await pipeline.handle({ ...makeRequest(), token: 'x' });
    await pipeline.handle({ ...makeRequest({ connector: 'none' }), token: 'x' });
    expect(asked).toEqual(['orders', 'none']);
  });

  test('while a sample is waited for, the URL is still asked for', async () => {
    const world = makeWorld([makePlan(secretUrl)], { urlKeys });
    world.windows.set('orders', NOW + 1);
    expect(await world.pipeline.handle(makeRequest())).toMatchObject(rejected('connector-unknown'));
    expect(await world.pipeline.handle({ ...makeRequest(), token })).toMatchObject({ outcome: 'captured' });
  });

  test('a hold names the key that let it in, so that a leaked one can be cleaned up after', async () => {
    const world = makeWorld([makePlan(secretUrl)], { urlKeys });
    world.pause('orders', 'by hand');
    await world.pipeline.handle({ ...makeRequest(), token: tokenOf(PREVIOUS) });
    expect(world.holds[0]?.verifiedBy).toBe(urlKeys.match('orders', tokenOf(PREVIOUS)));
  });

  test('where a signature proves it too, a hold names the secret', async () => {
    const world = makeWorld([makePlan({ ...signed, ...secretUrl })], { urlKeys });
    world.pause('orders', 'by hand');
    await world.pipeline.handle({ ...makeRequest({ sign: true }), token });
    expect(world.holds[0]?.verifiedBy).toBe('env:SLUICE_SECRET_TEST');
  });

  test.each(['hold', 'capture'])('a %s has the token nowhere, whatever a proxy added', async (kind) => {
    const world = makeWorld([makePlan(secretUrl)], { urlKeys });
    if (kind === 'hold') world.pause('orders', 'by hand');
    else world.windows.set('orders', NOW + 1);
    const url = `/c/orders/${token}?a=b`;
    const headers = { 'x-original-uri': url, 'x-forwarded-uri': url, referer: `https://example.com${url}` };
    await world.pipeline.handle({ ...makeRequest({ headers }), url, token });
    const kept = JSON.stringify([world.holds, world.captured]);
    expect(kept).toContain('/c/orders/***?a=b');
    expect(kept).not.toContain(token);
  });
});

describe('without URL keys', () => {
  const cases: readonly {
    readonly note: string;
    readonly plan?: Partial<ConnectorPlan>;
    readonly token?: string;
    readonly want: string;
  }[] = [
    { note: 'a connector that needs them is not served', plan: secretUrl, want: 'url-key-missing' },
    { note: 'by no token', plan: secretUrl, token, want: 'url-key-missing' },
    {
      note: 'nor one that is signed too',
      plan: { ...signed, ...secretUrl },
      token,
      want: 'url-key-missing',
    },
    {
      note: 'to a stranger a disabled one does not exist',
      plan: { ...secretUrl, status: 'disabled' },
      want: 'connector-unknown',
    },
    { note: 'the others are served', want: 'delivered' },
    { note: 'the others have one URL', token, want: 'connector-unknown' },
  ];
  test.each(cases)('$note', async ({ plan, token: given, want }) => {
    const { pipeline } = makeWorld([makePlan(plan)]);
    expect((await pipeline.handle({ ...makeRequest(), token: given })).code).toBe(want);
  });
});

describe('over HTTP', () => {
  const event = JSON.stringify(makeEvent());

  async function serve(plans: readonly ConnectorPlan[], keys: typeof urlKeys | null = urlKeys) {
    const world = makeWorld(plans, { urlKeys: keys });
    const lines: string[] = [];
    const { log } = openLog({
      level: 'trace',
      format: 'json',
      stream: { write: (line) => void lines.push(line) },
    });
    const metrics = createRequestMetrics();
    const observe = createObserver(log, metrics);
    const { port } = await listen(createIngress({ pipeline: world.pipeline, observe, now: () => NOW }));
    return { world, port, lines, metrics };
  }

  const faceOf = ({ status, json, headers }: Awaited<ReturnType<typeof send>>) => {
    const { requestId: _, ...rest } = json;
    const { date: _date, 'x-request-id': _id, ...others } = headers;
    return { status, rest, others };
  };

  test('a wrong or missing token looks like a connector that never was', async () => {
    const { port } = await serve([makePlan(secretUrl)]);
    const faces: ReturnType<typeof faceOf>[] = [];
    for (const path of [
      '/c/none',
      `/c/none/${token}`,
      '/c/orders',
      '/c/orders/',
      '/c/orders/x',
      `/c/orders/${tokenOf(CURRENT, 'none')}`,
      `/c/orders/${token}/`,
      `/c/orders/${token}x`,
      `/c/orders/${token.slice(0, -1)}`,
      `/c/orders//${token}`,
      `/c/orders/%${token.charCodeAt(0).toString(16)}${token.slice(1)}`,
      `/c/orders?${token}`,
    ])
      faces.push(faceOf(await send(port, { path, body: event })));
    expect(new Set(faces.map((face) => JSON.stringify(face))).size).toBe(1);
    expect(faces[0]).toMatchObject({ status: 404, rest: { code: 'connector-unknown' } });
  });

  test('the right one is served, also below a query', async () => {
    const { port } = await serve([makePlan(secretUrl)]);
    for (const path of [`/c/orders/${token}`, `/c/orders/${tokenOf(PREVIOUS)}?x=1`]) {
      expect(await send(port, { path, body: event })).toMatchObject({ status: 202 });
    }
  });

  test('a refused head is answered without the body', async () => {
    const { port } = await serve([makePlan(secretUrl)]);
    const head = 'POST /c/orders/x HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n';
    expect(await exchange(port, head)).toMatch(/^HTTP\/1\.1 404 .*\r\nConnection: close\r\n/s);
  });

  test('a signature covers the URL with its token', async () => {
    const signature = {
      ...hmacSignature,
      template: [{ kind: 'path' }, { kind: 'payload' }],
    } satisfies ConnectorPlan['signature'];
    const { port } = await serve([makePlan({ signature })]);
    const path = `/c/orders/${token}`;
    const sign = (text: string) => createHmac('sha256', SECRET).update(text).digest('hex');
    const answers = [`${path}${event}`, `/c/orders${event}`].map((text) =>
      send(port, { path, body: event, headers: { 'x-signature': sign(text) } }),
    );
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([202, 401]);
  });

  test('without keys: the connector that needs them says when to come back', async () => {
    const { port } = await serve([makePlan(secretUrl), makePlan({ id: 'open' })], null);
    const answer = await send(port, { path: `/c/orders/${token}`, body: event });
    expect(answer).toMatchObject({ status: 503, json: { code: 'url-key-missing' } });
    expect(answer.headers['retry-after']).toBe('60');
    expect(await send(port, { path: '/c/open', body: event })).toMatchObject({ status: 202 });
  });

  test('logs and metrics say which connector was called wrongly, and never the token', async () => {
    const { port, lines, metrics } = await serve([makePlan(secretUrl)]);
    await send(port, { path: `/c/orders/${token}`, body: event });
    await send(port, { path: `/c/orders/${token}`, body: '{' });
    await send(port, { path: `/c/orders/${tokenOf(PREVIOUS, 'none')}`, body: event });
    const text = lines.join('') + (await metrics.registry.metrics());
    expect(text).toContain('"connector":"orders","outcome":"rejected","code":"connector-unknown"');
    expect(text).toContain('{connector="orders",outcome="delivered",code="delivered"} 1');
    expect(text).not.toContain(token);
    expect(text).not.toContain(tokenOf(PREVIOUS, 'none'));
    expect(text).not.toContain('url-key:');
  });
});

describe('a runtime', () => {
  test('tells the URL to operators alone, and keeps it out of its log', async () => {
    const folder = new Folder();
    try {
      const env = {
        SLUICE_URL_KEYS: `${CURRENT}, ${PREVIOUS}`,
        SLUICE_PUBLIC_URL: 'https://hooks.example.com',
      };
      const running = await folder.start({ env, bundle: bundleOf([planOf({ id: 'one', urlKey: true })]) });
      const path = `one/${tokenOf(CURRENT, 'one')}`;
      const { url, secretsMissing } = await running.statusOf('one');
      expect(url).toBe(`https://hooks.example.com/c/${path}`);
      expect(secretsMissing).toEqual([]);
      const capture = await running.admin('POST', '/connectors/one/capture', { seconds: 5 });
      expect(capture.body.url).toBe(url);
      await running.admin('DELETE', '/connectors/one/capture');
      expect(await running.post(path, { user: 'u1', amount: 1 })).toMatchObject({ status: 202 });
      expect(await running.post('one', { user: 'u1', amount: 1 })).toMatchObject({ status: 404 });
      const unauthenticated = await fetch(`${running.runtime.adminUrl}/status`);
      expect(unauthenticated.status).toBe(401);
      const said = JSON.stringify([running.log, running.announced]) + (await unauthenticated.text());
      expect(said).toContain('"url-keys":"(set)"');
      for (const secret of [CURRENT, PREVIOUS, tokenOf(CURRENT, 'one')]) expect(said).not.toContain(secret);
    } finally {
      await folder.remove();
    }
  });

  test('says at the start and in its status which connectors need the keys that it lacks', async () => {
    const folder = new Folder();
    try {
      const plans = [planOf({ id: 'one', urlKey: true }), planOf({ id: 'two' })];
      const running = await folder.start({ bundle: bundleOf(plans) });
      expect(running.announced).toEqual([expect.stringMatching(/env:SLUICE_URL_KEYS .*\bone\b/)]);
      expect((await running.statusOf('one')).secretsMissing).toEqual(['env:SLUICE_URL_KEYS']);
      expect(await running.post('one', {})).toMatchObject({ status: 503, body: { code: 'url-key-missing' } });
      expect(await running.post('two', { user: 'u1', amount: 1 })).toMatchObject({ status: 202 });
    } finally {
      await folder.remove();
    }
  });
});
