import { describe, expect, test } from 'vitest';
import { materialiseHandshakes } from '../../src/stages/handshake/handshake.ts';
import { MAX_ECHO } from '../../src/stages/handshake/handshake-answer.ts';
import { challengeOf } from '../../src/stages/handshake/handshake-challenge.ts';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { headersFromObject } from '../../src/stages/request.ts';
import type { SecretLookup } from '../../src/stages/secrets.ts';
import { prepare as prepareSignature } from './signature/harness.ts';

/** Something stands in the template that no challenge can hold. */
const SCHEME = { signature: { header: 'x-signature' }, template: 'v0:[payload]' };
const TEXTS: Readonly<Record<string, string>> = { A: 'secret-a', B: 'secret-b', VERIFY: 'verify-me' };
const secrets: SecretLookup = (reference) => ('env' in reference ? TEXTS[reference.env] : undefined);
const GIVEN = { sharedSecret: [{ env: 'A' }, { env: 'B' }], verifyToken: { env: 'VERIFY' } };

function prepare(handshake: readonly object[], scheme: object = {}) {
  const { plan, problems } = prepareSignature({ ...SCHEME, ...GIVEN, handshake, ...scheme });
  return { plan, problems: problems.filter(({ code }) => code !== 'signature-weak') };
}

interface Sent {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: JsonValue;
}

/** Handshakes of a plan that went through JSON, as the bundle holds it, and a request for them. */
function materialise(handshake: readonly object[], sent: Sent, scheme?: object) {
  const { plan, problems } = prepare(handshake, scheme);
  expect(problems).toEqual([]);
  const { method = 'POST', url = '/c/test', headers = {}, body = null } = sent;
  return {
    handshakes: materialiseHandshakes(JSON.parse(JSON.stringify(plan))),
    challenge: challengeOf({ method, url, headers: headersFromObject(headers) }, body),
  };
}

function verified(handshake: readonly object[], sent: Sent, verifiedBy = 'env:A', scheme?: object) {
  const { handshakes, challenge } = materialise(handshake, sent, scheme);
  return handshakes.answerVerified(challenge, verifiedBy, secrets);
}

function unproven(handshake: readonly object[], sent: Sent, windowOpen = false, lookup = secrets) {
  const { handshakes, challenge } = materialise(handshake, sent);
  return handshakes.answerChallenge(challenge, windowOpen, lookup);
}

const REFUSED = { ok: false, code: 'signature-mismatch' };
const CHALLENGE = { when: [{ path: '$.type', equals: 'url_verification' }], answer: { text: '$.challenge' } };

