import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { OUTCOME_CODES } from '../../src/outcomes/codes.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/outcomes.md'), 'utf8');
const schema = readFileSync(join(root, 'schemas/case.schema.json'), 'utf8');

function run(...args: readonly string[]) {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/generate/outcomes-doc.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stderr };
}

test('the page and the schema are what the table says, with a row for each code', () => {
  expect(run('--check')).toEqual({ status: 0, stderr: '' });
  const rows = [...page.matchAll(/^\| `(.+?)` \|/gm)].map(([, code]) => code);
  expect(rows.toSorted()).toEqual(Object.keys(OUTCOME_CODES).toSorted());
});

test('others are found, and written anew', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-outcomes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const others = { file: join(folder, 'outcomes.md'), schema: join(folder, 'case.schema.json') };
  writeFileSync(others.file, page.replace('`paused`', '`pausd`'));
  writeFileSync(others.schema, schema.replace('                "paused",\n', ''));
  const named = ['--file', others.file, '--schema', others.schema];
  const { status, stderr } = run('--check', ...named);
  expect(status).toBe(1);
  expect(stderr).toContain(others.file);
  expect(stderr).toContain(others.schema);
  expect(run(...named).status).toBe(0);
  expect(readFileSync(others.file, 'utf8')).toBe(page);
  expect(readFileSync(others.schema, 'utf8')).toBe(schema);
});
