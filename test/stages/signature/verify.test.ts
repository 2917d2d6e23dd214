import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SecretLookup } from '../../../src/stages/secrets.ts';
import type { Verification } from '../../../src/stages/signature/verification.ts';
import { materialiseVerifier, needsPublicUrl } from '../../../src/stages/signature/verify.ts';
import { judge, NOW, planOf, requestOf, type Sent, verify } from './harness.ts';

const KEY = 'whsec_test';
const BODY = '{"id":"evt_1","name":"Zoë"}';
const hmac = (
  text: string | Buffer,
  encoding: 'hex' | 'base64' | 'base64url' = 'hex',
  key: string | Buffer = KEY,
) => createHmac('sha256', key).update(text).digest(encoding);

/** The seed's example: two values in one header, found by their prefixes. */
const TIMED = planOf({
  algorithm: 'sha256',
  digest: 'hex',
  signature: { header: 'X-Signature', parsePrefix: 'v1=' },
  timestamp: { header: 'x-signature', parsePrefix: 't=' },
  template: '[timestamp].[payload]',
});
const PLAIN = planOf({ signature: { header: 'x-signature' } });

const timed = (header: string | readonly string[], body = BODY): Sent => ({
  headers: { 'x-signature': header },
  body,
});
const proof = (time: number | string) => hmac(`${time}.${BODY}`);
const OLD = NOW - 301;

