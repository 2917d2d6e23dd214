import { describe, expect, test } from 'vitest';
import { PRESETS } from '../../../src/stages/signature/presets.ts';
import { POINTER, planOf, prepare, SECRET } from './harness.ts';

const HEADER = { signature: { header: 'x-signature' } };

/** The one problem of a scheme, as `code pointer: message`. */
function problemOf(spec: object): string {
  const { problems } = prepare({ sharedSecret: SECRET, ...spec });
  expect(problems).toHaveLength(1);
  return problems
    .map(({ code, pointer, message }) => `${code} ${pointer.slice(POINTER.length)}: ${message}`)
    .join();
}

test('the least that a scheme needs, and what applies otherwise', () => {
  expect(planOf(HEADER)).toEqual({
    type: 'hmac',
    algorithm: 'sha256',
    digest: 'hex',
    secrets: [SECRET],
    secretEncoding: 'utf8',
    signature: { headers: ['x-signature'] },
    template: [{ kind: 'payload' }],
    handshake: [],
    covers: { body: true, headers: [], timestamp: false },
  });
});

test('the JSON form with everything in one header', () => {
  const json = `{
    "sharedSecret": { "env": "SLUICE_SECRET_STRIPE" },
    "algorithm": "sha256",
    "digest": "hex",
    "signature": { "header": "Stripe-Signature", "parsePrefix": "v1=" },
    "timestamp": { "header": "Stripe-Signature", "parsePrefix": "t=" },
    "template": "[timestamp].[payload]"
  }`;
  expect(planOf(JSON.parse(json))).toEqual({
    type: 'hmac',
    algorithm: 'sha256',
    digest: 'hex',
    secrets: [{ env: 'SLUICE_SECRET_STRIPE' }],
    secretEncoding: 'utf8',
    signature: { headers: ['stripe-signature'], parsePrefix: 'v1=' },
    timestamp: { header: 'stripe-signature', parsePrefix: 't=', tolerance: 300 },
    template: [{ kind: 'timestamp' }, { kind: 'text', text: '.' }, { kind: 'payload' }],
    handshake: [],
    covers: { body: true, headers: [], timestamp: true },
  });
});

test('every token of a template', () => {
  const { template } = planOf({
    ...HEADER,
    timestamp: { header: 'x-time' },
    template:
      'a[timestamp]b][payload][secret][method][url][path][header:X-Id][body:$.a["b]"][0]][form:sorted]',
  });
  expect(template).toEqual([
    { kind: 'text', text: 'a' },
    { kind: 'timestamp' },
    { kind: 'text', text: 'b]' },
    { kind: 'payload' },
    { kind: 'secret' },
    { kind: 'method' },
    { kind: 'url' },
    { kind: 'path' },
    { kind: 'header', name: 'x-id' },
    { kind: 'body', path: '$.a["b]"][0]' },
    { kind: 'form' },
  ]);
});

describe('presets', () => {
  test('alone', () => {
    const plan = planOf({ preset: 'stripe' });
    expect(plan.preset).toBe('stripe');
    expect(plan.timestamp).toEqual({ header: 'stripe-signature', parsePrefix: 't=', tolerance: 300 });
  });

  test('objects merge field by field, lists and scalars replace', () => {
    const plan = planOf({
      preset: 'slack',
      algorithm: 'sha512',
      signature: { header: ['x-one', 'X-Two'] },
      timestamp: { tolerance: 60 },
      handshake: [],
    });
    expect(plan).toMatchObject({
      algorithm: 'sha512',
      signature: { headers: ['x-one', 'x-two'], parsePrefix: 'v0=' },
      timestamp: { header: 'x-slack-request-timestamp', tolerance: 60 },
      handshake: [],
    });
  });

  test('a place in the body takes the place of a header, and the other way round', () => {
    expect(planOf({ preset: 'github', signature: { body: '$.signature' } }).signature).toEqual({
      body: '$.signature',
    });
    expect(planOf({ preset: 'mailgun', signature: { header: 'x-signature' } }).signature).toEqual({
      headers: ['x-signature'],
    });
  });

  test('an unknown one is suggested for', () => {
    expect(problemOf({ preset: 'strpe' })).toBe(
      'signature-preset-unknown /preset: "strpe" is not a preset; did you mean "stripe"?',
    );
    expect(problemOf({ preset: 'zzzzzzzzzzzz' })).toContain(
      `is not a preset; presets are ${[...PRESETS.keys()].sort()[0]}, `,
    );
  });

  test('names that every object has are no presets', () => {
    for (const preset of ['constructor', 'toString', '__proto__']) {
      expect(problemOf({ preset })).toMatch(/^signature-preset-unknown /);
    }
  });
});

