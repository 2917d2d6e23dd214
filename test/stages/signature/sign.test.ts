import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { SignaturePlan } from '../../../src/stages/plans.ts';
import { headersFromObject } from '../../../src/stages/request.ts';
import { PRESETS } from '../../../src/stages/signature/presets.ts';
import { signRequest } from '../../../src/workbench/sign/sign.ts';
import type { Signing } from '../../../src/workbench/sign/signing.ts';
import { judge, NOW, planOf, type Sent } from './harness.ts';

const BODY = `{"id":"evt_1","webhookTimestamp":${NOW}000}`;
const EXAMPLE_SECRET = 'c2VjcmV0c2VjcmV0';

interface Unsigned {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly publicUrl?: string | undefined;
}

function sign(
  plan: SignaturePlan,
  secret: string,
  how: Signing,
  { headers = {}, body = BODY, publicUrl }: Unsigned = {},
) {
  const unsigned = {
    method: 'POST',
    url: '/c/test',
    ...(publicUrl === undefined ? {} : { publicUrl }),
    headers: headersFromObject(headers),
    body: Buffer.from(body),
  };
  return signRequest(plan, unsigned, secret, NOW * 1000, how);
}

/** Signs, and lets the verifier judge. */
function roundTrip(plan: SignaturePlan, secret: string, how: Signing, unsigned: Unsigned = {}): string {
  const result = sign(plan, secret, how, unsigned);
  if (!result.ok) return result.reason;
  const { publicUrl, body = BODY } = unsigned;
  const sent: Sent = {
    ...(publicUrl === undefined ? {} : { publicUrl }),
    headers: { ...unsigned.headers, ...result.headers },
    body,
  };
  return judge(plan, sent, secret);
}

function secretFor({ type, secretEncoding }: SignaturePlan): string {
  const pem = { format: 'pem', type: 'pkcs8' } as const;
  if (type === 'ed25519') return generateKeyPairSync('ed25519').privateKey.export(pem) as string;
  if (type === 'ecdsa')
    return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem) as string;
  if (type === 'rsa')
    return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem) as string;
  if (type === 'basic') return 'user:password';
  return secretEncoding === 'hex' ? '00ff00ff' : EXAMPLE_SECRET;
}

const PUBLIC_URL = 'https://hooks.example.com/c/test';
// Tokens are signed and judged in cases; keys that are fetched, and a query of its own, are the sender's alone.
const ALL = [...PRESETS.keys()]
  .map((preset) => [preset, planOf({ preset })] as const)
  .filter(([, plan]) => plan.jwt === undefined && plan.certificate === undefined)
  .filter(([, plan]) => !plan.template.some(({ kind }) => kind === 'query'));
const IN_BODY = ALL.filter(([, plan]) => plan.signature.body !== undefined);
const IN_HEADER = ALL.filter(([, plan]) => plan.signature.body === undefined && plan.bodyHash === undefined);

test.each(IN_HEADER)('%s: a genuine request verifies, a wrong or stale one does not', (_, plan) => {
  const secret = secretFor(plan);
  const isForm = plan.template.some(({ kind }) => kind === 'form');
  const request = { publicUrl: PUBLIC_URL, body: isForm ? 'b=2&a=1' : BODY };
  expect(roundTrip(plan, secret, 'genuine', request)).toBe('ok');
  expect(roundTrip(plan, secret, 'wrong', request)).toBe('signature-mismatch');
  const stale =
    plan.timestamp?.header === undefined ? expect.stringMatching(/ever stale|an old one/) : 'signature-stale';
  expect(roundTrip(plan, secret, 'stale', request)).toEqual(stale);
});

test.each(IN_BODY)('%s: a signature in the body is left to the case', (_, plan) => {
  expect(roundTrip(plan, secretFor(plan), 'genuine')).toMatch(/^the signature stands in the body/);
});

test('each provider gets its own format of time', () => {
  const timeOf = (preset: string, publicUrl?: string) => {
    const plan = planOf({ preset });
    const result = sign(plan, EXAMPLE_SECRET, 'genuine', { publicUrl });
    return result.ok ? result.headers[plan.timestamp?.header as string] : result.reason;
  };
  expect(timeOf('slack')).toBe('1760000000');
  expect(timeOf('webflow')).toBe('1760000000000');
  expect(timeOf('zendesk')).toBe('2025-10-09T08:53:20Z');
  expect(timeOf('hubspot-v3', 'https://hooks.example.com/c/test')).toBe('1760000000000');
});

test('a message id is kept where there is one, and made up where there is none', () => {
  const plan = planOf({ preset: 'standard-webhooks' });
  const without = sign(plan, EXAMPLE_SECRET, 'genuine');
  expect(without.ok && without.headers['webhook-id']).toMatch(/^msg_[0-9a-f]{24}$/);
  const given = { headers: { 'webhook-id': 'msg_1' } };
  const kept = sign(plan, EXAMPLE_SECRET, 'genuine', given);
  expect(kept.ok && Object.keys(kept.headers).sort()).toEqual(['webhook-signature', 'webhook-timestamp']);
  expect(roundTrip(plan, EXAMPLE_SECRET, 'genuine', given)).toBe('ok');
});

test('the hash of the body has to stand in the URL', () => {
  const plan = planOf({ preset: 'twilio-json' });
  const body = '{"property":"value","boolean":true}';
  const digest = 'd5729c000e5de6b3a10698fec78d482db85d744f1be820d1382b6bda1cfb7795';
  const at = (value: string) => ({ body, publicUrl: `https://example.com/myapp?bodySHA256=${value}` });
  expect(roundTrip(plan, '12345', 'genuine', at(digest))).toBe('ok');
  expect(roundTrip(plan, '12345', 'genuine', at('00'))).toMatch(/needs the query parameter bodySHA256/);
});

test.each([
  [{ preset: 'github' }, '', 'genuine', 'the secret is empty, or not in utf8'],
  [{ preset: 'svix' }, 'not base64!', 'genuine', 'the secret is empty, or not in base64'],
  [{ preset: 'gitlab-token' }, '', 'genuine', 'the secret is empty'],
  [
    { preset: 'discord' },
    '00'.repeat(32),
    'genuine',
    'type ed25519 signs with the private key in PEM, which only the sender has',
  ],
  [{ preset: 'square' }, 'secret', 'genuine', 'the scheme signs the public URL, which is not configured'],
  [{ preset: 'github' }, 'secret', 'stale', 'the scheme has no timestamp: no request is ever stale'],
  [{ preset: 'linear' }, 'secret', 'stale', 'the time stands in the body: write an old one into the case'],
  [
    { preset: 'linear', timestamp: { body: '$.none' } },
    'secret',
    'genuine',
    'the body has no time at $.none',
  ],
] as const)('%j with %j cannot be %s', (scheme, secret, how, reason) => {
  expect(sign(planOf(scheme), secret, how)).toEqual({ ok: false, reason });
});
