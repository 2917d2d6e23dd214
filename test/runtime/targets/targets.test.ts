import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import type { TargetResult } from '../../../src/runtime/targets/define-target.ts';
import { findTarget, TARGET_SETTINGS, type TargetName } from '../../../src/runtime/targets/targets.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const surroundings = { stateDir: tmpdir(), announce: () => {}, userAgent: 'sluice/1.2.3' };
const nothing = Object.fromEntries(Object.keys(TARGET_SETTINGS).map((name) => [name, null]));
const http = { targetUrl: 'https://example.com/hook', targetSecret: SECRET };
const atomic = {
  atomicOrg: 'acme',
  atomicEnv: 'env-1',
  atomicClientId: 'id',
  atomicClientSecret: 'very-secret',
};

type Values = Parameters<ReturnType<typeof findTarget>['open']>[0];

function open(name: TargetName, values: Partial<Values>): TargetResult {
  return findTarget(name).open({ ...(nothing as Values), ...values }, surroundings);
}

describe('a configuration that is right', () => {
  test.each<[TargetName, Partial<Values>]>([
    ['log', {}],
    ['http', http],
    ['http', { ...http, targetTestUrl: 'http://127.0.0.1:9/test' }],
    ['atomic', atomic],
    ['nats', { natsServers: 'nats://127.0.0.1:9,nats://127.0.0.1:10' }],
    ['atomic', { ...atomic, atomicTokenUrl: null, atomicBaseUrl: 'http://127.0.0.1:9' }],
  ])('gives a target: %s', async (name, values) => {
    const created = open(name, values);
    if (!created.ok) throw new Error(created.problems.join());
    expect(created.target.name).toBe(name);
    await created.target.close();
  });
});

describe('a configuration that is wrong', () => {
  test.each<[TargetName, Partial<Values>, RegExp]>([
    ['http', { ...http, targetUrl: 'example.com' }, /^the URL of the http target is not a URL/],
    ['http', { ...http, targetUrl: 'ftp://example.com' }, /is not a web address/],
    ['http', { ...http, targetUrl: 'https://user:pass@example.com' }, /holds credentials/],
    ['http', { ...http, targetTestUrl: 'file:///etc/passwd' }, /^the test URL of the http target/],
    ['http', { ...http, targetTestUrl: 'https://EXAMPLE.com/hook' }, /is the live URL/],
    ['http', { ...http, targetSecret: 'hunter2' }, /^the secret of the http target/],
    ['atomic', { ...atomic, atomicOrg: 'evil.example/' }, /^the organisation "evil.example\/"/],
    ['atomic', { ...atomic, atomicEnv: '../admin' }, /^the environment "..\/admin"/],
    ['atomic', { ...atomic, atomicClientId: 'a:b' }, /^the client id/],
    ['atomic', { ...atomic, atomicClientSecret: '' }, /^the client secret .* is empty/],
    ['atomic', { ...atomic, atomicTokenUrl: 'nowhere' }, /^the token URL/],
    ['atomic', { ...atomic, atomicBaseUrl: 'nowhere' }, /^the base URL/],
  ])('%# says what to do, without secrets', (name, values, expected) => {
    const created = open(name, values);
    if (created.ok) throw new Error('taken');
    expect(created.problems).toEqual([expect.stringMatching(expected)]);
    for (const secret of ['hunter2', 'pass@', 'very-secret', SECRET]) {
      expect(created.problems.join()).not.toContain(secret);
    }
  });

  test('says everything at once', () => {
    const created = open('http', { targetUrl: '', targetTestUrl: '', targetSecret: '' });
    expect(created).toMatchObject({ ok: false, problems: { length: 3 } });
  });
});