describe('one header with a timestamp and a signature', () => {
  test.each([
    ['in the order of the seed', `v1=${proof(NOW)}, t=${NOW}`],
    ['in the order of Stripe', `t=${NOW},v1=${proof(NOW)}`],
    ['with semicolons', `t=${NOW};v1=${proof(NOW)}`],
    ['with tabs', `t=${NOW}\tv1=${proof(NOW)}`],
    ['in upper case hex', `t=${NOW},v1=${proof(NOW).toUpperCase()}`],
    ['a rolled secret first', `t=${NOW},v1=${'0'.repeat(64)},v1=${proof(NOW)}`],
    ['a signature that is none first', `t=${NOW},v1=zz,v1=${proof(NOW)}`],
    ['another scheme beside', `t=${NOW},v0=${'0'.repeat(64)},v1=${proof(NOW)}`],
    ['300 seconds old', `t=${NOW - 300},v1=${proof(NOW - 300)}`],
    ['300 seconds ahead', `t=${NOW + 300},v1=${proof(NOW + 300)}`],
    ['in milliseconds', `t=${NOW}000,v1=${proof(`${NOW}000`)}`],
    ['in ISO time', `t=2025-10-09T08:53:20Z,v1=${proof('2025-10-09T08:53:20Z')}`],
    ['in two lines of one list', [`t=${NOW}`, `v1=${proof(NOW)}`]],
    ['the right signature as the eighth', `t=${NOW}${',v1=00'.repeat(7)},v1=${proof(NOW)}`],
  ])('%s is accepted', (_, header) => {
    expect(verify(TIMED, timed(header), KEY)).toEqual({ ok: true, secret: 'env:SLUICE_SECRET_TEST' });
  });

  test.each([
    ['an old one with a new time before it', `t=${NOW},t=${OLD},v1=${proof(OLD)}`, 'signature-mismatch'],
    ['an old one with a new time behind it', `t=${OLD},v1=${proof(OLD)},t=${NOW}`, 'signature-mismatch'],
    ['the same time twice', `t=${NOW},t=${NOW},v1=${proof(NOW)}`, 'signature-mismatch'],
    ['a second time in a second line', [`t=${OLD},v1=${proof(OLD)}`, `t=${NOW}`], 'signature-mismatch'],
    ['too old', `t=${OLD},v1=${proof(OLD)}`, 'signature-stale'],
    ['too far ahead', `t=${NOW + 301},v1=${proof(NOW + 301)}`, 'signature-stale'],
    ['too old and wrong', `t=${OLD},v1=${proof(NOW)}`, 'signature-mismatch'],
    ['no time', `v1=${proof(NOW)}`, 'signature-missing'],
    ['an empty time', `t=,v1=${hmac(`.${BODY}`)}`, 'signature-time-unreadable'],
    ['a time that is none', `t=NaN,v1=${proof('NaN')}`, 'signature-time-unreadable'],
    ['a time with a sign', `t=+${NOW},v1=${proof(`+${NOW}`)}`, 'signature-time-unreadable'],
    ['a time in hex', `t=0x68e77b80,v1=${proof('0x68e77b80')}`, 'signature-time-unreadable'],
    ['no signature', `t=${NOW}`, 'signature-missing'],
    ['an empty signature', `t=${NOW},v1=`, 'signature-missing'],
    ['only another scheme', `t=${NOW},v0=${proof(NOW)}`, 'signature-missing'],
    ['the prefix inside a word', `t=${NOW},xv1=${proof(NOW)}`, 'signature-missing'],
    ['the prefix in upper case', `t=${NOW},V1=${proof(NOW)}`, 'signature-missing'],
    ['an empty header', '', 'signature-missing'],
    ['only separators', ' ,;, ', 'signature-missing'],
    [
      'mixed case hex',
      `t=${NOW},v1=${proof(NOW).replace(/[a-f]/, (digit) => digit.toUpperCase())}`,
      'signature-mismatch',
    ],
    ['a byte too few', `t=${NOW},v1=${proof(NOW).slice(2)}`, 'signature-mismatch'],
    ['a byte too many', `t=${NOW},v1=${proof(NOW)}00`, 'signature-mismatch'],
    ['garbage behind', `t=${NOW},v1=${proof(NOW)}!`, 'signature-mismatch'],
    ['quotes around', `t=${NOW},v1="${proof(NOW)}"`, 'signature-mismatch'],
    [
      'the right signature as the ninth',
      `t=${NOW}${',v1=00'.repeat(8)},v1=${proof(NOW)}`,
      'signature-mismatch',
    ],
  ])('%s is refused', (_, header, code) => {
    expect(judge(TIMED, timed(header), KEY)).toBe(code);
  });

  test('another body is refused', () => {
    expect(judge(TIMED, timed(`t=${NOW},v1=${proof(NOW)}`, BODY.replace('1', '2')), KEY)).toBe(
      'signature-mismatch',
    );
  });

  test('without the header, and without any', () => {
    expect(judge(TIMED, { headers: { 'x-other': 'v1=00' }, body: BODY }, KEY)).toBe('signature-missing');
    expect(judge(TIMED, { body: BODY }, KEY)).toBe('signature-missing');
  });

  test('tolerance 0 takes any age, but still exactly one time', () => {
    const plan = { ...TIMED, timestamp: { header: 'x-signature', parsePrefix: 't=', tolerance: 0 } };
    expect(judge(plan, timed(`t=${OLD},v1=${proof(OLD)}`), KEY)).toBe('ok');
    expect(judge(plan, timed(`t=x,v1=${proof('x')}`), KEY)).toBe('signature-time-unreadable');
    expect(judge(plan, timed(`t=x,v1=${proof('y')}`), KEY)).toBe('signature-mismatch');
    expect(judge(plan, timed(`t=${NOW},t=${OLD},v1=${proof(OLD)}`), KEY)).toBe('signature-mismatch');
  });
});

test('a timestamp in a header of its own must be there once', () => {
  const plan = planOf({
    signature: { header: 'x-signature', parsePrefix: 'v1=' },
    timestamp: { header: 'x-time', parsePrefix: 't=' },
    template: '[timestamp].[payload]',
  });
  const sent = (time: string | readonly string[]): Sent => ({
    headers: { 'x-signature': `v1=${proof(NOW)}`, 'x-time': time },
    body: BODY,
  });
  expect(judge(plan, sent(`t=${NOW}`), KEY)).toBe('ok');
  expect(judge(plan, sent([`t=${NOW}`, `t=${NOW}`]), KEY)).toBe('signature-mismatch');
  expect(judge(plan, sent([`t=${NOW}`, 'x']), KEY)).toBe('signature-mismatch');
  expect(judge(plan, sent([]), KEY)).toBe('signature-missing');
});

