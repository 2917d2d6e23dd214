/**
 * Somebody wants a signature for a request of their own, and asks each preset's handshakes for it: with the very text that
 * would have to be signed, in every place that a challenge has, proven or not. What comes back must be no signature.
 */
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { materialiseHandshakes } from '../../../src/stages/handshake/handshake.ts';
import { challengeOf } from '../../../src/stages/handshake/handshake-challenge.ts';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';
import type { AnswerPlan, HandshakePlan, SignaturePlan } from '../../../src/stages/plans.ts';
import { headersFromObject } from '../../../src/stages/request.ts';
import { secretName } from '../../../src/stages/secrets.ts';
import { PRESETS } from '../../../src/stages/signature/presets.ts';
import { joinPieces } from '../../../src/stages/signature/proof.ts';
import { materialiseTemplate, SECRET as SECRET_PIECE } from '../../../src/stages/signature/signed-text.ts';
import { signRequest } from '../../../src/workbench/sign/sign.ts';
import { hasFetchedKeys, judge, NOW, planOf, prepare, type Sent } from './harness.ts';

const PUBLIC_URL = 'https://hooks.example.com/c/test';
const VERIFY = { env: 'SLUICE_SECRET_VERIFY' };
const presets = [...PRESETS.values()].flatMap(({ name, signature }) =>
  // Where the key is fetched nobody here could sign; a token in the body signs nothing.
  signature.handshake === undefined || hasFetchedKeys(signature) || signature.signature?.body !== undefined
    ? []
    : [[name, planOf({ preset: name, verifyToken: VERIFY })] as const],
);

