import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

function copyOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-table-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'signatures.md'), text);
  return join(folder, 'signatures.md');
}

function run(...args: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate/preset-table.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stderr };
}

test('the tables of the documentation are those of the presets', () => {
  expect(run('--check')).toEqual({ status: 0, stderr: '' });
});

test('other tables are found, and written anew without touching the rest', () => {
  const text = readFileSync(join(root, 'docs/signatures.md'), 'utf8');
  const file = copyOf(text.replace('| `stripe` |', '| `strype` |'));
  expect(run('--check', '--file', file)).toMatchObject({ status: 1, stderr: expect.stringContaining(file) });
  expect(readFileSync(file, 'utf8')).toContain('strype');
  expect(run('--file', file).status).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(text);
});

test('a file without the markers is not guessed at', () => {
  const file = copyOf('# Signatures\n');
  expect(run('--file', file).stderr).toContain('lacks the markers');
  expect(readFileSync(file, 'utf8')).toBe('# Signatures\n');
});
