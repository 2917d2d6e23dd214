import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { UNSIGNED_SENDERS } from '../../src/cli/unsigned-senders.ts';
import { PRESETS } from '../../src/stages/signature/presets.ts';
import { URL_PRESETS } from '../../src/stages/signature/url-presets.ts';

async function run(...argv: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runProgram(['presets', ...argv], { stdout, stderr, env: {}, cwd: process.cwd() });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

test('every sender is listed on a line, and a part of a name chooses', async () => {
  const { code, stdout } = await run();
  expect(code).toBe(0);
  for (const { name, title } of [...PRESETS.values(), ...URL_PRESETS.values()]) {
    expect(stdout).toMatch(new RegExp(`^${name} +${title.replace(/[.()]/g, '[.()]')}$`, 'm'));
  }
  expect((await run('Google')).stdout.match(/^google-/gm)).toHaveLength(3);
});

test('what is checked, where the secret is, and who vouches for it', async () => {
  const { stdout } = await run('stripe');
  expect(stdout).toContain('HMAC-SHA256 of [timestamp].[payload] in stripe-signature; sent within 300 s');
  expect(stdout).toContain(
    'Stripe Dashboard, Developers, Webhooks, the endpoint: the signing secret (whsec_..., as shown)',
  );
  expect((await run('mailchimp')).stdout).toContain('GET, unproven: 200');
});

test('one preset, with all that is known of it', async () => {
  const { stdout } = await run('zoom');
  expect(stdout).toContain('POST, proven: JSON with plainToken and encryptedToken, keyed with the secret');
  expect(stdout).toContain('waits 3 s for an answer');
  expect(stdout).toContain('is answered 200 with an empty body');
});

test('for machines', async () => {
  const all = JSON.parse((await run('--json')).stdout);
  expect(all).toHaveLength(PRESETS.size + URL_PRESETS.size);
  expect(JSON.parse((await run('meta', '--json')).stdout)).toMatchObject({
    name: 'meta',
    checks: 'HMAC-SHA256 of [payload] in x-hub-signature-256',
    open: ['headers', 'when it was sent', 'for which customer of the app'],
    handshakes: ['GET, with the verify token: hub.challenge back'],
    secretScope: 'app',
    acknowledge: 200,
  });
});

test('a provider that signs nothing is known as such, here and on the page', async () => {
  for (const name of ['marketo', 'Marketo-leads']) {
    const { code, stderr } = await run(name);
    expect(code).toBe(2);
    expect(stderr).toContain('Marketo has no signature scheme of its own.');
    expect(stderr).toContain('--url-key');
  }
  expect((await run('ebay')).stderr).toContain('Sluice keys nothing that nothing has proven');
  expect((await run('salesforce-marketing-cloud')).code).toBe(0);
  const page = readFileSync(join(import.meta.dirname, '../../docs/signatures.md'), 'utf8');
  const [, section = ''] = page.split('## Senders that sign nothing');
  for (const { title } of Object.values(UNSIGNED_SENDERS)) expect(section).toContain(title);
});

test('an unknown name suggests the nearest', async () => {
  expect(await run('strype')).toEqual({
    code: 2,
    stdout: '',
    stderr: '"strype" is not a preset; did you mean "stripe"?\n',
  });
  expect((await run('acme')).stderr).toBe('"acme" is not a preset; `sluice presets` lists them\n');
});
