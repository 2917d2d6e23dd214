import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import { createIngress } from '../../src/runtime/ingress/ingress.ts';
import { createRequestMetrics } from '../../src/runtime/observe/metrics.ts';
import { createRateLimiter, type RateLimiterOptions } from '../../src/runtime/pipeline/rate-limit.ts';
import { createUrlKeys } from '../../src/runtime/pipeline/url-keys.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { exchange, listen, send } from './http-client.ts';
import { makeEvent, makeRequest, makeWorld, NOW, type RequestChanges, SECRET } from './world.ts';

const SECOND = 1000;
const limits = { requestsPerMinute: 60, burst: 3 };
const signed: Partial<ConnectorPlan> = { signature: hmacSignature, limits };
const open: Partial<ConnectorPlan> = { limits };

function worldOf(plan: Partial<ConnectorPlan>, options: Partial<RateLimiterOptions> = {}) {
  const clock = { now: NOW };
  const now = () => clock.now;
  const rateLimiter = createRateLimiter({ perMinute: null, workers: 1, now, ...options });
  const world = makeWorld([makePlan(plan), makePlan({ id: 'other', signature: hmacSignature })], {
    now,
    rateLimiter,
  });
  /** Codes of so many requests, one after the other. */
  const codes = async (count: number, request: RequestChanges = {}): Promise<string[]> => {
    const found: string[] = [];
    for (let one = 0; one < count; one += 1)
      found.push((await world.pipeline.handle(makeRequest(request))).code);
    return found;
  };
  return { ...world, clock, codes };
}

const GENUINE = { sign: true } as const;
const forged = (ip: string) => ({ ip, headers: { 'x-signature': 'a'.repeat(64) } });
const times = <T>(count: number, what: T): T[] => Array.from({ length: count }, () => what);

describe('the limit of a connector', () => {
  test('lets a burst through, and then what comes in over time', async () => {
    const { clock, codes } = worldOf(signed);
    expect(await codes(5, GENUINE)).toEqual([...times(3, 'delivered'), ...times(2, 'rate-limited')]);
    clock.now += SECOND;
    expect(await codes(2, GENUINE)).toEqual(['delivered', 'rate-limited']);
    clock.now += 3600 * SECOND;
    expect(await codes(4, GENUINE)).toEqual([...times(3, 'delivered'), 'rate-limited']);
  });

  test('tells when to come back, and keeps to it', async () => {
    const { clock, codes, pipeline } = worldOf({ ...signed, limits: { requestsPerMinute: 7, burst: 1 } });
    await codes(1, GENUINE);
    clock.now += 1;
    const refused = await pipeline.handle(makeRequest(GENUINE));
    expect(refused).toMatchObject({ outcome: 'rejected', code: 'rate-limited', retryAfter: 9 });
    clock.now += 9 * SECOND;
    expect(await codes(1, GENUINE)).toEqual(['delivered']);
  });

  test('loses nothing to rounding, however often it is asked', async () => {
    const { clock, codes } = worldOf({ ...signed, limits: { requestsPerMinute: 60, burst: 1 } });
    await codes(1, GENUINE);
    for (let tenth = 0; tenth < 10; tenth += 1) {
      expect(await codes(1, GENUINE)).toEqual(['rate-limited']);
      clock.now += SECOND / 10;
    }
    expect(await codes(1, GENUINE)).toEqual(['delivered']);
  });

  test('is not loosened or tightened for good by a clock that is set', async () => {
    const { clock, codes } = worldOf(signed);
    await codes(3, GENUINE);
    clock.now -= 3600 * SECOND;
    expect(await codes(1, GENUINE)).toEqual(['rate-limited']);
    clock.now += SECOND;
    expect(await codes(2, GENUINE)).toEqual(['delivered', 'rate-limited']);
  });

  test('is kept by requests that come at the same time', async () => {
    const { codes, clock, pipeline, sent } = worldOf(signed);
    await codes(1, GENUINE);
    clock.now += SECOND;
    await Promise.all(times(20, GENUINE).map((request) => pipeline.handle(makeRequest(request))));
    expect(sent).toHaveLength(1 + 3);
  });

  test('leaves other connectors alone', async () => {
    const { codes } = worldOf(signed);
    await codes(4, GENUINE);
    expect(await codes(4, { ...GENUINE, connector: 'other' })).toEqual(times(4, 'delivered'));
  });

  test('counts what is ignored or held like anything else', async () => {
    const { codes } = worldOf({ ...signed, when: [{ path: '$.type', equals: 'x', inEverySample: false }] });
    expect(await codes(4, GENUINE)).toEqual([...times(3, 'when-differs'), 'rate-limited']);
  });

  test('comes after the checks of the head, and asks nothing of what they refuse', async () => {
    const { codes } = worldOf({ ...signed, allowIps: ['203.0.113.0/24'] });
    expect(await codes(5, { ...GENUINE, ip: '198.51.100.1' })).toEqual(times(5, 'address-not-allowed'));
    expect(await codes(5, { ...GENUINE, method: 'DELETE' })).toEqual(times(5, 'method-not-allowed'));
    expect(await codes(3, GENUINE)).toEqual(times(3, 'delivered'));
  });

  test('does not make a disabled connector known to strangers', async () => {
    const { codes } = worldOf({ ...signed, status: 'disabled' });
    expect(await codes(9)).toEqual(times(9, 'connector-unknown'));
    expect(await codes(9, GENUINE)).toEqual(times(9, 'disabled'));
  });

  test('counts everything where nothing proves a request', async () => {
    const { codes } = worldOf(open);
    expect(await codes(4)).toEqual([...times(3, 'delivered'), 'rate-limited']);
  });

  test('counts a secret URL as proof: nobody else gets that far', async () => {
    const urlKeys = createUrlKeys(['a-key-that-only-this-test-works-with']);
    const world = makeWorld([makePlan({ urlKey: true, limits })], { urlKeys });
    const [token] = urlKeys.tokensOf('orders');
    const codeOf = async (given: string | undefined) =>
      (await world.pipeline.handle({ ...makeRequest(), token: given })).code;
    for (let count = 0; count < 9; count += 1) expect(await codeOf('wrong')).toBe('connector-unknown');
    for (let count = 0; count < 3; count += 1) expect(await codeOf(token)).toBe('delivered');
    expect(await codeOf(token)).toBe('rate-limited');
    expect(await codeOf('wrong')).toBe('connector-unknown');
  });
});