function secretOf({ type }: SignaturePlan): string {
  if (type === 'rsa') {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  }
  if (type !== 'ed25519') return 'a-secret-that-nobody-knows';
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

/** The forged request, unsigned but otherwise as it has to be: a genuine one's headers, the signature taken away. */
function forge(plan: SignaturePlan, secret: string): { readonly sent: Sent; readonly text: string } {
  const isForm = plan.template.some(({ kind }) => kind === 'form');
  const body = isForm ? 'mandrill_events=%5B%5D' : '{"type":"evil"}';
  const request = { method: 'POST', url: '/c/test', publicUrl: PUBLIC_URL, body: Buffer.from(body) };
  const signed = signRequest(
    plan,
    { ...request, headers: headersFromObject({}) },
    secret,
    NOW * 1000,
    'genuine',
  );
  if (!signed.ok) throw new Error(signed.reason);
  const [name = ''] = plan.signature.headers ?? [];
  const headers = Object.fromEntries(Object.entries(signed.headers).filter(([key]) => key !== name));
  const timestamp = plan.timestamp?.header === undefined ? undefined : headers[plan.timestamp.header];
  const context = {
    request: { ...request, headers: headersFromObject(headers) },
    timestamp,
    json: () => undefined,
  };
  const pieces = materialiseTemplate(plan.template)(context);
  if (!pieces.ok) throw new Error(pieces.reason);
  const sent = { publicUrl: PUBLIC_URL, headers, body };
  expect(judge(plan, { ...sent, headers: { ...headers, ...signed.headers } }, secret)).toBe('ok');
  return { sent, text: joinPieces(pieces.pieces.filter((piece) => piece !== SECRET_PIECE)).toString() };
}

/** A challenge that the handshake takes, with the text wherever it leaves a place for one. */
function challengeWith(handshake: HandshakePlan, text: string) {
  const headers: Record<string, string> = {};
  const query = new URLSearchParams();
  let body: JsonValue = null;
  const put = (
    place: { path?: string | undefined; header?: string | undefined; query?: string | undefined },
    value: JsonValue,
  ) => {
    if (place.header !== undefined) headers[place.header] = String(value);
    if (place.query !== undefined) query.set(place.query, String(value));
    if (place.path !== undefined) body = withValue(body, place.path.match(/[^$.[\]]+/g) ?? [], value);
  };
  const putAnswer = (answer: AnswerPlan): void => {
    if (answer.kind === 'query') put({ query: answer.name }, text);
    else if (answer.kind === 'keyed') putAnswer(answer.of);
    else if (answer.kind === 'header') put({ header: answer.name }, text);
    else if (answer.kind === 'path') put({ path: answer.paths[0] }, text);
  };
  const { text: answerText, json = {}, headers: answerHeaders = {} } = handshake;
  for (const answer of [answerText, ...Object.values(json), ...Object.values(answerHeaders)]) {
    if (answer !== undefined) putAnswer(answer);
  }
  for (const condition of handshake.when) {
    if (condition.exists !== false)
      put(condition, condition.equals ?? condition.in?.[0] ?? condition.prefix ?? text);
    if (condition.equalsSecret !== undefined) put(condition, 'verify-me');
  }
  const { method = 'POST' } = handshake;
  return challengeOf({ method, url: `/c/test?${query}`, headers: headersFromObject(headers) }, body);
}

function withValue(into: JsonValue, [step, ...rest]: readonly string[], value: JsonValue): JsonValue {
  if (step === undefined) return value;
  const inner = (into as Record<string, JsonValue> | null)?.[step] ?? null;
  if (/^\d+$/.test(step)) return [withValue(inner, rest, value)];
  return { ...(into as Record<string, JsonValue> | null), [step]: withValue(inner, rest, value) };
}

/** Everything in an answer that could be taken for a signature: it, its parts, and what its JSON holds. */
function textsOf(
  plan: SignaturePlan,
  challenge: ReturnType<typeof challengeOf>,
  secret: string,
): readonly string[] {
  const secrets = (reference: object) => (reference === plan.verifyToken ? 'verify-me' : secret);
  const handshakes = materialiseHandshakes(plan);
  const [reference] = plan.secrets;
  const verified = handshakes.answerVerified(
    challenge,
    reference === undefined ? '' : secretName(reference),
    secrets,
  );
  const unproven = [true, false].map((isOpen) => handshakes.answerChallenge(challenge, isOpen, secrets));
  const answers = [verified, ...unproven.map((one) => (one.ok ? one.answer : null))].filter(
    (one) => one !== null,
  );
  return answers.flatMap(({ body, headers }) => {
    const texts = [body, ...Object.values(headers)];
    const members = body.startsWith('{') ? Object.values(JSON.parse(body) as object).map(String) : [];
    return [...texts, ...members, ...texts.flatMap((text) => text.match(/[A-Za-z0-9+/=_-]+/g) ?? [])];
  });
}

describe.each(presets)('%s', (_, plan) => {
  const secret = secretOf(plan);
  const { sent, text } = forge(plan, secret);
  const [name = ''] = plan.signature.headers ?? [];

  test.each(['the text to be signed', 'its body', 'a plain word', 'the timestamp'])(
    'gives no signature for %s',
    (what) => {
      const wanted =
        { 'the text to be signed': text, 'its body': String(sent.body), 'a plain word': 'abc' }[what] ??
        `${NOW}`;
      const texts = plan.handshake.flatMap((handshake) =>
        textsOf(plan, challengeWith(handshake, wanted), secret),
      );
      for (const found of texts) {
        const signature = (plan.signature.parsePrefix ?? '') + found;
        const before = sent.headers?.[name];
        const forged = {
          ...sent.headers,
          [name]: before === undefined ? signature : `${before},${signature}`,
        };
        expect(judge(plan, { ...sent, headers: forged }, secret)).not.toBe('ok');
        expect(judge(plan, { ...sent, headers: { ...sent.headers, [name]: found } }, secret)).not.toBe('ok');
        expect(found).not.toContain(secret);
        expect(found).not.toContain('verify-me');
      }
    },
  );

  test('is asked by this test in a way that it answers', () => {
    const answered = plan.handshake.filter(
      (handshake) => textsOf(plan, challengeWith(handshake, 'abc'), secret).length > 0,
    );
    expect(answered).toHaveLength(plan.handshake.length);
  });
});

describe('where an answer is keyed', () => {
  const keyed = presets.filter(([, plan]) => JSON.stringify(plan.handshake).includes('"keyed"'));

  test.each(keyed)('%s: no request is signed over a text that a challenge can be', (_, plan) => {
    const build = materialiseTemplate(plan.template);
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ unit: 'binary' }), (timestamp, header, body) => {
        const headers = headersFromObject(
          Object.fromEntries((plan.signature.headers ?? []).map((one) => [one, header])),
        );
        const request = {
          method: 'POST',
          url: '/c/test',
          publicUrl: PUBLIC_URL,
          headers,
          body: Buffer.from(body),
        };
        const text = build({ request, timestamp, json: () => undefined });
        return !text.ok || !/^[A-Za-z0-9_-]{1,128}$/.test(joinPieces(text.pieces).toString());
      }),
    );
  });

  test.each(keyed)('%s: and a file cannot change the template into one where it could', (name) => {
    for (const template of ['[payload]', '[timestamp][payload]', 'v0_[payload]']) {
      const { plan, problems } = prepare({ preset: name, sharedSecret: { env: 'A' }, template });
      expect(plan).toBeNull();
      expect(problems.map(({ message }) => message).join()).toContain(
        'its answer would be a valid signature',
      );
    }
  });

  test('there is such a preset', () => {
    expect(keyed.map(([name]) => name)).toEqual(['zoom']);
  });
});