describe('a proven challenge', () => {
  const sent = (body: JsonValue, headers = {}): Sent => ({ body, headers });

  test('is answered with text', () => {
    expect(verified([CHALLENGE], sent({ type: 'url_verification', challenge: 'abc' }))).toEqual({
      status: 200,
      contentType: 'text/plain; charset=utf-8',
      headers: {},
      body: 'abc',
    });
  });

  test('with json, with literals, a status and headers', () => {
    const json = { challenge: '$.challenge', from: { header: 'X-From' }, ok: true, list: [1, { a: 'b' }] };
    const headers = { 'X-Echo': { query: 'q' }, 'x-fixed': 'as it is' };
    const spec = { when: [{ header: 'X-Kind', prefix: 'verif' }], answer: { status: 201, json, headers } };
    const request = { url: '/c/test?q=1%202', headers: { 'x-kind': 'verify', 'x-from': 'me' } };
    expect(verified([spec], { ...request, body: { challenge: 'a"b' } })).toEqual({
      status: 201,
      contentType: 'application/json',
      headers: { 'x-echo': '1 2', 'x-fixed': 'as it is' },
      body: '{"challenge":"a\\"b","from":"me","ok":true,"list":[1,{"a":"b"}]}',
    });
  });

  test('with nothing but a status', () => {
    const spec = { when: [{ path: '$.type', equals: 0 }], answer: { status: 204 } };
    expect(verified([spec], sent({ type: 0 }))).toMatchObject({ status: 204, body: '' });
  });

  test('by the first that applies', () => {
    const other = { when: [{ path: '$.challenge', exists: true }], answer: { text: 'other' } };
    const answer = (type: string) => verified([CHALLENGE, other], sent({ type, challenge: 'abc' }))?.body;
    expect(answer('url_verification')).toBe('abc');
    expect(answer('event')).toBe('other');
  });

  test('by a query parameter, once', () => {
    const spec = { when: [{ query: 'check', in: ['a', 'b'] }], answer: { text: { query: 'check' } } };
    expect(verified([spec], { url: '/c/test?check=b' })?.body).toBe('b');
    expect(verified([spec], { url: '/c/test?check=c' })).toBeNull();
    expect(verified([spec], { url: '/c/test?check=b&check=b' })).toBeNull();
    expect(verified([spec], { url: '/c/test?Check=b' })).toBeNull();
    expect(verified([spec], { url: '/c/test' })).toBeNull();
  });

  test.each([
    ['another event', { type: 'event_callback', challenge: 'abc' }],
    ['a body without the value', { challenge: 'abc' }],
    ['a body that is no object', 'url_verification'],
    ['no challenge', { type: 'url_verification' }],
    ['a challenge that is null', { type: 'url_verification', challenge: null }],
    ['a number', { type: 'url_verification', challenge: 1 }],
    ['a list', { type: 'url_verification', challenge: ['abc'] }],
    ['an object', { type: 'url_verification', challenge: { a: 'b' } }],
    ['a text that is too long', { type: 'url_verification', challenge: 'x'.repeat(MAX_ECHO + 1) }],
  ])('is not %s', (_, body) => {
    expect(verified([CHALLENGE], sent(body))).toBeNull();
  });

  test('is none unless all conditions hold', () => {
    const spec = { ...CHALLENGE, when: [...CHALLENGE.when, { header: 'x-kind', equals: 'a' }] };
    const body = { type: 'url_verification', challenge: 'abc' };
    expect(verified([spec], sent(body, { 'x-kind': 'b' }))).toBeNull();
    expect(verified([spec], sent(body))).toBeNull();
    expect(verified([spec], sent(body, { 'x-kind': 'a' }))?.body).toBe('abc');
  });

  test('the longest text is sent back whole', () => {
    const challenge = 'x'.repeat(MAX_ECHO);
    expect(verified([CHALLENGE], sent({ type: 'url_verification', challenge }))?.body).toBe(challenge);
  });

  test('of which nothing could be made a header of its own', () => {
    const spec = { when: [{ path: '$.a', exists: true }], answer: { headers: { 'x-a': '$.a' } } };
    expect(verified([spec], sent({ a: 'b c' }))?.headers).toEqual({ 'x-a': 'b c' });
    for (const a of ['b\r\nset-cookie: c', 'b\nc', 'b\0', 'é', '', ' b', 'b '.padEnd(600, 'x')]) {
      expect(verified([spec], sent({ a }))).toBeNull();
    }
  });

  test('is not answered from a header that stands there twice', () => {
    const spec = { when: [{ header: 'x-a', exists: true }], answer: { text: { header: 'x-a' } } };
    expect(verified([spec], { headers: { 'x-a': 'b' } })?.body).toBe('b');
    expect(verified([spec], { headers: { 'x-a': ['b', 'c'] } })).toBeNull();
  });
});

