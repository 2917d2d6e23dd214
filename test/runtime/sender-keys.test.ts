/** Keys at addresses, addresses to visit, and who called: what operators see of senders, in a runtime that serves. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { planOf as schemeOf } from '../stages/signature/harness.ts';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, type Running } from './running.ts';

let folder: Folder;

beforeEach(() => {
  folder = new Folder();
});

afterEach(() => folder.remove());

const good = { user: 'u1', amount: 1 };
const requestsOf = ({ log }: Running) => log.filter(({ msg }) => msg === 'request');

describe('keys at an address', () => {
  const keys = 'https://keys.example.invalid/jwks';
  const signature = schemeOf({ type: 'jwt', jwt: { algorithms: ['RS256'], keys } });
  const jwt = [{ alg: 'RS256' }, { exp: 1 }].map((one) =>
    Buffer.from(JSON.stringify(one)).toString('base64url'),
  );

  test('are fetched before any request asks, and status says why they are not there', async () => {
    const plans = [
      planOf({ id: 'one', signature }),
      planOf({ id: 'two', signature }),
      planOf({ id: 'off', status: 'disabled', signature }),
    ];
    const running = await folder.start({
      bundle: bundleOf(plans),
      flags: { keyHosts: 'keys.example.invalid' },
    });
    await running.until(async () => (await running.statusOf('one')).secrets.length > 0);
    expect((await running.statusOf('one')).secrets).toMatchObject([
      {
        name: `keys:${keys}`,
        kind: 'missing',
        stops: true,
        reason: expect.stringContaining('cannot be reached'),
      },
    ]);
    expect((await running.statusOf('off')).secrets).toEqual([]);
    const { problems } = await running.runtime.status();
    expect(problems.map(({ what, connectors }) => [what, connectors])).toEqual([
      [expect.stringContaining(`one, two answer 503: keys:${keys}: cannot be reached`), ['one', 'two']],
    ]);
    const failed = running.log.filter(({ msg }) => msg === 'the keys of a sender cannot be fetched');
    expect(failed).toMatchObject([{ address: keys }]);
    const answer = await running.post('one', good, { authorization: `Bearer ${jwt.join('.')}.AAAA` });
    expect([answer.status, answer.body.code]).toEqual([503, 'keys-pending']);
  });

  test('on a host that nobody allowed are a problem that names the setting', async () => {
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one', signature })]) });
    await running.until(async () => (await running.statusOf('one')).secrets.length > 0);
    expect((await running.statusOf('one')).secrets[0]?.reason).toContain('--key-hosts keys.example.invalid');
  });
});

describe('an address that a provider wants to be visited', () => {
  const signature = schemeOf({
    signature: { header: 'x-sig' },
    handshake: [
      {
        when: [{ path: '$.Type', equals: 'SubscriptionConfirmation' }],
        show: '$.SubscribeURL',
        answer: {},
      },
    ],
  });
  const secretEnv = { SLUICE_SECRET_TEST: 'a secret' };
  const sign = (text: string) => ({ 'x-sig': createHmac('sha256', 'a secret').update(text).digest('hex') });

  test('stands in the log line of what is proven, and is never visited', async () => {
    let visits = 0;
    const server = createServer((_, answer) => {
      visits += 1;
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/?Action=ConfirmSubscription`;
    const running = await folder.start({ bundle: bundleOf([planOf({ id: 'one', signature })]), secretEnv });
    const ask = async (SubscribeURL: unknown, isSigned = true) => {
      const body = JSON.stringify({ Type: 'SubscriptionConfirmation', SubscribeURL });
      const { status } = await running.post('one', body, isSigned ? sign(body) : { 'x-sig': 'ab' });
      return [status, requestsOf(running).at(-1)?.visit];
    };
    expect(await ask(url)).toEqual([200, url]);
    expect(await ask(url, false)).toEqual([401, undefined]);
    for (const odd of ['javascript:alert(1)', 'http://x/\u001b[2J', ['a'], null, 'a'.repeat(5000)])
      expect(await ask(odd)).toEqual([200, undefined]);
    expect(visits).toBe(0);
  });
});

describe('who called', () => {
  const bundle = bundleOf([planOf({ id: 'one', allowIps: ['198.51.100.7'] })]);
  const askAs = async (running: Running, forwarded?: string) => {
    const headers = forwarded === undefined ? undefined : { 'x-forwarded-for': forwarded };
    expect((await running.post('one', good, headers)).status).toBe(403);
    return requestsOf(running).at(-1)?.sender;
  };

  test('is logged where an address is refused, with what an untrusted proxy says of it, short', async () => {
    const running = await folder.start({ bundle });
    expect(await askAs(running)).toEqual({ address: '127.0.0.1' });
    const forged = `198.51.100.7, "\u00e4${'x'.repeat(400)}`;
    expect(await askAs(running, forged)).toEqual({
      address: '127.0.0.1',
      untrustedForwardedFor: forged.slice(0, 200),
    });
  });

  test('a trusted proxy says who it was', async () => {
    const running = await folder.start({ bundle, flags: { trustProxy: '127.0.0.1' } });
    expect(await askAs(running, '203.0.113.9')).toEqual({ address: '203.0.113.9' });
  });
});
