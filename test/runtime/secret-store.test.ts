import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createSecretStore } from '../../src/runtime/config/secret-store.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-secrets-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A store over the folder, whose clock stands until it is told. */
function makeStore(secretsDir: string) {
  let time = 0;
  const store = createSecretStore({ env: {}, secretsDir, now: () => time });
  return { ...store, read: (file: string) => store.lookup({ file }), pass: (ms: number) => (time += ms) };
}

test('finds variables by prefix or by the leave of the deployment, and no others', () => {
  const env = { SLUICE_SECRET_A: 'a', LEGACY_KEY: 'b', PATH: '/bin', SLUICE_SECRET_EMPTY: '' };
  const { lookup } = createSecretStore({ env, allowedEnv: ['LEGACY_KEY'] });
  expect(lookup({ env: 'SLUICE_SECRET_A' })).toBe('a');
  expect(lookup({ env: 'LEGACY_KEY' })).toBe('b');
  expect(lookup({ env: 'PATH' })).toBeUndefined();
  expect(lookup({ env: 'SLUICE_SECRET_EMPTY' })).toBeUndefined();
  expect(lookup({ env: 'SLUICE_SECRET_NONE' })).toBeUndefined();
});

test('what every object inherits is no variable', () => {
  const { lookup } = createSecretStore({ env: {}, allowedEnv: ['constructor', 'toString'] });
  expect(lookup({ env: 'constructor' })).toBeUndefined();
  expect(lookup({ env: 'toString' })).toBeUndefined();
});

test('trims one newline at the end of a file, and nothing else', () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'unix'), ' secret \n');
  writeFileSync(join(folder, 'dos'), 'secret\r\n');
  writeFileSync(join(folder, 'two'), 'secret\n\n');
  const { read } = makeStore(folder);
  expect([read('unix'), read('dos'), read('two')]).toEqual([' secret ', 'secret', 'secret\n']);
});

test('a changed file is read again after a second', () => {
  const folder = makeFolder();
  const { read, pass } = makeStore(folder);
  expect(read('key')).toBeUndefined();
  writeFileSync(join(folder, 'key'), 'first');
  expect(read('key')).toBeUndefined();
  pass(1000);
  expect(read('key')).toBe('first');
  writeFileSync(join(folder, 'new'), 'second');
  renameSync(join(folder, 'new'), join(folder, 'key'));
  expect(read('key')).toBe('first');
  pass(1000);
  expect(read('key')).toBe('second');
  rmSync(join(folder, 'key'));
  pass(1000);
  expect(read('key')).toBeUndefined();
});

test('follows the links of a Kubernetes mount, and their swap', () => {
  const folder = makeFolder();
  for (const [version, text] of [
    ['..1', 'old'],
    ['..2', 'new'],
  ] as const) {
    mkdirSync(join(folder, version));
    writeFileSync(join(folder, version, 'key'), text);
  }
  symlinkSync('..1', join(folder, '..data'));
  symlinkSync(join('..data', 'key'), join(folder, 'key'));
  const { read, pass } = makeStore(folder);
  expect(read('key')).toBe('old');
  symlinkSync('..2', join(folder, '..tmp'));
  renameSync(join(folder, '..tmp'), join(folder, '..data'));
  pass(1000);
  expect(read('key')).toBe('new');
});

test('never leaves the folder', () => {
  const outside = makeFolder();
  const folder = join(outside, 'secrets');
  mkdirSync(join(folder, 'deeper'), { recursive: true });
  mkdirSync(join(outside, 'secrets-too'));
  writeFileSync(join(outside, 'secrets-too', 'key'), 'x');
  writeFileSync(join(outside, 'key'), 'x');
  writeFileSync(join(folder, 'deeper', 'key'), 'x');
  symlinkSync(join(outside, 'key'), join(folder, 'absolute'));
  symlinkSync('../key', join(folder, 'relative'));
  symlinkSync('../secrets-too/key', join(folder, 'neighbour'));
  const { read } = makeStore(folder);
  for (const name of [
    '../key',
    'deeper/key',
    'absolute',
    'relative',
    'neighbour',
    '/etc/hostname',
    '.',
    '..',
    'a\0b',
  ]) {
    expect(read(name), name).toBeUndefined();
  }
});

test('takes only regular files of a bearable size, in UTF-8', () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'long'), 'x'.repeat(64 * 1024 + 1));
  writeFileSync(join(folder, 'binary'), Buffer.from([0xff, 0xfe]));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const { read } = makeStore(folder);
  for (const name of ['folder', 'long', 'binary', 'pipe']) expect(read(name), name).toBeUndefined();
});

test('lists what is missing once, with the reason and without any value', () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'empty'), '\n');
  writeFileSync(join(folder, 'there'), 'x');
  const store = createSecretStore({ env: { SLUICE_SECRET_A: 'a', HOME: '/' }, secretsDir: folder });
  const references = [
    { env: 'SLUICE_SECRET_A' },
    { env: 'SLUICE_SECRET_B' },
    { env: 'SLUICE_SECRET_B' },
    { env: 'HOME' },
    { file: 'there' },
    { file: 'empty' },
    { file: 'none' },
    { file: '../x' },
  ];
  expect(store.missing(references)).toEqual([
    { name: 'env:SLUICE_SECRET_B', reason: 'the variable is not set' },
    {
      name: 'env:HOME',
      reason: 'only variables that start with SLUICE_SECRET_ may be used: rename it, or allow it by name',
    },
    { name: 'file:empty', reason: 'the file is empty' },
    { name: 'file:none', reason: 'the file does not exist' },
    { name: 'file:../x', reason: 'the name is not a plain file name' },
  ]);
  expect(createSecretStore({ env: {} }).missing([{ file: 'there' }])).toEqual([
    { name: 'file:there', reason: 'no folder for secrets is configured' },
  ]);
});
