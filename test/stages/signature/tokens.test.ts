/** Tokens and certificates: who may prove what, and what confuses nobody. Keys come from a runtime that fetches nothing. */
import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRemoteKeys } from '../../../src/runtime/keys/remote-keys.ts';
import type { RemoteKeys } from '../../../src/stages/signature/remote-keys.ts';
import { materialiseVerifier } from '../../../src/stages/signature/verify.ts';
import { NOW, planOf, requestOf, type Sent } from './harness.ts';

interface Certified {
  readonly certificate: string;
  readonly signature: string;
}

/** Certificates of our own making, and what their keys have signed. */
const RECORDED: {
  readonly certificate: string;
  readonly version1: string;
  readonly version2: string;
} & Readonly<Record<'good' | 'otherName' | 'nameInside' | 'shortKey' | 'otherType', Certified>> = JSON.parse(
  readFileSync(new URL('sns.json', import.meta.url), 'utf8'),
);
const KEYS = 'https://keys.example.com/jwks';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwkOf = (key: KeyObject, kid: string) => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig' });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const BODY = '{"id":"evt_1"}';
const CLAIMS = { iss: 'issuer', aud: 'us', email: 'push@example.com', iat: NOW, exp: NOW + 60 };

function token(
  claims: object = CLAIMS,
  header: object = { alg: 'RS256', kid: 'a' },
  key = rsa.privateKey,
): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

/** Answers at once what the address has; counts fetches. */
function remoteOf(answer: () => string | null, now = () => NOW * 1000) {
  const fetched: string[] = [];
  const problems: string[] = [];
  const remote = createRemoteKeys({
    async fetch(address) {
      fetched.push(address);
      const text = answer();
      return text === null ? { ok: false, reason: 'cannot be reached' } : { ok: true, text };
    },
    now,
    hosts: ['keys.example.com', 'sns.*.amazonaws.com'],
    onProblem: (_, reason) => problems.push(reason),
  });
  return { remote, fetched, problems };
}

async function judge(
  plan: ReturnType<typeof planOf>,
  sent: Sent,
  remote?: RemoteKeys,
  secret = 'secret',
  now = NOW,
): Promise<string> {
  const verdict = await materialiseVerifier(plan).verify(requestOf(sent), () => secret, now * 1000, remote);
  return verdict.ok ? 'ok' : verdict.code;
}

const OIDC = {
  type: 'jwt',
  jwt: {
    algorithms: ['RS256'],
    keys: KEYS,
    issuer: 'issuer',
    audience: 'us',
    claims: { email: 'push@example.com' },
  },
};
const bearer = (text: string): Sent => ({ body: BODY, headers: { authorization: `Bearer ${text}` } });
const jwks = () => JSON.stringify({ keys: [jwkOf(rsa.publicKey, 'a')] });
const settle = () => new Promise((resolve) => setImmediate(resolve));

async function known(): Promise<RemoteKeys> {
  const { remote } = remoteOf(jwks);
  remote.jwk(KEYS, 'a');
  await settle();
  return remote;
}

