import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { UNSIGNED_SENDERS } from '../../src/cli/unsigned-senders.ts';
import { PRESETS } from '../../src/stages/signature/presets.ts';

async function run(...argv: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runProgram(['presets', ...argv], { stdout, stderr, env: {}, cwd: process.cwd() });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

test('every preset is listed, with what it proves and what not', async () => {
  const { code, stdout } = await run();
  expect(code).toBe(0);
  for (const { name, title, docs } of PRESETS.values()) {
    expect(stdout).toContain(`${name}  ${title}\n`);
    expect(stdout).toContain(docs);
  }
  expect(stdout).toContain('HMAC-SHA256 of [timestamp].[payload] in stripe-signature; sent within 300 s');
});

test('one preset, with all that is known of it', async () => {
  const { stdout } = await run('zoom');
  expect(stdout).toContain('POST, proven: JSON with plainToken and encryptedToken, keyed with the secret');
  expect(stdout).toContain('waits 3 s for an answer');
  expect(stdout).toContain('is answered 200 with an empty body');
});

test('for machines', async () => {
  const all = JSON.parse((await run('--json')).stdout);
  expect(all).toHaveLength(PRESETS.size);
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
  for (const name of ['servicenow', 'ServiceNow', 'service-now', 'servicenow-incident']) {
    const { code, stderr } = await run(name);
    expect(code).toBe(2);
    expect(stderr).toContain('ServiceNow has no signature scheme of its own. A business rule can compute');
    expect(stderr).toContain('--url-key');
  }
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