describe('a header that is the signature', () => {
  const plain = (header: string | readonly string[]): Sent => ({
    headers: { 'X-Signature': header },
    body: BODY,
  });

  test.each([
    ['as it is', hmac(BODY), 'ok'],
    ['twice', [hmac(BODY), hmac(BODY)], 'signature-mismatch'],
    ['with a second, wrong line', [hmac(BODY), '00'], 'signature-mismatch'],
    ['as a list', `${hmac(BODY)},${hmac(BODY)}`, 'signature-mismatch'],
    ['with a space behind', `${hmac(BODY)} `, 'signature-mismatch'],
    ['empty', '', 'signature-missing'],
  ])('%s', (_, header, outcome) => {
    expect(judge(PLAIN, plain(header), KEY)).toBe(outcome);
  });

  test('one of several headers', () => {
    const plan = planOf({ digest: 'base64', signature: { header: ['x-sig-1', 'X-Sig-2'] } });
    const right = hmac(BODY, 'base64');
    expect(judge(plan, { headers: { 'x-sig-1': 'AAAA', 'x-sig-2': right }, body: BODY }, KEY)).toBe('ok');
    expect(judge(plan, { headers: { 'x-sig-2': right }, body: BODY }, KEY)).toBe('ok');
    expect(judge(plan, { headers: { 'x-sig-1': 'AAAA', 'x-sig-2': [right, right] }, body: BODY }, KEY)).toBe(
      'signature-mismatch',
    );
    expect(judge(plan, { headers: { 'x-sig-3': right }, body: BODY }, KEY)).toBe('signature-missing');
  });

  test.each([
    ['base64', hmac(BODY, 'base64'), 'ok'],
    ['base64', hmac(BODY, 'base64').replace('=', ''), 'signature-mismatch'],
    ['base64', `${hmac(BODY, 'base64')}=`, 'signature-mismatch'],
    ['base64', hmac(BODY), 'signature-mismatch'],
    ['base64url', hmac(BODY, 'base64url'), 'ok'],
    ['base64url', `${hmac(BODY, 'base64url')}=`, 'ok'],
    ['base64url', `${hmac(BODY, 'base64url')}==`, 'signature-mismatch'],
    ['hex', hmac(BODY, 'base64'), 'signature-mismatch'],
  ] as const)('digest %s: %s is %s', (digest, header, outcome) => {
    const plan = planOf({ digest, signature: { header: 'x-signature' } });
    expect(judge(plan, plain(header), KEY)).toBe(outcome);
  });

  test('base64 with a stray bit is refused though it decodes to the same bytes', () => {
    const plan = planOf({ digest: 'base64', signature: { header: 'x-signature' } });
    const right = hmac(BODY, 'base64');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const stray = `${right.slice(0, -2)}${alphabet[alphabet.indexOf(right.at(-2) as string) + 1]}=`;
    expect(Buffer.from(stray, 'base64')).toEqual(Buffer.from(right, 'base64'));
    expect(judge(plan, plain(stray), KEY)).toBe('signature-mismatch');
  });

  test.each(['sha1', 'sha512'] as const)('algorithm %s', (algorithm) => {
    const plan = { ...PLAIN, algorithm };
    expect(judge(plan, plain(createHmac(algorithm, KEY).update(BODY).digest('hex')), KEY)).toBe('ok');
    expect(judge(plan, plain(hmac(BODY)), KEY)).toBe('signature-mismatch');
  });

  test('a body is taken as its bytes, whatever they are', () => {
    const body = Buffer.from([0xff, 0x00, 0xfe]);
    expect(judge(PLAIN, { headers: { 'x-signature': hmac(body) }, body }, KEY)).toBe('ok');
    const replaced = Buffer.from(body.toString('utf8'));
    expect(judge(PLAIN, { headers: { 'x-signature': hmac(body) }, body: replaced }, KEY)).toBe(
      'signature-mismatch',
    );
  });
});

