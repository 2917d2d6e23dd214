/** Where keys are never fetched from, and what an address may answer. Names are looked up as production does. */
import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { Agent, MockAgent } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { createKeyFetcher } from '../../../src/runtime/keys/fetch-keys.ts';
import { isPrivateAddress } from '../../../src/runtime/keys/private-address.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function fetcher(env: Readonly<Record<string, string>> = {}) {
  const made = createKeyFetcher(env);
  closers.push(() => made.close());
  return made;
}

describe('addresses that nothing on the internet has', () => {
  test.each([
    ...['127.0.0.1', '127.255.255.254', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255'],
    ...['192.168.1.1', '169.254.169.254', '100.64.0.1', '198.18.0.1', '192.0.0.8', '224.0.0.1'],
    ...['240.0.0.1', '255.255.255.255', '203.0.113.9'],
    ...['::1', '::', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12:3456::1', 'ff02::1', '2001:db8::1'],
    ...['::ffff:127.0.0.1', '::FFFF:10.0.0.1', '::ffff:7f00:1', '::ffff:a9fe:a9fe', '::127.0.0.1'],
    ...['64:ff9b::7f00:1', '2002:7f00:1::', '2001::1', '3fff::1', '0:0:0:0:0:0:0:1'],
    ...['', 'localhost', '127.1', '2130706433', '0x7f000001', 'metadata'],
  ])('%s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    'but not %s',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});

describe('nothing is fetched from this machine or its networks', () => {
  /** Counts who connects. */
  async function listener(): Promise<{ readonly port: number; readonly seen: () => number }> {
    let seen = 0;
    const server = createServer((_, answer) => answer.end('{"keys":[]}'));
    server.on('connection', () => {
      seen += 1;
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    return { port: (server.address() as AddressInfo).port, seen: () => seen };
  }

  test.each(['localhost', '127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1'])(
    'as %s',
    async (host) => {
      const { port, seen } = await listener();
      const fetched = await fetcher().fetch(`https://${host}:${port}/jwks`);
      expect(fetched).toEqual({ ok: false, reason: 'cannot be reached (EPRIVATE)' });
      expect(seen()).toBe(0);
    },
  );

  test('nor past a proxy that is told to leave it alone', async () => {
    const { port, seen } = await listener();
    const env = { HTTPS_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'localhost' };
    const fetched = await fetcher(env).fetch(`https://localhost:${port}/jwks`);
    expect(fetched).toMatchObject({ ok: false, reason: 'cannot be reached (EPRIVATE)' });
    expect(seen()).toBe(0);
  });
});

describe('what an address answers', () => {
  function answering(reply: (pool: ReturnType<MockAgent['get']>) => void) {
    const agent = new MockAgent();
    agent.disableNetConnect();
    reply(agent.get('https://keys.example.com'));
    closers.push(() => agent.close());
    return createKeyFetcher({}, () => agent).fetch('https://keys.example.com/jwks?v=1');
  }
  const asked = { path: '/jwks?v=1', method: 'GET' };

  test('is its text', async () => {
    const fetched = await answering((pool) => pool.intercept(asked).reply(200, '{"keys":[]}'));
    expect(fetched).toEqual({ ok: true, text: '{"keys":[]}' });
  });

  test.each([
    [301, 'http://169.254.169.254/latest'],
    [302, 'https://127.0.0.1/'],
    [307, '/elsewhere'],
    [308, 'https://keys.example.com/elsewhere'],
  ])('is not followed: %d', async (status, location) => {
    const fetched = await answering((pool) => {
      pool.intercept(asked).reply(status, '', { headers: { location } });
      pool.intercept({ path: '/elsewhere', method: 'GET' }).reply(200, '{"keys":[]}');
    });
    expect(fetched).toEqual({ ok: false, reason: `answered ${status}` });
  });

  test('of 10 MB is left where the limit is', async () => {
    let sent = 0;
    const endless = Readable.from(
      (function* () {
        for (; sent < 10 * 1024 * 1024; sent += 65_536) yield Buffer.alloc(65_536, 0x20);
      })(),
      { highWaterMark: 1 },
    );
    const server = createServer((_, answer) => endless.pipe(answer));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(
      async () => void server.closeAllConnections(),
      () => new Promise((resolve) => server.close(resolve)),
    );
    const { port } = server.address() as AddressInfo;
    const made = createKeyFetcher({}, () => new Agent({ connect: { lookup: toLoopback } }));
    closers.push(() => made.close());
    const fetched = await made.fetch(`http://keys.example.com:${port}/jwks`);
    expect(fetched).toEqual({ ok: false, reason: 'answered more than 262144 bytes' });
    // What lies in the buffers of two sockets may be more than what was read.
    expect(sent).toBeLessThan(10 * 1024 * 1024);
  });

  test('that breaks off is none', async () => {
    const fetched = await answering((pool) => pool.intercept(asked).replyWithError(new Error('gone')));
    expect(fetched).toEqual({ ok: false, reason: 'cannot be reached (no connection)' });
  });
});

/** As a name of the internet would be looked up, had this machine one. */
const toLoopback: LookupFunction = (_, options, callback) =>
  options.all === true
    ? callback(null, [{ address: '127.0.0.1', family: 4 }])
    : callback(null, '127.0.0.1', 4);