describe('strangers', () => {
  test('use up nothing of what genuine requests need', async () => {
    const { codes } = worldOf(signed);
    expect(await codes(5, forged('198.51.100.1'))).toEqual([
      ...times(3, 'signature-mismatch'),
      ...times(2, 'sender-rate-limited'),
    ]);
    expect(await codes(3, GENUINE)).toEqual(times(3, 'delivered'));
  });

  test('at any number of addresses', async () => {
    const { codes } = worldOf(signed);
    for (let host = 0; host < 250; host += 1) await codes(4, forged(`198.51.100.${host}`));
    expect(await codes(3, GENUINE)).toEqual(times(3, 'delivered'));
  });

  test('at the very address of the sender, once it has proven itself there', async () => {
    const { codes, clock } = worldOf(signed);
    await codes(1, GENUINE);
    clock.now += 60 * SECOND;
    const { ip } = makeRequest();
    expect(await codes(50, forged(ip))).toEqual(times(50, 'signature-mismatch'));
    expect(await codes(3, GENUINE)).toEqual(times(3, 'delivered'));
  });

  test('are no longer read at the address of a sender that has not, but not for ever', async () => {
    const { codes, clock } = worldOf(signed);
    const { ip } = makeRequest();
    await codes(50, forged(ip));
    expect(await codes(1, GENUINE)).toEqual(['sender-rate-limited']);
    clock.now += SECOND;
    expect(await codes(3, GENUINE)).toEqual(times(3, 'delivered'));
  });

  test('are refused for one connector, not for all', async () => {
    const { codes } = worldOf({ ...signed });
    await codes(9, forged('198.51.100.1'));
    expect(await codes(1, { ...forged('198.51.100.1'), connector: 'other' })).toEqual(['signature-mismatch']);
  });

  test.each([
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff:0:0:9', true],
    ['2001:0db8:0001:0002:0:0:0:1', '2001:DB8:1:2::9', true],
    ['2001:db8::1', '2001:db8:0:0:1::', true],
    ['::1', '::192.0.2.1', true],
    ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
    ['::1:0:0:0:0', '::1', false],
    ['192.0.2.1', '192.0.2.2', false],
  ])('%s and %s: one sender: %s', async (one, other, isOne) => {
    const { codes } = worldOf(signed);
    await codes(3, forged(one));
    expect(await codes(1, forged(other))).toEqual([isOne ? 'sender-rate-limited' : 'signature-mismatch']);
  });

  test('who fill the table make it forget, not grow, and nobody genuine is refused for it', async () => {
    const plan = makePlan(signed);
    const limiter = createRateLimiter({ perMinute: null, workers: 1, now: () => NOW });
    const enter = (count: number, ip: string) => {
      let refused = 0;
      for (let one = 0; one < count; one += 1) if (limiter.enter(plan, ip) !== null) refused += 1;
      return refused;
    };
    expect(enter(4, '192.0.2.1')).toBe(1);
    for (let host = 0; host < 20_000; host += 1) limiter.enter(plan, `10.0.${host >> 8}.${host & 255}`);
    expect(enter(4, '192.0.2.1')).toBe(1);
    expect(limiter.verified(plan, '203.0.113.9')).toBeNull();
  });
});