describe('secrets', () => {
  const rotating = planOf({
    sharedSecret: [{ env: 'NEW' }, { file: 'old' }],
    signature: { header: 'x-signature', parsePrefix: 'sha256=' },
  });
  const sent = (...keys: readonly string[]): Sent => ({
    headers: { 'x-signature': keys.map((key) => `sha256=${hmac(BODY, 'hex', key)}`).join(',') },
    body: BODY,
  });
  const lookup =
    (secrets: Readonly<Record<string, string>>): SecretLookup =>
    (reference) =>
      secrets['env' in reference ? reference.env : reference.file];

  test('each of several proves, and the result names it', () => {
    const secrets = lookup({ NEW: 'n', old: 'o' });
    expect(verify(rotating, sent('n'), secrets)).toEqual({ ok: true, secret: 'env:NEW' });
    expect(verify(rotating, sent('o'), secrets)).toEqual({ ok: true, secret: 'file:old' });
    expect(verify(rotating, sent('x', 'o'), secrets)).toEqual({ ok: true, secret: 'file:old' });
    expect(judge(rotating, sent('x', 'y'), secrets)).toBe('signature-mismatch');
  });

  test('while one is missing the other works, and what neither proves is blamed on the deployment', () => {
    const secrets = lookup({ old: 'o' });
    expect(judge(rotating, sent('o'), secrets)).toBe('ok');
    expect(judge(rotating, sent('n'), secrets)).toBe('secret-missing');
  });

  test.each([undefined, ''])(
    'a secret of %j is missing, also for a request without a signature',
    (secret) => {
      expect(judge(PLAIN, { headers: { 'x-signature': hmac(BODY, 'hex', '') }, body: BODY }, secret)).toBe(
        'secret-missing',
      );
      expect(judge(PLAIN, { body: BODY }, secret)).toBe('secret-missing');
    },
  );

  test('a changed secret counts at once', () => {
    const verifier = materialiseVerifier(PLAIN);
    const request = requestOf({ headers: { 'x-signature': hmac(BODY, 'hex', 'second') }, body: BODY });
    const outcomes = ['first', 'second', 'first', undefined].map(
      (secret) => (verifier.verify(request, () => secret, NOW * 1000) as Verification).ok,
    );
    expect(outcomes).toEqual([false, true, false, false]);
  });

  test.each([
    ['hex', '00ff10', '00ff10'],
    ['hex', '00FF10', '00ff10'],
    ['base64', 'AP8Q', '00ff10'],
    ['base64', 'whsec_AP8Q', '00ff10'],
    ['base64', 'whsec_-_8', 'fbff'],
  ] as const)('a secret in %s: %s', (secretEncoding, secret, bytes) => {
    const plan = planOf({ secretEncoding, secretPrefix: 'whsec_', signature: { header: 'x-signature' } });
    const header = hmac(BODY, 'hex', Buffer.from(bytes, 'hex'));
    expect(judge(plan, { headers: { 'x-signature': header }, body: BODY }, secret)).toBe('ok');
  });

  test.each([
    ['hex', 'xyz'],
    ['hex', '0'],
    ['base64', 'not base64'],
    ['base64', 'AP8Q===='],
    ['base64', 'whsec_'],
    ['utf8', 'whsec_'],
  ] as const)('in %s the secret %j is none', (secretEncoding, secret) => {
    const plan = planOf({ secretEncoding, secretPrefix: 'whsec_', signature: { header: 'x-signature' } });
    const header = hmac(BODY, 'hex', '');
    expect(judge(plan, { headers: { 'x-signature': header }, body: BODY }, secret)).toBe('secret-missing');
  });
});

