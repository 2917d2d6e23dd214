/** Where build writes to, and what it says of a place that takes no file. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

const CONNECTORS = join(import.meta.dirname, '../fixtures/ok/minimal/connectors');

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-build-'));
  const folder = cwd;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(CONNECTORS, join(cwd, 'connectors'), { recursive: true });
});

async function build(out: string, ...more: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runProgram(['build', '--out', out, ...more], { stdout, stderr, env: {}, cwd });
  return { code, said: String(stderr.read() ?? '') };
}

test('makes the folders above the bundle, and the same bytes each time', async () => {
  expect(await build('a/b/one.json')).toMatchObject({ code: 0 });
  expect(await build('two.json')).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, 'two.json'))).toEqual(readFileSync(join(cwd, 'a/b/one.json')));
});

test('says what is in the way, and leaves nothing beside it', async () => {
  mkdirSync(join(cwd, 'folder'));
  writeFileSync(join(cwd, 'file'), '');
  const advice = 'name a file in a folder that this user may write to\n';
  expect(await build('folder')).toEqual({
    code: 2,
    said: expect.stringContaining(`"folder" cannot be written (it is a folder): ${advice}`),
  });
  expect(await build('file/bundle.json')).toEqual({
    code: 2,
    said: expect.stringMatching(/"file\/bundle\.json" cannot be written \((EEXIST|ENOTDIR)\): name a file/),
  });
  expect(readdirSync(cwd).sort()).toEqual(['connectors', 'file', 'folder']);
});

test('a sequence that is none builds nothing', async () => {
  expect(await build('one.json', '--sequence', 'newest')).toEqual({
    code: 2,
    said: expect.stringContaining('"newest" is not a sequence: give a whole number'),
  });
  expect(readdirSync(cwd)).toEqual(['connectors']);
});
