import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { REPLAY_STREAM } from '../../src/admin-api/answers.ts';
import { createAdmin } from '../../src/runtime/admin/app.ts';
import { type Control, done, refuse } from '../../src/runtime/admin/control.ts';
import { type Listener, listen } from '../../src/runtime/ingress/listen.ts';
import { DEFAULT_SERVER_LIMITS } from '../../src/runtime/pipeline/limits.ts';

const TOKEN = 'a-token-of-some-length';

let listener: Listener | undefined;

afterEach(async () => {
  await listener?.close(1000);
  listener = undefined;
});

/** Calls of the control, and a control that does nothing else than record them. */
function recordingControl(given: Partial<Control> = {}): { control: Control; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const control = new Proxy(given, {
    get: (_, name: keyof Control) =>
      given[name] ??
      (async (...parameters: unknown[]) => {
        calls.push([name, ...parameters]);
        return done({ answered: name });
      }),
  }) as Control;
  return { control, calls };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | object;
}

async function admin(control: Control, options: { host?: string; allowedHosts?: string[] } = {}) {
  const errors: unknown[] = [];
  const app = createAdmin({
    control,
    token: TOKEN,
    host: '127.0.0.1',
    allowedHosts: [],
    bodyBytes: 1000,
    onError: (error) => errors.push(error),
    ...options,
  });
  const listening = await listen(app, {
    host: '127.0.0.1',
    port: 0,
    limits: DEFAULT_SERVER_LIMITS,
    flag: '--admin-port',
  });
  if (!listening.ok) throw new Error(listening.message);
  ({ listener } = listening);
  const { port } = listener;
  const call = (path: string, { method = 'GET', headers = {}, body }: Call = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const isObject = typeof body === 'object';
      const all = {
        authorization: `Bearer ${TOKEN}`,
        ...(isObject ? { 'content-type': 'application/json' } : {}),
        ...headers,
      };
      const sent = httpRequest({ port, path, method, headers: all }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          const isJson = /json/.test(response.headers['content-type'] ?? '');
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: isJson ? JSON.parse(text) : text,
          });
        });
      });
      sent.on('error', reject);
      sent.end(isObject ? JSON.stringify(body) : body);
    });
  return { call, errors };
}

const post = (body: object, headers = {}): Call => ({ method: 'POST', body, headers });

describe('who may call the admin API', () => {
  test('health, readiness and metrics need no token', async () => {
    let ready = false;
    const { control } = recordingControl({
      isReady: () => ready,
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'sluice_up 1\n' }),
    });
    const { call } = await admin(control);
    const headers = { authorization: '' };
    expect((await call('/healthz', { headers })).status).toBe(200);
    expect((await call('/readyz', { headers })).status).toBe(503);
    ready = true;
    expect((await call('/readyz', { headers })).status).toBe(200);
    expect((await call('/metrics', { headers })).body).toBe('sluice_up 1\n');
  });

  test.each([
    ['none', ''],
    ['another', 'Bearer another-token-of-length'],
    ['an empty one', 'Bearer '],
    ['a part of it', `Bearer ${TOKEN.slice(0, -1)}`],
    ['more than it', `Bearer ${TOKEN}x`],
    ['another scheme', `Basic ${TOKEN}`],
  ])('everything else needs the token: %s is refused', async (_, authorization) => {
    const { control, calls } = recordingControl();
    const { call } = await admin(control);
    const answer = await call('/connectors/one/pause', post({ by: 'ada' }, { authorization }));
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect((await call('/no-such-path', { headers: { authorization } })).status).toBe(401);
    expect(calls).toEqual([]);
  });

  test.each([
    'localhost',
    'LOCALHOST:8081',
    '127.0.0.1:1',
    '127.8.8.8',
    '[::1]:8081',
    'sluice.internal:8081',
  ])('by the name %s', async (host) => {
    const { call } = await admin(recordingControl().control, { allowedHosts: ['Sluice.internal'] });
    expect((await call('/status', { headers: { host } })).status).toBe(200);
  });

  test.each(['evil.example', '192.0.2.1', '127.0.0.1.evil.example', 'localhost.evil.example', 'a b', '[::1'])(
    'not by the name "%s", which a page may have made to point here',
    async (host) => {
      const { call } = await admin(recordingControl().control);
      for (const path of ['/status', '/metrics', '/healthz']) {
        expect((await call(path, { headers: { host } })).status).toBeGreaterThanOrEqual(400);
      }
    },
  );

  test('by any address when it listens beyond loopback, as probes do', async () => {
    const { call } = await admin(recordingControl({ isReady: () => true }).control, { host: '0.0.0.0' });
    expect((await call('/readyz', { headers: { host: '10.1.2.3:8081' } })).status).toBe(200);
    expect((await call('/readyz', { headers: { host: 'evil.example' } })).status).toBe(403);
  });

  test('never from a web page', async () => {
    const { call } = await admin(recordingControl().control);
    for (const origin of ['https://evil.example', 'null', 'http://localhost:8081']) {
      expect((await call('/status', { headers: { origin } })).status).toBe(403);
    }
  });
});

