import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { reportPretty } from '../../../src/diagnostics/reporters/pretty.ts';
import { connectorFile, connectorFiles, makeFolder } from '../folder.ts';

/** Every code that compiling gives, and everything that is printed or kept of it. */
async function compile(
  files: Readonly<Record<string, string>>,
): Promise<{ codes: string[]; printed: string }> {
  const folder = makeFolder({ ...connectorFiles('a'), ...files });
  const { diagnostics, sources } = await folder.compile();
  const printed =
    reportPretty(diagnostics, { sources, connectors: 1, colour: false }) + inspect(diagnostics, { depth: 9 });
  return { codes: diagnostics.map(({ code }) => code), printed };
}

// Joined here, so that no scanner of repositories takes this file for a leak.
const random = '9fQ2xLr7Tz4Wk8Vb3Nc6Ym1Hd5Gj0Ps';
const SECRETS = {
  'webhook signing secret': `whsec_${random}`,
  'stripe key': `sk_live_${random}`,
  'restricted stripe key': `rk_test_${random}`,
  'github token': `ghp_${random}ABCDE`,
  'fine-grained github token': `github_pat_${random}`,
  'gitlab token': `glpat-${random}`,
  'shopify secret': `shpss_${'0123456789abcdef'.repeat(2)}`,
  'slack token': `xoxb-${random}`,
  'aws key': `AKIA${'Q2W3E4R5T6Y7U8I9'}`,
  'sendgrid key': `SG.${random}.${random}`,
  'google key': `AIza${random}abcd`,
  'bearer token': `Bearer ${random}`,
  'json web token': `eyJ${random}.eyJ${random}.${random}`,
};

test.for(Object.entries(SECRETS))('a %s is found in every file, and never shown', async ([, secret]) => {
  const places: readonly Readonly<Record<string, string>>[] = [
    { 'a/connector.yaml': connectorFile('a', `owner: "${secret}"\n`) },
    { 'a/connector.yaml': `# ${secret}\n${connectorFile('a')}` },
    { 'a/one.json': JSON.stringify({ id: 'evt_1', user: { id: 'u' }, amount: 1, type: secret }) },
    {
      'a/cases/one.yaml': `note: n\nsecrets: { SLUICE_SECRET_A: "${secret}" }\nrequest: {}\nwant: { outcome: delivered }\n`,
    },
  ];
  for (const files of places) {
    const { codes, printed } = await compile(files);
    expect(codes).toContain('secret-literal');
    expect(printed).not.toContain(secret.slice(-20));
  }
});

test('what a case gives as its secret is only warned of, what else it holds is not', async () => {
  const secret = SECRETS['webhook signing secret'];
  const caseOf = (given: string, request: string) =>
    `note: n\nsecrets: { SLUICE_SECRET_A: "${given}" }\nrequest: ${request}\nwant: { outcome: delivered }\n`;
  const severities = async (text: string) => {
    const { diagnostics } = await makeFolder({ ...connectorFiles('a'), 'a/cases/one.yaml': text }).compile();
    return diagnostics.filter(({ code }) => code === 'secret-literal').map(({ severity }) => severity);
  };
  expect(await severities(caseOf(secret, '{}'))).toEqual(['warning']);
  expect(await severities(caseOf(secret, `{ headers: { authorization: "${secret}" } }`))).toEqual([
    'warning',
    'warning',
  ]);
  expect(await severities(caseOf('invented', `{ body: "${secret}" }`))).toEqual(['error']);
});

test('a private key is found as a whole', async () => {
  const key = `-----BEGIN EC PRIVATE KEY-----\\n${random}\\n-----END EC PRIVATE KEY-----`;
  const { codes, printed } = await compile({
    'a/one.json': `{ "user": { "id": "u" }, "amount": 1, "key": "${key}" }`,
  });
  expect(codes).toContain('secret-literal');
  expect(printed).not.toContain(random);
});

test('a secret is not quoted by other problems of the same value', async () => {
  const secret = SECRETS['webhook signing secret'];
  const { codes, printed } = await compile({ 'a/connector.yaml': connectorFile('a', `status: ${secret}\n`) });
  expect(codes).toEqual(expect.arrayContaining(['value-invalid', 'secret-literal']));
  expect(printed).not.toContain(random.slice(0, 12));
});

test.for([
  ['text for the reference', 'sharedSecret: hunter2hunter2'],
  ['text in the list', 'sharedSecret: [{ env: SLUICE_SECRET_A }, hunter2hunter2]'],
  ['another key in the reference', 'sharedSecret: { literal: hunter2hunter2 }'],
  ['another key beside it', 'secret: hunter2hunter2'],
  ['the token of challenges', 'sharedSecret: { env: SLUICE_SECRET_A }, verifyToken: hunter2hunter2'],
])('whatever it looks like: %s', async ([, entry]) => {
  const text = connectorFile('a', `security: { signature: { preset: stripe, ${entry} } }\n`);
  const { codes, printed } = await compile({ 'a/connector.yaml': text });
  expect(codes).toContain('secret-literal');
  expect(printed).not.toContain('hunter2hunter2');
});

test.for([
  ['short', 'whsec_example'],
  ['repetitive', `whsec_${'abc'.repeat(12)}`],
  ['says so', `whsec_thisIsAnExample${random}`],
  ['says so under base64', `whsec_${Buffer.from('an example secret for sluice').toString('base64')}`],
  ['part of another word', `xAKIA${'Q2W3E4R5T6Y7U8I9'}`],
  ['an id that only resembles one', 'pk_live_notasecret'],
])('an invented value may stay: %s', async ([, value]) => {
  const { codes } = await compile({ 'a/connector.yaml': connectorFile('a', `owner: "${value}"\n`) });
  expect(codes).toEqual([]);
});