describe('a token', () => {
  const plan = planOf(OIDC);
  const none = { alg: 'none' };
  test.each<[string, string, string]>([
    ['genuine', token(), 'ok'],
    ['of another key', token(CLAIMS, { alg: 'RS256', kid: 'a' }, other.privateKey), 'signature-mismatch'],
    ['without a signature', `${part(none)}.${part(CLAIMS)}.`, 'signature-mismatch'],
    [
      'of an algorithm that the file does not name',
      token(CLAIMS, { alg: 'RS512', kid: 'a' }),
      'signature-mismatch',
    ],
    ['without an end', token({ ...CLAIMS, exp: undefined }), 'signature-mismatch'],
    ['past its end', token({ ...CLAIMS, exp: NOW - 61 }), 'signature-stale'],
    ['not valid yet', token({ ...CLAIMS, nbf: NOW + 120 }), 'signature-stale'],
    ['of another issuer', token({ ...CLAIMS, iss: 'other' }), 'signature-mismatch'],
    ['for somebody else', token({ ...CLAIMS, aud: 'them' }), 'signature-mismatch'],
    ['of another sender', token({ ...CLAIMS, email: 'other@example.com' }), 'signature-mismatch'],
    ['cut short', token().slice(0, -1), 'signature-mismatch'],
    ['no token', 'abc', 'signature-mismatch'],
    ['nothing', '', 'signature-missing'],
  ])('%s', async (_, text, code) => {
    expect(await judge(plan, bearer(text), await known())).toBe(code);
  });

  test('a shared secret is never the text of a public key', async () => {
    const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }) as string;
    const pinned = planOf({ type: 'jwt', jwt: { algorithms: ['RS256'] } });
    const text = `${part({ alg: 'HS256' })}.${part(CLAIMS)}`;
    const forged = `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
    expect(await judge(pinned, bearer(forged), undefined, pem)).toBe('signature-mismatch');
    expect(await judge(pinned, bearer(token()), undefined, pem)).toBe('ok');
  });

  test('bound to its body', async () => {
    const bound = planOf({
      type: 'jwt',
      jwt: { algorithms: ['HS256'], maxAge: 300 },
      bodyHash: { claim: 'hash' },
    });
    const made = (claims: object) => {
      const text = `${part({ alg: 'HS256' })}.${part(claims)}`;
      return `${text}.${createHmac('sha256', 'secret').update(text).digest('base64url')}`;
    };
    const hash = createHash('sha256').update(BODY).digest('hex');
    expect(await judge(bound, bearer(made({ iat: NOW, hash })))).toBe('ok');
    expect(await judge(bound, { ...bearer(made({ iat: NOW, hash })), body: `${BODY} ` })).toBe(
      'signature-mismatch',
    );
    expect(await judge(bound, bearer(made({ iat: NOW - 400, hash })))).toBe('signature-stale');
    expect(await judge(bound, bearer(made({ hash })))).not.toBe('ok');
  });
});

describe('whatever a token says', () => {
  const anything = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
    fc.dictionary(fc.string(), fc.string()),
  );
  const algorithm = fc.oneof(
    fc.constantFrom('none', 'None', 'HS256', 'RS256', 'rs256', 'PS256', 'ES256', 'EdDSA', 'RS256 ', ''),
    anything,
  );
  const header = fc.record(
    {
      alg: algorithm,
      kid: fc.oneof(fc.constantFrom('a', '', '../../dev/null', '__proto__'), anything),
      jku: fc.constantFrom(KEYS, 'https://evil.example/jwks'),
      x5u: fc.constant('https://evil.example/cert.pem'),
      jwk: fc.constant(other.publicKey.export({ format: 'jwk' })),
      crit: fc.oneof(fc.constant(['b64']), anything),
      b64: fc.boolean(),
      typ: anything,
      zip: fc.constant('DEF'),
    },
    { requiredKeys: [] },
  );
  const claims = fc.record(
    { iss: anything, aud: anything, email: anything, exp: anything, nbf: anything, iat: anything },
    { requiredKeys: [] },
  );
  const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }) as string;
  const plans = [
    planOf(OIDC),
    planOf({ type: 'jwt', jwt: { algorithms: ['RS256'] } }),
    planOf({ type: 'jwt', jwt: { algorithms: ['HS256'] } }),
    planOf({ preset: 'plaid' }),
    planOf({ preset: 'atlassian-connect', signature: { parsePrefix: 'Bearer ' } }),
  ];
  /** What somebody without the key can make of a text: nothing, their own key's signature, or an HMAC under the public key. */
  const forgeries: readonly ((text: string) => string)[] = [
    () => '',
    () => 'AAAA',
    (text) => sign('sha256', Buffer.from(text), other.privateKey).toString('base64url'),
    (text) => createHmac('sha256', pem).update(text).digest('base64url'),
    (text) => createHmac('sha256', '').update(text).digest('base64url'),
  ];

  test('nothing without the key proves it, and nothing throws', async () => {
    const remote = await known();
    const property = fc.asyncProperty(
      header,
      claims,
      fc.constantFrom(...forgeries),
      fc.constantFrom(...plans),
      async (head, said, forge, plan) => {
        const text = `${part(head)}.${part({ ...CLAIMS, ...said })}`;
        const sent = bearer(`${text}.${forge(text)}`);
        const headers = { ...sent.headers, 'plaid-verification': `${text}.${forge(text)}` };
        expect(
          await judge(plan, { ...sent, headers }, remote, plan === plans[2] ? 'the secret' : pem),
        ).not.toBe('ok');
      },
    );
    await fc.assert(property, { numRuns: 400 });
  });

  test('nor any text in its place', async () => {
    const remote = await known();
    const piece = fc.oneof(
      fc.base64String(),
      fc.string(),
      fc.constant(part(CLAIMS)),
      fc.constant(part({ alg: 'RS256' })),
    );
    const property = fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
      expect(await judge(plans[0] as (typeof plans)[0], bearer(pieces.join('.')), remote)).not.toBe('ok');
    });
    await fc.assert(property, { numRuns: 400 });
  });

  test('genuine ones are taken whatever else their header says that is not critical', async () => {
    const remote = await known();
    const more = fc.dictionary(
      fc.string().filter((name) => !['alg', 'kid', 'crit', 'b64', '__proto__'].includes(name)),
      anything,
    );
    const property = fc.asyncProperty(more, async (head) => {
      const text = token(CLAIMS, { ...head, alg: 'RS256', kid: 'a' });
      expect(await judge(plans[0] as (typeof plans)[0], bearer(text), remote)).toBe('ok');
    });
    await fc.assert(property, { numRuns: 50 });
  });
});

describe('keys at an address', () => {
  test('what is not known yet is pending, and fetched once a minute for all who ask', async () => {
    let time = NOW * 1000;
    const { remote, fetched } = remoteOf(jwks, () => time);
    const plan = planOf(OIDC);
    expect(await judge(plan, bearer(token()), remote)).toBe('keys-pending');
    await settle();
    expect(await judge(plan, bearer(token()), remote)).toBe('ok');
    for (let index = 0; index < 20; index += 1) {
      const made = token(CLAIMS, { alg: 'RS256', kid: `made-up-${index}` }, other.privateKey);
      expect(await judge(plan, bearer(made), remote)).toBe('keys-pending');
    }
    expect(fetched).toHaveLength(1);
    time += 61_000;
    const unknown = bearer(token(CLAIMS, { alg: 'RS256', kid: 'made-up-1' }, other.privateKey));
    expect(await judge(plan, unknown, remote)).toBe('keys-pending');
    await settle();
    // The set was fetched after it was asked for, and does not have it.
    expect(await judge(plan, unknown, remote)).toBe('signature-mismatch');
    expect(fetched).toHaveLength(2);
  });

  test('a key that has proven a request survives an outage, and a set that names another under its id', async () => {
    let time = NOW * 1000;
    let text: string | null = jwks();
    const { remote, problems } = remoteOf(
      () => text,
      () => time,
    );
    const plan = planOf(OIDC);
    remote.jwk(KEYS, 'a');
    await settle();
    expect(await judge(plan, bearer(token()), remote)).toBe('ok');
    for (const next of [null, 'not keys', JSON.stringify({ keys: [jwkOf(other.publicKey, 'a')] })]) {
      text = next;
      time += 2 * 60 * 60 * 1000;
      expect(await judge(plan, bearer(token()), remote)).toBe('ok');
      await settle();
      expect(await judge(plan, bearer(token()), remote)).toBe('ok');
    }
    expect(problems).toEqual(['cannot be reached', 'has no keys in it']);
  });

  test('hosts that nobody allowed are not asked', async () => {
    const { remote, fetched, problems } = remoteOf(jwks);
    expect(remote.jwk('https://169.254.169.254/keys', 'a')).toEqual({ kind: 'pending' });
    expect(remote.jwk('https://evil.example.com/keys', 'a')).toEqual({ kind: 'pending' });
    await settle();
    expect(fetched).toEqual([]);
    expect(problems[1]).toContain('--key-hosts evil.example.com');
  });
});

describe('Amazon SNS', () => {
  const plan = planOf({ preset: 'amazon-sns' });
  const message = {
    Type: 'Notification',
    MessageId: 'm1',
    TopicArn: 'arn:aws:sns:eu-west-1:1:orders',
    Message: 'hello',
    Timestamp: '2025-10-09T08:53:20.000Z',
    SignatureVersion: '2',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem',
    Signature: 'AAAA',
  };

  test.each([
    'https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0a1b.pem',
    'https://evil.example/SimpleNotificationService-0a1b.pem',
    'https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0a1b.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0a1b.pem',
    'http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem',
    'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem?x',
    'https://sns.eu-west-1.amazonaws.com/other/SimpleNotificationService-0a1b.pem',
  ])('a certificate from %s is not asked for', async (SigningCertURL) => {
    const { remote, fetched } = remoteOf(() => null);
    const body = JSON.stringify({ ...message, SigningCertURL });
    expect(await judge(plan, { body }, remote)).toBe('signature-mismatch');
    await settle();
    expect(fetched).toEqual([]);
  });

  test('genuine, in both versions; and nothing of it may change', async () => {
    const { remote } = remoteOf(() => RECORDED.certificate);
    remote.certificate(message.SigningCertURL);
    await settle();
    const ask = (changes: object, now = NOW) =>
      judge(
        plan,
        { body: JSON.stringify({ ...message, Signature: RECORDED.version2, ...changes }) },
        remote,
        '',
        now,
      );
    expect(await ask({})).toBe('ok');
    expect(await ask({ SignatureVersion: '1', Signature: RECORDED.version1 })).toBe('ok');
    expect(await ask({ SignatureVersion: '1' })).toBe('signature-mismatch');
    expect(await ask({ Signature: RECORDED.version1 })).toBe('signature-mismatch');
    for (const name of ['Type', 'MessageId', 'TopicArn', 'Message', 'Timestamp'])
      expect(await ask({ [name]: 'changed' })).toBe('signature-mismatch');
    expect(await ask({ Subject: 'added' })).toBe('signature-mismatch');
    // The certificate is not valid yet, or no longer.
    for (const year of [2024, 2046])
      expect(await ask({}, Date.UTC(year, 1) / 1000)).toBe('signature-mismatch');
  });

  test.each([
    ['good', 'ok'],
    ['otherName', 'signature-mismatch'],
    ['nameInside', 'signature-mismatch'],
    ['shortKey', 'signature-mismatch'],
    ['otherType', 'signature-mismatch'],
  ] as const)('the certificate is judged by its subject and its key: %s', async (name, code) => {
    const { certificate, signature } = RECORDED[name];
    const { remote } = remoteOf(() => certificate);
    remote.certificate(message.SigningCertURL);
    await settle();
    const body = JSON.stringify({ ...message, Signature: signature });
    expect(await judge(plan, { body }, remote, '', Date.UTC(2030, 1) / 1000)).toBe(code);
  });

  test('a certificate that is not known yet is fetched, and the sender comes again', async () => {
    const { remote, fetched } = remoteOf(() => 'no certificate');
    const body = JSON.stringify(message);
    expect(await judge(plan, { body }, remote)).toBe('keys-pending');
    await settle();
    expect(fetched).toEqual([message.SigningCertURL]);
    expect(await judge(plan, { body }, remote)).toBe('signature-mismatch');
    expect(await judge(plan, { body: JSON.stringify({ ...message, SignatureVersion: '3' }) }, remote)).toBe(
      'signature-mismatch',
    );
  });
});