describe('templates', () => {
  const signedBy = (text: string | Buffer, sent: Sent): Sent => ({
    ...sent,
    headers: { 'x-signature': hmac(text), ...sent.headers },
  });
  const withTemplate = (template: string) => planOf({ signature: { header: 'x-signature' }, template });

  test('[method], [path], [url] and text', () => {
    const plan = withTemplate('v0:[method]:[path]:[url]:[payload]');
    const sent = {
      method: 'PUT',
      url: '/c/a?x=1',
      publicUrl: 'https://hooks.example.com/c/a?x=1',
      body: BODY,
    };
    const text = `v0:PUT:/c/a?x=1:https://hooks.example.com/c/a?x=1:${BODY}`;
    expect(judge(plan, signedBy(text, sent), KEY)).toBe('ok');
    expect(judge(plan, signedBy(text, { ...sent, method: 'POST' }), KEY)).toBe('signature-mismatch');
    expect(judge(plan, signedBy(text, { ...sent, url: '/c/a?x=2' }), KEY)).toBe('signature-mismatch');
    expect(judge(plan, signedBy(text, { ...sent, publicUrl: 'https://evil.example/c/a?x=1' }), KEY)).toBe(
      'signature-mismatch',
    );
  });

  test('[url] without a configured public URL proves nothing, whatever the Host header says', () => {
    const plan = withTemplate('[url][payload]');
    const sent = { url: '/c/a', body: BODY, headers: { host: 'hooks.example.com' } };
    expect(judge(plan, signedBy(`https://hooks.example.com/c/a${BODY}`, sent), KEY)).toBe(
      'signature-mismatch',
    );
    expect(judge(plan, signedBy(`undefined${BODY}`, sent), KEY)).toBe('signature-mismatch');
    expect([needsPublicUrl(plan), needsPublicUrl(PLAIN)]).toEqual([true, false]);
  });

  test('[header:NAME] must be there once', () => {
    const plan = withTemplate('[header:X-Id].[payload]');
    expect(plan.covers.headers).toEqual(['x-id']);
    const text = `msg_1.${BODY}`;
    expect(judge(plan, signedBy(text, { headers: { 'x-id': 'msg_1' }, body: BODY }), KEY)).toBe('ok');
    expect(judge(plan, signedBy(text, { headers: { 'x-id': 'msg_2' }, body: BODY }), KEY)).toBe(
      'signature-mismatch',
    );
    expect(judge(plan, signedBy(text, { headers: { 'x-id': ['msg_1', 'msg_1'] }, body: BODY }), KEY)).toBe(
      'signature-mismatch',
    );
    expect(judge(plan, signedBy(`.${BODY}`, { body: BODY }), KEY)).toBe('signature-missing');
    // Bytes as they were sent: Node reads the UTF-8 of "é" as two characters of Latin-1.
    expect(judge(plan, signedBy(`é.${BODY}`, { headers: { 'x-id': '\u00c3\u00a9' }, body: BODY }), KEY)).toBe(
      'ok',
    );
    expect(judge(plan, signedBy(`1.${BODY}`, { headers: { 'x-id': '\u0131' }, body: BODY }), KEY)).toBe(
      'signature-mismatch',
    );
  });

  test('[body:PATH] takes texts and numbers; missing counts as empty; lists and objects do not count', () => {
    const plan = withTemplate("[body:$.a.b]:[body:$.list[1]['c d']]:[body:$.none]");
    const sent = (body: string, text: string) => signedBy(text, { body });
    expect(
      judge(
        plan,
        sent('{"a":{"b":"x"},"list":[0,{"c d":12345678901234567890}]}', 'x:12345678901234567890:'),
        KEY,
      ),
    ).toBe('ok');
    expect(judge(plan, sent('{"a":{"b":true},"none":null}', 'true::'), KEY)).toBe('ok');
    expect(judge(plan, sent('{"a":{"b":["x"]}}', 'x::'), KEY)).toBe('signature-mismatch');
    expect(judge(plan, sent('not json', '::'), KEY)).toBe('signature-mismatch');
    expect(judge(plan, sent('{"__proto__":{"a":{"b":"x"}}}', 'x::'), KEY)).toBe('signature-mismatch');
    const large = `{"a":{"b":"x"},"pad":"${'p'.repeat(64 * 1024)}"}`;
    expect(judge(plan, sent(large, 'x::'), KEY)).toBe('signature-mismatch');
    const deep = `{"a":{"b":"x"},"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(judge(plan, sent(deep, 'x::'), KEY)).toBe('signature-mismatch');
  });

  test('[form:sorted] joins decoded names and values in order', () => {
    const plan = withTemplate('[form:sorted]');
    const sent = (body: string, text: string) => signedBy(text, { body });
    expect(judge(plan, sent('b=2&a=1+%C3%A9&B=3', 'B3a1 éb2'), KEY)).toBe('ok');
    expect(judge(plan, sent('a=2&a=1&a=2', 'a1a2'), KEY)).toBe('ok');
    expect(judge(plan, sent('a', 'a'), KEY)).toBe('ok');
    expect(judge(plan, sent('a=%zz', 'a%zz'), KEY)).toBe('signature-mismatch');
    expect(judge(plan, sent('a=%ff', 'a\ufffd'), KEY)).toBe('signature-mismatch');
    expect(judge(plan, sent(Array.from({ length: 1001 }, () => 'a=1').join('&'), 'a1'), KEY)).toBe(
      'signature-mismatch',
    );
  });

  test("Twilio's published form example", () => {
    // https://www.twilio.com/docs/usage/webhooks/webhooks-security, "Example".
    const plan = planOf({ preset: 'twilio' });
    const publicUrl = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    const fields = {
      CallSid: 'CA1234567890ABCDE',
      Caller: '+14158675310',
      Digits: '1234',
      From: '+14158675310',
      To: '+18005551212',
    };
    const body = new URLSearchParams(fields).toString();
    const headers = { 'x-twilio-signature': 'GvWf1cFY/Q7PnoempGyD5oXAezc=' };
    expect(judge(plan, { publicUrl, body, headers }, '12345')).toBe('ok');
    expect(judge(plan, { publicUrl, body: body.replace('1234', '1235'), headers }, '12345')).toBe(
      'signature-mismatch',
    );
  });

  test("HubSpot's published example of a plain hash", () => {
    const plan = planOf({ preset: 'hubspot-v2' });
    const sent = {
      publicUrl: 'https://www.example.com/webhook_uri',
      body: '{"example_field":"example_value"}',
      headers: { 'x-hubspot-signature': '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900' },
    };
    expect(judge(plan, sent, 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy')).toBe('ok');
    expect(judge(plan, sent, 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyz')).toBe('signature-mismatch');
  });

  test('the hash of the body in the signed URL', () => {
    const plan = planOf({
      signature: { header: 'x-signature' },
      template: '[url]',
      bodyHash: { query: 'bodySHA256' },
    });
    expect(plan.covers.body).toBe(true);
    const bodyHash = createHash('sha256').update(BODY).digest('hex');
    const at = (query: string, body = BODY) =>
      signedBy(`https://a.example/c${query}`, { publicUrl: `https://a.example/c${query}`, body });
    expect(judge(plan, at(`?x=1&bodySHA256=${bodyHash}`), KEY)).toBe('ok');
    expect(judge(plan, at(`?bodySHA256=${bodyHash}`, '{}'), KEY)).toBe('signature-mismatch');
    expect(judge(plan, at(''), KEY)).toBe('signature-mismatch');
    expect(judge(plan, at('?bodySHA256='), KEY)).toBe('signature-mismatch');
    expect(judge(plan, at(`?bodySHA256=00&bodySHA256=${bodyHash}`), KEY)).toBe('signature-mismatch');
    expect(judge(plan, at(`?bodySHA256=${bodyHash}&bodySHA256=00`), KEY)).toBe('signature-mismatch');
  });
});

