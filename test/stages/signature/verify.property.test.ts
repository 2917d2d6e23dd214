/** What must hold for any request and any change to it. */
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headersFromObject } from '../../../src/stages/request.ts';
import { signRequest } from '../../../src/workbench/sign/sign.ts';
import { judge, NOW, planOf, type Sent } from './harness.ts';

const PUBLIC_URL = 'https://hooks.example.com/c/test?bodySHA256=';
const PEM = { format: 'pem', type: 'pkcs8' } as const;

/** Schemes of every type, each with a secret that fits. */
const SCHEMES: readonly (readonly [preset: string, secret: string])[] = [
  ['stripe', 'whsec_Zx81nQJ2d0cVbW9y'],
  ['github', "It's a secret"],
  ['shopify', 'shpss_0123456789abcdef'],
  ['svix', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ['zendesk', 'secret'],
  ['paddle', 'secret'],
  ['adyen-platform', '44782def547aaa06c910c43932b1eb0c'],
  ['hubspot-v2', 'yyyyyyyy-yyyy'],
  ['hubspot-v3', 'yyyyyyyy-yyyy'],
  ['discord', generateKeyPairSync('ed25519').privateKey.export(PEM) as string],
  ['sendgrid', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(PEM) as string],
];

function flipBit(bytes: Buffer, bit: number): Buffer {
  const flipped = Buffer.from(bytes);
  const at = Math.floor(bit / 8) % flipped.length;
  flipped[at] = (flipped[at] as number) ^ (1 << (bit % 8));
  return flipped;
}

const flipText = (text: string, bit: number) => flipBit(Buffer.from(text, 'latin1'), bit).toString('latin1');

const body = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const bit = fc.nat(1_000_000);

describe.each(SCHEMES)('%s', (preset, secret) => {
  const plan = planOf({ preset });
  const makeGenuine = (
    payload: Buffer,
  ): Sent & { readonly headers: Record<string, string>; readonly body: Buffer } => {
    const unsigned = {
      method: 'POST',
      url: '/c/test',
      publicUrl: PUBLIC_URL,
      headers: headersFromObject({}),
      body: payload,
    };
    const signed = signRequest(plan, unsigned, secret, NOW * 1000, 'genuine');
    if (!signed.ok) throw new Error(signed.reason);
    return { publicUrl: PUBLIC_URL, headers: { ...signed.headers }, body: payload };
  };

  test('what is signed is accepted; one bit more or less in the body is not', () => {
    fc.assert(
      fc.property(body, bit, (payload, place) => {
        const genuine = makeGenuine(payload);
        expect(judge(plan, genuine, secret)).toBe('ok');
        expect(judge(plan, { ...genuine, body: flipBit(payload, place) }, secret)).toBe('signature-mismatch');
      }),
      { numRuns: 60 },
    );
  });

  test('one bit in any of the headers that prove it', () => {
    fc.assert(
      fc.property(body, fc.nat(10), bit, (payload, which, place) => {
        const genuine = makeGenuine(payload);
        const names = Object.keys(genuine.headers);
        const name = names[which % names.length] as string;
        const changed = { ...genuine.headers, [name]: flipText(genuine.headers[name] as string, place) };
        expect(judge(plan, { ...genuine, headers: changed }, secret)).not.toBe('ok');
      }),
      { numRuns: 300 },
    );
  });

  // The other schemes have public keys.
  if (secret.includes('PRIVATE KEY')) return;
  test('one bit in the secret', () => {
    fc.assert(
      fc.property(body, bit, (payload, place) => {
        expect(judge(plan, makeGenuine(payload), flipText(secret, place))).not.toBe('ok');
      }),
    );
  });
});

describe('whatever arrives', () => {
  const plans = [
    ...SCHEMES.map(([preset]) => planOf({ preset })),
    ...['mailgun', 'linear', 'twilio', 'twilio-json', 'adyen-standard', 'gitlab-token'].map((preset) =>
      planOf({ preset }),
    ),
  ];
  const names = new Set(
    plans.flatMap((plan) => [
      ...(plan.signature.headers ?? []),
      ...(plan.timestamp?.header === undefined ? [] : [plan.timestamp.header]),
      ...plan.covers.headers,
    ]),
  );
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({
      unit: fc.constantFrom(
        't=',
        'v1=',
        'v0=',
        'v1,',
        'h1=',
        'ts=',
        ',',
        ';',
        ' ',
        '1760000000',
        '0',
        'f',
        '=',
      ),
    }),
  );
  const headers = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(noise, fc.array(noise, { maxLength: 3 })),
  );
  const bodies = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record({
        signature: fc.dictionary(fc.constantFrom('signature', 'timestamp', 'token'), fc.jsonValue()),
      })
      .map((value) => Buffer.from(JSON.stringify(value))),
  );

  test('no scheme throws, and none accepts it', () => {
    fc.assert(
      fc.property(
        headers,
        bodies,
        fc.option(noise),
        fc.string({ maxLength: 60 }),
        (given, payload, query, secret) => {
          const publicUrl = query === null ? undefined : `https://hooks.example.com/?${query}`;
          const sent = { headers: given, body: payload, ...(publicUrl === undefined ? {} : { publicUrl }) };
          for (const plan of plans) {
            if (plan.type === 'token' && Object.values(given).flat().includes(secret)) continue;
            expect(judge(plan, sent, secret)).not.toBe('ok');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
