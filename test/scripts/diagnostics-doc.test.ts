import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CODES } from '../../src/diagnostics/codes.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/diagnostics.md'), 'utf8');

function run(...args: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate/diagnostics-doc.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stderr };
}

test('the page is what codes and examples say, with a section for each code', () => {
  expect(run('--check')).toEqual({ status: 0, stderr: '' });
  expect([...page.matchAll(/^### (.+)$/gm)].map(([, code]) => code)).toEqual(Object.keys(CODES));
});

test('another page is found, and written anew', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-codes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'diagnostics.md');
  expect(run('--check', '--file', file).status).toBe(1);
  writeFileSync(file, page.replace('### key-unknown', '### key-unkown'));
  expect(run('--check', '--file', file)).toMatchObject({ status: 1, stderr: expect.stringContaining(file) });
  expect(run('--file', file).status).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(page);
});
