import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { createTarget, type TargetConfig } from '../../../src/runtime/targets/create-target.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const http = { kind: 'http', url: 'https://example.com/hook', secret: SECRET } as const;
const atomic = {
  kind: 'atomic',
  org: 'acme',
  env: 'env-1',
  clientId: 'id',
  clientSecret: 'very-secret',
} as const;

describe('a configuration that is right', () => {
  test.each<TargetConfig>([
    { kind: 'log', stateDir: tmpdir(), announce: () => {} },
    http,
    { ...http, testUrl: 'http://127.0.0.1:9/test', userAgent: 'sluice/1.2.3' },
    atomic,
    { ...atomic, tokenUrl: null, baseUrl: 'http://127.0.0.1:9' },
  ])('gives a $kind target', async (config) => {
    const created = createTarget(config);
    if (!created.ok) throw new Error(created.problems.join());
    expect(created.target.name).toBe(config.kind);
    await created.target.close();
  });
});

describe('a configuration that is wrong', () => {
  test.each<[TargetConfig, RegExp]>([
    [{ ...http, url: 'example.com' }, /^the URL of the http target is not a URL/],
    [{ ...http, url: 'ftp://example.com' }, /is not a web address/],
    [{ ...http, url: 'https://user:pass@example.com' }, /holds credentials/],
    [{ ...http, testUrl: 'file:///etc/passwd' }, /^the test URL of the http target/],
    [{ ...http, testUrl: 'https://EXAMPLE.com/hook' }, /is the live URL/],
    [{ ...http, secret: 'hunter2' }, /^the secret of the http target/],
    [{ ...atomic, org: 'evil.example/' }, /^the organisation "evil.example\/"/],
    [{ ...atomic, env: '../admin' }, /^the environment "..\/admin"/],
    [{ ...atomic, clientId: 'a:b' }, /^the client id/],
    [{ ...atomic, clientSecret: '' }, /^the client secret .* is empty/],
    [{ ...atomic, tokenUrl: 'nowhere' }, /^the token URL/],
    [{ ...atomic, baseUrl: 'nowhere' }, /^the base URL/],
  ])('%# says what to do, without secrets', (config, expected) => {
    const created = createTarget(config);
    if (created.ok) throw new Error('taken');
    expect(created.problems).toEqual([expect.stringMatching(expected)]);
    for (const secret of ['hunter2', 'pass@', 'very-secret', SECRET]) {
      expect(created.problems.join()).not.toContain(secret);
    }
  });

  test('says everything at once', () => {
    const created = createTarget({ ...http, url: '', testUrl: '', secret: '' });
    expect(created).toMatchObject({ ok: false, problems: { length: 3 } });
  });
});