describe('the limit of the deployment', () => {
  test('is that of every connector without its own', async () => {
    const { codes } = worldOf({ signature: hmacSignature }, { perMinute: 2 });
    expect(await codes(3, GENUINE)).toEqual(['delivered', 'delivered', 'rate-limited']);
    expect(await codes(3, { ...GENUINE, connector: 'other' })).toEqual([
      'delivered',
      'delivered',
      'rate-limited',
    ]);
  });

  test('gives way to the connector', async () => {
    const { codes } = worldOf(signed, { perMinute: 1 });
    expect(await codes(4, GENUINE)).toEqual([...times(3, 'delivered'), 'rate-limited']);
  });

  test('is none unless it is set', async () => {
    const { codes } = worldOf({ signature: hmacSignature });
    expect(await codes(100, GENUINE)).toEqual(times(100, 'delivered'));
  });

  test('is shared by the workers, each of which lets at least one through', async () => {
    const perWorker = worldOf(signed, { workers: 3 });
    expect(await perWorker.codes(2, GENUINE)).toEqual(['delivered', 'rate-limited']);
    perWorker.clock.now += 2 * SECOND;
    expect(await perWorker.codes(1, GENUINE)).toEqual(['rate-limited']);
    perWorker.clock.now += SECOND;
    expect(await perWorker.codes(1, GENUINE)).toEqual(['delivered']);
    const many = worldOf(signed, { workers: 64 });
    expect(await many.codes(2, GENUINE)).toEqual(['delivered', 'rate-limited']);
  });
});

describe('over HTTP', () => {
  const event = JSON.stringify(makeEvent());
  const headers = { 'x-signature': createHmac('sha256', SECRET).update(event).digest('hex') };

  async function serve(plan: Partial<ConnectorPlan>) {
    const world = makeWorld([makePlan({ limits: { requestsPerMinute: 2, burst: 1 }, ...plan })]);
    const metrics = createRequestMetrics();
    const observe = metrics.observeRequest;
    const { port } = await listen(createIngress({ pipeline: world.pipeline, observe, now: () => NOW }));
    return { ...world, port, metrics };
  }

  test('429 with a time to come back, counted', async () => {
    const { port, metrics, sent } = await serve({ signature: hmacSignature });
    await send(port, { body: event, headers });
    const answer = await send(port, { body: event, headers });
    expect(answer).toMatchObject({
      status: 429,
      json: { code: 'rate-limited', title: 'Too many requests', outcome: 'rejected' },
    });
    expect(answer.headers['retry-after']).toBe('30');
    expect(sent).toHaveLength(1);
    expect(await metrics.registry.metrics()).toContain(
      '{connector="orders",outcome="rejected",code="rate-limited"} 1',
    );
  });

  test('a stranger does not learn whose limit it was', async () => {
    const { port, metrics } = await serve({ signature: hmacSignature });
    await send(port, { body: event });
    const answer = await send(port, { body: event });
    expect(answer).toMatchObject({ status: 429, json: { code: 'rate-limited' } });
    expect(answer.text).not.toContain('sender');
    expect(await metrics.registry.metrics()).toContain('code="sender-rate-limited"} 1');
  });

  test('is answered before the body is read', async () => {
    const { port } = await serve({});
    await send(port, { body: event });
    const head = 'POST /c/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n';
    expect(await exchange(port, head)).toMatch(/^HTTP\/1\.1 429 .*\r\nRetry-After: 30\r\n/s);
  });
});