describe('what the admin API takes', () => {
  test.each([
    ['POST', '/connectors/one/pause', { by: 'ada', reason: 'why' }, ['pause', 'one', 'ada', 'why']],
    ['POST', '/connectors/one/pause', { by: 'ada' }, ['pause', 'one', 'ada', 'paused by an operator']],
    ['POST', '/connectors/one/resume', { by: 'ada' }, ['resume', 'one', 'ada']],
    ['POST', '/resume', { by: 'ada' }, ['resumeAll', 'ada']],
    ['POST', '/connectors/one/capture', { seconds: 60 }, ['openCapture', 'one', 60]],
    ['DELETE', '/connectors/one/capture', undefined, ['closeCapture', 'one']],
    ['GET', '/connectors/one/capture', undefined, ['captureOf', 'one']],
    [
      'POST',
      '/connectors/one/send',
      { sample: { headers: { 'X-Event': 'a' }, body: '{}' }, to: 'me' },
      ['send', 'one', { headers: { 'x-event': 'a' }, body: '{}' }, 'me'],
    ],
    [
      'GET',
      '/held?connector=one&code=paused&limit=5',
      undefined,
      ['holds', { connector: 'one', code: 'paused', limit: 5 }],
    ],
    ['GET', '/held', undefined, ['holds', { limit: 100 }]],
    ['GET', '/held/h1', undefined, ['hold', 'h1']],
    [
      'POST',
      '/held/replay',
      { ids: ['h1'], dryRun: true, by: 'ada' },
      ['replay', { ids: ['h1'] }, { dryRun: true, each: false, by: 'ada', signal: expect.any(AbortSignal) }],
    ],
    [
      'POST',
      '/held/discard',
      { connector: 'one', verifiedBy: 'env:SLUICE_SECRET_A', by: 'ada' },
      ['discard', { connector: 'one', verifiedBy: 'env:SLUICE_SECRET_A' }, { by: 'ada', dryRun: false }],
    ],
  ])('%s %s %j', async (method, path, body, expected) => {
    const { control, calls } = recordingControl();
    const { call } = await admin(control);
    const answer = await call(path, body === undefined ? { method } : { method, body });
    expect(answer).toMatchObject({ status: 200, body: { answered: expected[0] } });
    expect(calls).toEqual([expected]);
  });

  test.each([
    ['/connectors/one/pause', {}, '"by" must be text of 1 to 200 printable characters'],
    ['/connectors/one/pause', { by: 'a\nb' }, '"by" must be text of 1 to 200 printable characters'],
    [
      '/connectors/one/pause',
      { by: 'ada', resaon: 'x' },
      'the field "resaon" is unknown: did you mean "reason"?',
    ],
    ['/connectors/one/pause', [], 'the body is not a JSON object'],
    ['/connectors/one/capture', { seconds: 3601 }, '"seconds" must be a whole number from 1 to 3600'],
    [
      '/connectors/one/send',
      { sample: { body: {} } },
      '"sample" must be {"headers": {"name": "value"}, "body": "JSON text"}',
    ],
    ['/held/replay', { by: 'ada' }, 'say which: "ids" or "connector"'],
    ['/held/replay', { by: 'ada', ids: [] }, '"ids" must be a list of 1 to 1000 texts'],
    [
      '/held/replay',
      { by: 'ada', connector: 'one', dryrun: true },
      'the field "dryrun" is unknown: did you mean "dryRun"?',
    ],
    ['/held/discard', { by: 'ada' }, 'say which: "ids", "connector", "verifiedBy" or "match"'],
  ])('%s refuses %j', async (path, body, detail) => {
    const { control, calls } = recordingControl();
    const { call } = await admin(control);
    expect(await call(path, post(body))).toMatchObject({
      status: 400,
      headers: { 'content-type': expect.stringContaining('application/problem+json') },
      body: { status: 400, detail },
    });
    expect(calls).toEqual([]);
  });

  test('refuses a limit that is none', async () => {
    const { call } = await admin(recordingControl().control);
    for (const limit of ['0', '1001', 'x', '-1'])
      expect((await call(`/held?limit=${limit}`)).status).toBe(400);
  });

  test('reads no body that is not JSON, or too large', async () => {
    const { call } = await admin(recordingControl().control);
    const path = '/connectors/one/pause';
    const form = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"by":"ada"}' };
    expect((await call(path, form)).status).toBe(415);
    const broken = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' };
    expect(await call(path, broken)).toMatchObject({ status: 400, body: { detail: 'the body is not JSON' } });
    expect((await call(path, post({ by: 'ada', reason: 'x'.repeat(1000) }))).status).toBe(413);
  });

  test('answers what the control refuses as a problem', async () => {
    const { control } = recordingControl({ pause: async () => refuse(404, 'there is no connector "one"') });
    const { call } = await admin(control);
    expect(await call('/connectors/one/pause', post({ by: 'ada' }))).toMatchObject({
      status: 404,
      body: { detail: 'there is no connector "one"' },
    });
    expect((await call('/no-such-path')).status).toBe(404);
  });

  test('tells nothing of what went wrong inside', async () => {
    const { control } = recordingControl({
      status: () => Promise.reject(new Error('a detail of the inside')),
    });
    const { call, errors } = await admin(control);
    const answer = await call('/status');
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('inside');
    expect(errors).toHaveLength(1);
  });
});

