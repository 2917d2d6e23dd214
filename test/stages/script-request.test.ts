import { expect, test } from 'vitest';
import { headersFromRaw } from '../../src/stages/request.ts';
import { isCredentialHeader, scriptRequest } from '../../src/stages/script/script-request.ts';

test('a script sees the payload, harmless headers, the method and the time', () => {
  const raw = [
    'X-Event',
    'a',
    'Authorization',
    'Bearer s',
    'x-event',
    'b',
    'Stripe-Signature',
    's',
    '__proto__',
    'c',
  ];
  const request = scriptRequest(
    { id: 12345678901234567890n, list: [{ n: 1n }] },
    { headers: headersFromRaw(raw), method: 'PUT', receivedAt: 1760000000123 },
  );
  expect(JSON.parse(JSON.stringify(request))).toEqual({
    body: { id: '12345678901234567890', list: [{ n: '1' }] },
    headers: JSON.parse('{"x-event":"a, b","__proto__":"c"}'),
    method: 'PUT',
    receivedAt: '2025-10-09T08:53:20.123Z',
  });
});

test.each([
  'authorization',
  'proxy-authorization',
  'x-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'apikey',
  'x-auth',
  'x-auth-key',
  'stripe-signature',
  'x-hub-signature-256',
  'x-shopify-hmac-sha256',
  'x-gitlab-token',
  'x-amz-security-token',
  'x-hook-secret',
  'x-zm-sig',
  'x-session-id',
  'x-jwt-assertion',
])('%s may carry a credential', (name) => {
  expect(isCredentialHeader(name)).toBe(true);
});

test.each([
  'content-type',
  'user-agent',
  'x-github-event',
  'x-github-delivery',
  'x-shopify-topic',
  'x-author',
  'x-signed-headers',
  'x-keyboard',
  'x-slack-request-timestamp',
])('%s is harmless', (name) => {
  expect(isCredentialHeader(name)).toBe(false);
});