describe('in the body', () => {
  const plan = planOf({
    signature: { body: '$.signature.value' },
    timestamp: { body: '$.signature.time' },
    template: '[timestamp][body:$.signature.token]',
  });
  const body = (value: unknown, time: unknown = String(NOW)) =>
    JSON.stringify({ signature: { value, time, token: 'abc' } });

  test('signature and timestamp are found', () => {
    expect(judge(plan, { body: body(hmac(`${NOW}abc`)) }, KEY)).toBe('ok');
    expect(judge(plan, { body: body(hmac(`${NOW}abc`), NOW) }, KEY)).toBe('ok');
    expect(judge(plan, { body: body(hmac(`${OLD}abc`), OLD) }, KEY)).toBe('signature-stale');
  });

  test.each([
    ['a wrong one', body('00'), 'signature-mismatch'],
    ['none', '{}', 'signature-missing'],
    ['an empty one', body(''), 'signature-missing'],
    ['a list', body([hmac(`${NOW}abc`)]), 'signature-mismatch'],
    ['no time', body(hmac('abc'), null), 'signature-missing'],
    ['no JSON', 'x', 'signature-mismatch'],
    ['nothing at all', '', 'signature-mismatch'],
    [
      'more than is parsed unproven',
      `${body(hmac(`${NOW}abc`))}${' '.repeat(64 * 1024)}`,
      'signature-mismatch',
    ],
  ])('%s is refused', (_, text, code) => {
    expect(judge(plan, { body: text }, KEY)).toBe(code);
  });

  test('a time in a body that is signed whole is read after the proof, however long the body is', () => {
    const linear = planOf({ preset: 'linear' });
    expect(linear.covers).toEqual({ body: true, headers: [], timestamp: true });
    const sent = (text: string): Sent => ({ body: text, headers: { 'linear-signature': hmac(text) } });
    expect(judge(linear, sent(`{"webhookTimestamp":${NOW}000,"pad":"${'p'.repeat(100_000)}"}`), KEY)).toBe(
      'ok',
    );
    expect(judge(linear, sent(`{"webhookTimestamp":${NOW - 61}000}`), KEY)).toBe('signature-stale');
    expect(judge(linear, sent('{}'), KEY)).toBe('signature-missing');
    expect(judge(linear, sent('[]x'), KEY)).toBe('signature-mismatch');
  });
});