describe('problems', () => {
  test.each([
    [
      { ...HEADER, sharedSecret: [] },
      'secret-missing-reference /sharedSecret: the signature has no secret; add sharedSecret: { env: SLUICE_SECRET_... }',
    ],
    [
      { template: '[payload]' },
      'signature-incomplete : the file does not say where the signature stands; add signature: { header: ... }',
    ],
    [
      { signature: { parsePrefix: 'v1=' } },
      'signature-incomplete /signature: the signature has neither header nor body; name the header that carries it',
    ],
    [
      { signature: { header: 'x', body: '$.a' } },
      'signature-incomplete /signature/body: the signature has both a header and a path in the body; keep one of them',
    ],
    [
      { signature: { body: '$.a', parsePrefix: 'v1=' } },
      'signature-incomplete /signature/parsePrefix: "v1=" cannot be looked for in the body; parsePrefix is for headers, and in the body values are found by position',
    ],
    [
      { ...HEADER, template: '[timestamp].[payload]' },
      'signature-incomplete : the template signs [timestamp], but the file does not say where the time of sending stands; add timestamp: { header: ... }',
    ],
    [
      { ...HEADER, timestamp: { parsePrefix: 't=' }, template: '[timestamp].[payload]' },
      'signature-incomplete /timestamp: the time of sending has neither header nor body; name the header that carries it',
    ],
    [
      { ...HEADER, timestamp: { header: 'x-time' } },
      'signature-timestamp-unsigned /timestamp: the time in "x-time" is not part of what is signed, so anyone can renew it; put [timestamp] into the template, or remove timestamp',
    ],
    [
      { ...HEADER, timestamp: { body: '$.time' }, template: '[header:x-id]' },
      'signature-timestamp-unsigned /timestamp: the time in "$.time" is not part of what is signed, so anyone can renew it; put [timestamp] into the template, or remove timestamp',
    ],
    [
      { preset: 'stripe', template: '[payload]' },
      'signature-timestamp-unsigned : the time in "stripe-signature" is not part of what is signed, so anyone can renew it; put [timestamp] into the template, or remove timestamp',
    ],
    [
      { preset: 'stripe', timestamp: { tolerance: 0 } },
      'signature-tolerance-off /timestamp/tolerance: tolerance 0 accepts a recorded request at any time later; give the seconds that a request may be old',
    ],
    [
      { ...HEADER, algorithm: 'sha1' },
      'signature-weak /algorithm: "sha1" is no longer a safe choice for new signatures; use sha256 if the sender can',
    ],
    [
      { preset: 'github', algorithm: 'sha1' },
      'signature-weak /algorithm: "sha1" is no longer a safe choice for new signatures; use sha256 if the sender can',
    ],
    [
      { ...HEADER, type: 'hash' },
      'signature-template-invalid : a plain hash proves nothing unless the secret is in it; put [secret] where the sender puts it',
    ],
    [
      { ...HEADER, type: 'ed25519', template: '[secret][payload]' },
      'signature-template-invalid /template: [secret] cannot stand in the template of type ed25519: its key is public; remove it',
    ],
    [
      { ...HEADER, template: 'v0:[method]' },
      'signature-template-invalid /template: the template signs nothing of the request, so one signature fits all; add [payload]',
    ],
    [
      { ...HEADER, bodyHash: { query: 'hash' } },
      'signature-template-invalid : bodyHash stands in the URL, which the template does not sign; add [url] or [path]',
    ],
    [
      { ...HEADER, type: 'token', template: '[payload]' },
      'signature-template-invalid /template: type token compares what is sent with the secret and signs nothing; remove template',
    ],
    [
      { signature: { body: '$.a[*]' } },
      'path-invalid /signature/body: "$.a[*]" can name several values; a signature needs exactly one: use members and indexes only',
    ],
  ])('%j', (spec, problem) => {
    expect(problemOf(spec)).toBe(problem);
  });

  test.each([
    ['[payloda]', 0, 9, '"[payloda]" is not a token of a template; did you mean "[payload]"?'],
    [
      'v0:[Timestamp].[payload]',
      3,
      11,
      '"[Timestamp]" is not a token of a template; did you mean "[timestamp]"?',
    ],
    ['[form]', 0, 6, '"[form]" is not a token of a template; did you mean "[form:sorted]"?'],
    ['[Header:x-id]', 0, 13, '"[Header:x-id]" is not a token of a template; did you mean "[header:NAME]"?'],
    ['[]', 0, 2, /^"\[\]" is not a token of a template; the tokens are \[timestamp\] /],
    ['[payload][', 9, 1, 'the bracket that opens "[" is never closed'],
    ['[body:$.a', 0, 9, 'the bracket that opens "[body:$.a" is never closed'],
    ['[header:x id]', 0, 13, '"x id" is not the name of a header; write [header:NAME]'],
    ['[header:]', 0, 9, '"" is not the name of a header; write [header:NAME]'],
    ['[payload][body:$..a]', 9, 11, /^"\$\.\.a" can name several values/],
    ['[payload][body:$.__proto__]', 9, 18, /"__proto__"/],
  ])('the template %j', (template, offset, length, message) => {
    const { plan, problems } = prepare({ ...HEADER, sharedSecret: SECRET, template });
    expect(plan).toBeNull();
    expect(problems).toEqual([
      {
        code: 'signature-template-invalid',
        pointer: `${POINTER}/template`,
        within: { offset, length },
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      },
    ]);
  });

  test('all of them come in one run', () => {
    const { problems } = prepare({ template: '[a][b]', algorithm: 'sha1', timestamp: { tolerance: 0 } });
    expect(problems.map(({ code }) => code)).toEqual([
      'signature-template-invalid',
      'signature-template-invalid',
      'secret-missing-reference',
      'signature-incomplete',
      'signature-incomplete',
      'signature-tolerance-off',
      'signature-weak',
    ]);
  });

  test('warnings leave a plan, errors do not', () => {
    expect(prepare({ ...HEADER, sharedSecret: SECRET, algorithm: 'sha1' }).plan?.algorithm).toBe('sha1');
    expect(prepare({ ...HEADER, sharedSecret: SECRET, template: 'x' }).plan).toBeNull();
  });

  test.each([
    [{ preset: 'intercom' }],
    [{ ...HEADER, type: 'token', algorithm: 'sha1' }],
    [{ ...HEADER, timestamp: { header: 'X-Time' }, template: '[header:x-time].[payload]' }],
    [{ ...HEADER, timestamp: { body: '$.time' } }],
    [{ ...HEADER, timestamp: { body: '$.time' }, template: '[body:$.time]' }],
  ])('%j has none', (spec) => {
    expect(prepare({ sharedSecret: SECRET, ...spec }).problems).toEqual([]);
  });
});

test.each([
  ['[payload]', { body: true, headers: [] }],
  ['[form:sorted]', { body: true, headers: [] }],
  ['[body:$.a]', { body: false, headers: [] }],
  ['[url]', { body: false, headers: [] }],
  ['[header:B][header:a][header:b]', { body: false, headers: ['a', 'b'] }],
])('%s covers %j', (template, covers) => {
  expect(planOf({ ...HEADER, template }).covers).toEqual({ ...covers, timestamp: false });
});