describe('a keyed answer', () => {
  const KEYED = {
    when: [{ path: '$.plain', exists: true }],
    answer: { json: { plain: '$.plain', keyed: { keyed: '$.plain' } } },
  };

  test('is the digest under the secret that proved the challenge', () => {
    const answer = (by: string) =>
      JSON.parse(verified([KEYED], { body: { plain: 'abc' } }, by)?.body ?? '{}');
    // printf abc | openssl dgst -sha256 -hmac secret-a
    expect(answer('env:A').keyed).toBe('7a99157d573abe45d99b155e4f2b46828c51bdb3ff6fbbc2aaad036596ceee36');
    expect(answer('env:B').keyed).not.toBe(answer('env:A').keyed);
    expect(verified([KEYED], { body: { plain: 'abc' } }, 'env:NOT_OF_THE_SCHEME')).toBeNull();
  });

  test.each(['', 'a b', 'a.b', 'v0:1:{}', 'a\n', 'é', '{}', 'x'.repeat(129), 1, null, ['a'], { a: 'b' }])(
    'is not given for %j',
    (plain) => {
      expect(verified([KEYED], { body: { plain } as JsonValue })).toBeNull();
    },
  );

  test('is given for all that a challenge may hold', () => {
    const plain = `${'aZ09_-'.repeat(21)}ab`;
    expect(verified([KEYED], { body: { plain } })?.body).toContain(plain);
  });

  test.each([
    ['[payload]', false],
    ['[timestamp][payload]', false],
    ['[header:x-id][payload]', false],
    ['[body:$.id][payload]', false],
    ['[method][payload]', false],
    ['ab-c_[payload]', false],
    ['[timestamp].[payload]', true],
    ['v0:[timestamp]:[payload]', true],
    ['[url][payload]', true],
    ['[path][payload]', true],
  ])('with template %s: %s', (template, isPossible) => {
    const { plan, problems } = prepare([KEYED], { template, timestamp: { header: 'x-time' } });
    expect(problems.filter(({ pointer }) => pointer.endsWith('/answer/json/keyed'))).toHaveLength(
      isPossible ? 0 : 1,
    );
    if (!isPossible) expect(plan).toBeNull();
  });

  test.each(['hash', 'token', 'ed25519', 'ecdsa'])('is refused for type %s', (type) => {
    const { problems } = prepare([KEYED], {
      type,
      template: type === 'hash' ? '[secret]:[payload]' : 'v0:[payload]',
    });
    expect(problems.map(({ message }) => message)).toContainEqual(
      `a keyed answer needs a scheme of type hmac; this one is of type ${type}`,
    );
  });
});

describe('a challenge that nothing proves', () => {
  const ECHO = {
    method: 'GET',
    when: [{ query: 'challenge', exists: true }],
    answer: { text: { query: 'challenge' } },
  };
  const TOKEN = {
    method: 'GET',
    when: [{ query: 'token', equalsSecret: 'verifyToken' }],
    answer: { text: { query: 'challenge' } },
  };

  test('is answered by its method alone', () => {
    const url = '/c/test?challenge=abc';
    expect(unproven([ECHO], { method: 'GET', url })).toEqual({
      ok: true,
      window: false,
      answer: { status: 200, contentType: 'text/plain; charset=utf-8', headers: {}, body: 'abc' },
    });
    for (const method of ['POST', 'PUT', 'HEAD', 'OPTIONS']) {
      expect(unproven([ECHO], { method, url })).toEqual(REFUSED);
    }
    expect(verified([ECHO], { method: 'POST', url })).toBeNull();
    const { handshakes } = materialise([ECHO, { method: 'HEAD', answer: {} }], {});
    expect(handshakes).toMatchObject({ methods: ['GET', 'HEAD'], hasWindow: false });
    expect(handshakes.usesSignature('GET')).toBe(false);
  });

  test.each(['', '%3Cscript%3E', 'a%0d%0ab', 'a%00', 'caf%C3%A9', 'x'.repeat(1025), 'a&challenge=b'])(
    'sends nothing back of %j',
    (challenge) => {
      expect(unproven([ECHO], { method: 'GET', url: `/c/test?challenge=${challenge}` })).toEqual(REFUSED);
    },
  );

  test('a HEAD asks for nothing but an answer', () => {
    const spec = { method: 'HEAD', answer: { status: 204 } };
    expect(unproven([spec], { method: 'HEAD' })).toMatchObject({
      ok: true,
      answer: { status: 204, body: '' },
    });
    expect(unproven([spec], { method: 'GET' })).toEqual(REFUSED);
  });

  test('may have to know a token', () => {
    const answer = (token: string) =>
      unproven([TOKEN], { method: 'GET', url: `/c/test?challenge=abc&${token}` });
    expect(answer('token=verify-me')).toMatchObject({ ok: true, answer: { body: 'abc' } });
    for (const other of [
      'token=verify-m',
      'token=verify-me2',
      'token=',
      '',
      'token=verify-me&token=verify-me',
    ]) {
      expect(answer(other)).toEqual(REFUSED);
    }
  });

  test('and the deployment is told apart that lacks it', () => {
    const url = '/c/test?challenge=abc&token=';
    for (const text of [undefined, '']) {
      expect(unproven([TOKEN], { method: 'GET', url }, false, () => text)).toEqual({
        ok: false,
        code: 'secret-missing',
      });
    }
  });

  test('of which the connector could be asked for a proof is not answered', () => {
    const spec = { ...ECHO, proof: 'signature' };
    const sent = { method: 'GET', url: '/c/test?challenge=abc' };
    expect(unproven([spec], sent)).toEqual(REFUSED);
    expect(verified([spec], sent)?.body).toBe('abc');
    expect(materialise([spec], sent).handshakes.usesSignature('GET')).toBe(true);
  });
});