describe('tokens', () => {
  const plan = planOf({ type: 'token', signature: { header: 'authorization', parsePrefix: 'Bearer ' } });
  test.each([
    ['Bearer s3cret', 'ok'],
    ['Bearer s3creT', 'signature-mismatch'],
    ['Bearer s3cret2', 'signature-mismatch'],
    ['Bearer s3cre', 'signature-mismatch'],
    ['Bearer ', 'signature-missing'],
    ['bearer s3cret', 'ok'],
    ['BEARER   s3cret', 'ok'],
    ['Token s3cret', 'signature-missing'],
    ['s3cret', 'signature-missing'],
    [['Bearer s3cret', 'Bearer s3cret'], 'signature-mismatch'],
  ])('%j is %s', (header, outcome) => {
    expect(judge(plan, { headers: { authorization: header } }, 's3cret')).toBe(outcome);
  });

  test('cover nothing', () => {
    expect(plan.covers).toEqual({ body: false, headers: [], timestamp: false });
  });
});

describe('public keys', () => {
  const text = `${NOW}${BODY}`;
  const scheme = (type: string, digest: string) => ({
    type,
    digest,
    signature: { header: 'x-signature' },
    timestamp: { header: 'x-time' },
    template: '[timestamp][payload]',
  });
  const sent = (signature: string): Sent => ({
    headers: { 'x-signature': signature, 'x-time': String(NOW) },
    body: BODY,
  });
  const ed = generateKeyPairSync('ed25519');
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const edRaw = ed.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const edSignature = sign(null, Buffer.from(text), ed.privateKey);
  const ecSignature = sign('sha256', Buffer.from(text), ec.privateKey);

  test.each([
    ['hex', edRaw.toString('hex')],
    ['base64', edRaw.toString('base64')],
    ['base64url', edRaw.toString('base64url')],
    ['DER', ed.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')],
    ['PEM', ed.publicKey.export({ format: 'pem', type: 'spki' }) as string],
    ['private PEM', ed.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string],
  ])('ed25519 with a key in %s', (_, secret) => {
    const plan = planOf(scheme('ed25519', 'hex'));
    expect(judge(plan, sent(edSignature.toString('hex')), secret)).toBe('ok');
    expect(judge(plan, { ...sent(edSignature.toString('hex')), body: '{}' }, secret)).toBe(
      'signature-mismatch',
    );
    expect(judge(plan, sent(edSignature.toString('hex').slice(2)), secret)).toBe('signature-mismatch');
    expect(judge(plan, sent('zz'), secret)).toBe('signature-mismatch');
  });

  test.each([
    ['DER', ec.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')],
    ['PEM', ec.publicKey.export({ format: 'pem', type: 'spki' }) as string],
  ])('ecdsa with a key in %s', (_, secret) => {
    const plan = planOf(scheme('ecdsa', 'base64'));
    expect(judge(plan, sent(ecSignature.toString('base64')), secret)).toBe('ok');
    expect(judge(plan, { ...sent(ecSignature.toString('base64')), body: '{}' }, secret)).toBe(
      'signature-mismatch',
    );
    expect(judge(plan, sent(Buffer.concat([ecSignature, Buffer.of(0)]).toString('base64')), secret)).toBe(
      'signature-mismatch',
    );
    expect(judge(plan, sent('MAA='), secret)).toBe('signature-mismatch');
  });

  test.each(['ed25519', 'ecdsa'])('for %s a text that is no such key is missing', (type) => {
    const plan = planOf(scheme(type, 'hex'));
    const other = type === 'ecdsa' ? ed.publicKey : ec.publicKey;
    const wrong = other.export({ format: 'pem', type: 'spki' }) as string;
    for (const secret of ['x', 'ff', '-----BEGIN PUBLIC KEY-----', wrong]) {
      expect(judge(plan, sent(edSignature.toString('hex')), secret)).toBe('secret-missing');
    }
  });
});
