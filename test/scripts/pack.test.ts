import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'sluice-packed-'));
const unpacked = join(folder, 'package');

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/pack.ts', '--out', folder], { cwd: root });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  execFileSync('tar', ['-xzf', `sluice-${version}.tgz`], { cwd: folder });
  symlinkSync(join(root, 'node_modules'), join(unpacked, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('the published manifest has neither the Node pin nor what only the repository needs', () => {
  const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
  expect(JSON.stringify(manifest)).not.toContain('node-linux-');
  expect(Object.keys(manifest)).toEqual(expect.arrayContaining(['bin', 'dependencies', 'engines']));
  for (const field of ['private', 'scripts', 'devDependencies']) expect(manifest).not.toHaveProperty(field);
});

test.each(['check', 'test'])('the published command line runs "%s connectors"', (command) => {
  const args = [join(unpacked, 'dist/src/cli/main.js'), command, join(root, 'connectors')];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
});
