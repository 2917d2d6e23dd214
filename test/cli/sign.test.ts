import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { decodeBundle } from '../../src/bundle/codec.ts';
import { readTrustedKeys, splitSignature, verifyBundle } from '../../src/bundle/signing.ts';
import { runProgram } from '../../src/cli/program.ts';
import { unpackFixture } from '../fixture-file.ts';

const root = join(import.meta.dirname, '../..');
const CONNECTORS = join(unpackFixture('ok/minimal', afterAll), 'connectors');

let cwd: string;
const file = (name: string) => join(cwd, name);
const bytesOf = (name: string) => readFileSync(file(name));

beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-sign-'));
  const folder = cwd;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(CONNECTORS, file('connectors'), { recursive: true });
});

async function sluice(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runProgram(argv, { stdout, stderr, env, cwd });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

const build = (...more: readonly string[]) =>
  sluice(['build', '--out', 'bundle.json', '--sequence', '7', ...more]);

/** The id of the key in this file that signed the bundle, or why it is refused. */
async function signerOf(bundle: string, publicKey: string): Promise<string> {
  const keys = readTrustedKeys(bytesOf(publicKey).toString());
  if (!keys.ok) throw new Error(keys.message);
  const verdict = await verifyBundle(bytesOf(bundle), keys.value);
  return verdict.ok ? verdict.keyId : verdict.code;
}

function sequenceOf(bundle: string): number | string {
  const decoded = decodeBundle(splitSignature(bytesOf(bundle)).signed);
  return decoded.ok ? decoded.bundle.manifest.sequence : decoded.code;
}

describe('keys', () => {
  test('makes a pair, the private one for its owner alone, and says where they belong', async () => {
    const { code, stdout } = await sluice(['keys', 'signing.key']);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^key [0-9a-f]{16}: keep signing.key secret .*; give signing.key.pub to runtimes \(--trusted-keys\)\n$/,
    );
    expect(statSync(file('signing.key')).mode & 0o777).toBe(0o600);
    expect(bytesOf('signing.key').toString()).toContain('BEGIN PRIVATE KEY');
    expect(bytesOf('signing.key.pub').toString()).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect(stdout).not.toContain(bytesOf('signing.key').toString().split('\n')[1]);
  });

  test('--json says the id by which runtimes name it', async () => {
    const { id, ...paths } = JSON.parse((await sluice(['keys', 'signing.key', '--json'])).stdout);
    expect(paths).toEqual({ privateKey: file('signing.key'), publicKey: file('signing.key.pub') });
    await build('--sign', 'signing.key');
    expect(await signerOf('bundle.json', 'signing.key.pub')).toBe(id);
  });

  test.each(['signing.key', 'signing.key.pub'])('never overwrites %s', async (taken) => {
    writeFileSync(file(taken), 'precious');
    const { code, stderr } = await sluice(['keys', 'signing.key']);
    expect(code).toBe(2);
    expect(stderr).toContain('keys are never overwritten');
    expect(bytesOf(taken).toString()).toBe('precious');
    expect(readdirSync(cwd).sort()).toEqual(['connectors', taken]);
  });

  test('says where it cannot write', async () => {
    expect(await sluice(['keys', 'no/such/folder/key'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"no/such/folder/key" cannot be written: ENOENT'),
    });
  });
});

describe('signing', () => {
  beforeEach(async () => {
    await sluice(['keys', 'signing.key']);
  });

  test('happens while building, with a key from a file or from the environment', async () => {
    expect((await build('--sign', 'signing.key')).code).toBe(0);
    expect(await signerOf('bundle.json', 'signing.key.pub')).toMatch(/^[0-9a-f]{16}$/);
    const signed = bytesOf('bundle.json');
    expect((await build()).code).toBe(0);
    expect(await signerOf('bundle.json', 'signing.key.pub')).toBe('bundle-unsigned');
    expect(signed.subarray(0, bytesOf('bundle.json').length)).toEqual(bytesOf('bundle.json'));
    const env = { SLUICE_SIGNING_KEY: bytesOf('signing.key').toString() };
    const argv = ['build', '--out', 'bundle.json', '--sequence', '7', '--sign'];
    expect((await sluice(argv, env)).code).toBe(0);
    expect(bytesOf('bundle.json')).toEqual(signed);
  });

  test('happens afterwards, to the same bytes, in place or elsewhere', async () => {
    await build('--sign', 'signing.key');
    copyFileSync(file('bundle.json'), file('built.json'));
    await build();
    const elsewhere = ['sign', 'bundle.json', '--key', 'signing.key', '--out', 'new/signed.json'];
    expect(await sluice(elsewhere)).toMatchObject({
      code: 0,
      stdout: 'new/signed.json: signed, sequence 7\n',
    });
    expect(bytesOf('new/signed.json')).toEqual(bytesOf('built.json'));
    expect(await signerOf('bundle.json', 'signing.key.pub')).toBe('bundle-unsigned');
    await sluice(['sign', 'bundle.json', '--key', 'signing.key']);
    expect(bytesOf('bundle.json')).toEqual(bytesOf('built.json'));
  });

  test('gives old content a higher sequence, and replaces the signature', async () => {
    await sluice(['keys', 'other.key']);
    await build('--sign', 'other.key');
    const argv = ['sign', 'bundle.json', '--key', 'signing.key', '--sequence', '9', '--json'];
    const { stdout } = await sluice(argv);
    expect(JSON.parse(stdout)).toEqual({
      file: 'bundle.json',
      sequence: 9,
      bytes: bytesOf('bundle.json').length,
    });
    expect(sequenceOf('bundle.json')).toBe(9);
    expect(await signerOf('bundle.json', 'signing.key.pub')).toMatch(/^[0-9a-f]{16}$/);
    expect(await signerOf('bundle.json', 'other.key.pub')).toBe('bundle-key-unknown');
  });

  test.each<[string, string[], number, RegExp]>([
    ['no key', ['bundle.json'], 2, /no signing key: name its file with --key, or set SLUICE_SIGNING_KEY/],
    [
      'a key that is not there',
      ['bundle.json', '--key', 'a.key'],
      2,
      /the signing key "a.key" cannot be read/,
    ],
    [
      'a public key',
      ['bundle.json', '--key', 'signing.key.pub'],
      2,
      /"signing.key.pub" is not a private key/,
    ],
    ['no bundle', ['b.json', '--key', 'signing.key'], 2, /"b.json" cannot be read: ENOENT/],
    ['something else', ['signing.key', '--key', 'signing.key'], 1, /"signing.key" is not a sound bundle/],
    [
      'half a number',
      ['bundle.json', '--key', 'signing.key', '--sequence', '1.5'],
      2,
      /"1.5" is not a sequence/,
    ],
  ])('leaves everything as it is when given %s', async (_, argv, exit, message) => {
    await build();
    const before = bytesOf('bundle.json');
    const { code, stdout, stderr } = await sluice(['sign', ...argv]);
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(stderr).toMatch(message);
    expect(bytesOf('bundle.json')).toEqual(before);
  });

  test('never says what the key is, and builds nothing without it', async () => {
    const secret = 'not-a-pem-but-secret';
    const { code, stderr } = await sluice(['build', '--out', 'bundle.json', '--sign'], {
      SLUICE_SIGNING_KEY: secret,
    });
    expect(code).toBe(2);
    expect(stderr).toContain('SLUICE_SIGNING_KEY is not a private key in PEM');
    expect(stderr).not.toContain(secret);
    expect(existsSync(file('bundle.json'))).toBe(false);
  });
});

test('dev serves what it compiles, whatever keys the environment trusts', async () => {
  const main = join(root, 'src/cli/main.ts');
  const argv = ['dev', '--port', '0', '--admin-port', '0', '--log-level', 'silent'];
  const child = spawn(process.execPath, [main, ...argv], {
    cwd,
    env: { PATH: process.env.PATH, SLUICE_TRUSTED_KEYS: file('no-such-file.pub') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'close');
  });
  child.stdout.setEncoding('utf8');
  let output = '';
  for await (const text of child.stdout) {
    output += text;
    if (/serves \d+ connectors?:/.test(output)) break;
  }
  expect(output).toMatch(/serves 1 connector:/);
});