describe('a challenge that an operator waits for', () => {
  const SECRET_COMES = {
    proof: 'window',
    when: [{ header: 'x-hook-secret', exists: true }],
    answer: { headers: { 'x-hook-secret': { header: 'x-hook-secret' } } },
  };
  const sent = { headers: { 'x-hook-secret': 'b537207f20cbfa02' } };

  test('is answered while they wait', () => {
    const result = unproven([SECRET_COMES], sent, true);
    expect(result).toMatchObject({ ok: true, window: true, answer: { headers: sent.headers, body: '' } });
    expect(materialise([SECRET_COMES], sent).handshakes.hasWindow).toBe(true);
  });

  test('and never else, not even with a proof', () => {
    expect(unproven([SECRET_COMES], sent, false)).toEqual(REFUSED);
    expect(unproven([SECRET_COMES], { ...sent, method: 'GET' }, true)).toEqual(REFUSED);
    expect(unproven([SECRET_COMES], {}, true)).toEqual(REFUSED);
    expect(verified([SECRET_COMES], sent)).toBeNull();
  });

  test('opens no other one', () => {
    expect(unproven([CHALLENGE], { body: { type: 'url_verification', challenge: 'a' } }, true)).toEqual(
      REFUSED,
    );
  });
});

describe('problems', () => {
  const GET = { method: 'GET', when: [{ query: 'a', exists: true }] };
  test.each([
    [
      { ...CHALLENGE, answer: { text: 'a', json: {} } },
      'value-invalid /0/answer',
      'the answer has both text and json; keep the one that the provider expects',
    ],
    [
      { ...CHALLENGE, answer: { json: { all: ['$.a', '$.b'] } } },
      'value-invalid /0/answer/json/all',
      'an answer sends back single texts of the request; name one path, header or query parameter, or write literals only',
    ],
    [
      { ...CHALLENGE, answer: { text: '$.a[?(@.b)]' } },
      'path-filter-refused /0/answer/text',
      expect.any(String),
    ],
    [
      { ...CHALLENGE, when: [{ path: '$[', exists: true }] },
      'path-invalid /0/when/0/path',
      expect.any(String),
    ],
    [
      { ...CHALLENGE, answer: { json: { constructor: 'a' } } },
      'output-key-forbidden /0/answer/json/constructor',
      expect.any(String),
    ],
    [
      { ...CHALLENGE, proof: 'none', answer: { headers: { 'x-hook-secret': { header: 'x-hook-secret' } } } },
      'value-invalid /0/answer',
      'what a POST brings that nothing proves comes back in the body only; write literals into the headers, or proof: window',
    ],
    [
      { ...GET, proof: 'window', answer: {} },
      'value-invalid /0/proof',
      'only a POST can wait for an operator; write method: POST, or leave proof of GET out',
    ],
    [
      { method: 'GET', answer: { text: 'here' } },
      'value-invalid /0',
      'every GET would be taken for a challenge; say in `when` how it is recognised',
    ],
    [
      { answer: {} },
      'value-invalid /0',
      'every POST would be taken for a challenge; say in `when` how it is recognised',
    ],
    [
      { method: 'GET', when: [{ path: '$.a', exists: true }], answer: {} },
      'value-invalid /0/when',
      'a GET has no body to look into; use query or header',
    ],
    [
      { ...GET, answer: { text: '$.a' } },
      'value-invalid /0/answer/text',
      'a GET has no body to answer from; use { query: ... } or { header: ... }',
    ],
    [
      { ...GET, answer: { text: { template: 'a {{ $.b }}' } } },
      'value-invalid /0/answer/text',
      'a GET has no body to answer from; use { query: ... } or { header: ... }',
    ],
    [
      { method: 'HEAD', answer: { text: 'a' } },
      'value-invalid /0/answer',
      'the answer to a HEAD has no body; remove text and json',
    ],
    [
      { ...GET, answer: { json: { a: { keyed: { query: 'a' } } } } },
      'value-invalid /0/answer/json/a',
      'nothing proves this challenge, so anyone could have a text of their choice signed; a keyed answer needs proof: signature',
    ],
    [
      { ...CHALLENGE, proof: 'window', answer: { json: { a: { keyed: '$.a' } } } },
      'value-invalid /0/answer/json/a',
      expect.stringMatching(/^nothing proves this challenge/),
    ],
    [
      { ...CHALLENGE, answer: { text: { keyed: '$.a' } } },
      'value-invalid /0/answer/text',
      'a keyed answer is a member of a JSON answer; move it to json',
    ],
    [
      { ...CHALLENGE, answer: { headers: { 'x-a': { keyed: '$.a' } } } },
      'value-invalid /0/answer/headers/x-a',
      'a keyed answer is a member of a JSON answer; move it to json',
    ],
    [
      { ...CHALLENGE, answer: { json: { a: { keyed: 'fixed' } } } },
      'value-invalid /0/answer/json/a',
      'name what the request holds: a path, a header or a query parameter',
    ],
    [
      { ...CHALLENGE, answer: { json: { a: { keyed: { keyed: '$.a' } } } } },
      'value-invalid /0/answer/json/a/keyed',
      'one digest is enough; name a path, a header or a query parameter',
    ],
    [
      { ...GET, answer: { text: { query: 1 } } },
      'value-invalid /0/answer/text/query',
      'this is not the name of a query parameter; write { query: name }',
    ],
    [
      { ...GET, when: [{ query: 'a', equals: 1 }], answer: {} },
      'value-invalid /0/when/0/equals',
      '1 is not a text, but a header always is; put it in quotes',
    ],
    [
      { ...CHALLENGE, when: [{ path: '$.a', equalsSecret: 'verifyToken' }] },
      'value-invalid /0/when/0/path',
      'a secret is compared with a header or a query parameter; name one of these, not a path',
    ],
  ])('%j', (spec, place, message) => {
    const { plan, problems } = prepare([spec]);
    expect(plan).toBeNull();
    expect(
      problems.map(({ code, pointer }) => `${code} ${pointer.replace('/security/signature/handshake', '')}`),
    ).toEqual([place]);
    expect(problems[0]?.message).toEqual(message);
  });

  test.each([
    'Content-Type',
    'content-length',
    'set-cookie',
    'Location',
    'access-control-allow-origin',
    'transfer-encoding',
    'x-content-type-options',
    'allow',
  ])('the header %s', (name) => {
    const { problems } = prepare([{ ...GET, answer: { headers: { [name]: 'a' } } }]);
    expect(problems).toMatchObject([
      { message: `the header "${name}" is not for a connector to set; remove it` },
    ]);
  });

  test('a token to compare with has to be there, unless the preset only offers it', () => {
    const when = [{ query: 'a', equalsSecret: 'verifyToken' }];
    const without = { ...SCHEME, sharedSecret: { env: 'A' } };
    expect(
      prepareSignature({ ...without, handshake: [{ method: 'GET', when, answer: {} }] }).problems,
    ).toMatchObject([{ code: 'secret-missing-reference', pointer: '/security/signature/handshake/0/when' }]);
    const { plan, problems } = prepareSignature({ preset: 'meta', sharedSecret: { env: 'A' } });
    expect(problems).toEqual([]);
    expect(plan?.handshake).toEqual([]);
  });
});