describe('a replay that is streamed', () => {
  const HOLDS = 600;
  const view = {
    id: 'h'.repeat(100_000),
    connector: 'one',
    outcome: 'delivered',
    code: 'would-deliver',
  } as const;

  /** More than any socket takes, to a client that has the head and reads no further. */
  async function stream() {
    const told = { lines: 0, isWaiting: false, hasEnded: false };
    const { control } = recordingControl({
      async replay(_, { signal, listener }) {
        while (told.lines < HOLDS && !signal.aborted) {
          const taken = listener?.replayed(view);
          told.lines += 1;
          told.isWaiting = true;
          await taken;
          told.isWaiting = false;
        }
        told.hasEnded = true;
        return done({ results: [] });
      },
    });
    await admin(control);
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      accept: REPLAY_STREAM,
    };
    const { port } = listener as Listener;
    const response = await new Promise<IncomingMessage>((resolve) => {
      const sent = httpRequest({ port, path: '/held/replay', method: 'POST', headers }, resolve);
      sent.end(JSON.stringify({ connector: 'one', dryRun: true, by: 'ada' }));
    });
    response.on('error', () => {});
    await vi.waitUntil(() => told.isWaiting || told.hasEnded);
    return { told, response };
  }

  test('waits for a slow client, and loses nothing', async () => {
    const { told, response } = await stream();
    expect(told.lines).toBeLessThan(HOLDS);
    let bytes = 0;
    for await (const chunk of response) bytes += chunk.length;
    expect(bytes).toBe(HOLDS * (JSON.stringify(view).length + 1));
    expect(told).toEqual({ lines: HOLDS, isWaiting: false, hasEnded: true });
  });

  test('ends when the client is gone', async () => {
    const { told, response } = await stream();
    response.destroy();
    await vi.waitUntil(() => told.hasEnded);
    expect(told.lines).toBeLessThan(HOLDS);
  });

  test('ends when the client takes nothing for a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { told } = await stream();
    vi.advanceTimersByTime(60_000);
    await vi.waitUntil(() => told.hasEnded, { interval: 1 });
    expect(told.lines).toBeLessThan(HOLDS);
  });
});
