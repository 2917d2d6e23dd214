import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { CODES } from '../../src/diagnostics/codes.ts';
import { OUTCOME_CODES } from '../../src/outcomes/codes.ts';
import { KINDS } from '../../src/workbench/diff/plans/kinds.ts';
import { GATES } from '../../src/workbench/explain/gates.ts';

async function run(...argv: readonly string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runProgram(argv, { stdout, stderr, env: {}, cwd: process.cwd() });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

test.each([
  ['path-not-in-sample', 'path-not-in-sample (error): ', 'Fix: '],
  [
    'shape-changed',
    'shape-changed (held): the payload does not look like the samples',
    'What to do: `sluice held show',
  ],
  ['signature-mismatch', 'signature-mismatch (rejected): ', 'Compare the secret'],
  ['security-weakened', 'security-weakened (gate): ', 'security.weakened'],
  ['url-key-removed', 'url-key-removed (change in a diff): ', 'The gate `security-weakened` watches it.'],
])('%s is explained', async (name, head, more) => {
  const { code, stdout } = await run('explain', name);
  expect(code).toBe(0);
  expect(stdout.startsWith(head)).toBe(true);
  expect(stdout).toContain(more);
});

test('a code of two groups is explained twice', async () => {
  const { stdout } = await run('explain', 'connector-broken');
  expect(stdout).toContain('connector-broken (rejected): ');
  expect(stdout).toContain('connector-broken (change in a diff): ');
  const said = JSON.parse((await run('explain', 'connector-broken', '--json')).stdout);
  expect(said).toMatchObject({ group: 'outcomes', outcome: 'rejected', others: [{ group: 'changes' }] });
});

test('without a code all are listed, by group', async () => {
  const { stdout } = await run('explain');
  const tables = { CODES, OUTCOME_CODES, GATES, KINDS };
  const names = Object.values(tables).flatMap((table) => Object.keys(table));
  const listed = [...stdout.matchAll(/^ {2}(\S+) /gm)].map(([, name]) => name);
  expect(listed).toEqual(names);
  const all = JSON.parse((await run('explain', '--json')).stdout);
  expect(Object.values(all).flatMap((table) => Object.keys(table as object))).toEqual(names);
});

test('what is no code is said, with the nearest one', async () => {
  expect(await run('explain', 'shape-chnaged')).toEqual({
    code: 2,
    stdout: '',
    stderr: '"shape-chnaged" is not a code; did you mean "shape-changed"? `sluice explain` lists them.\n',
  });
  const held = await run('held', 'list', '--code', 'undelivred');
  expect(held).toMatchObject({
    code: 2,
    stderr: '"undelivred" is no code of a hold; did you mean "undelivered"?\n',
  });
  expect((await run('held', 'list', '--code', 'signature-mismatch')).stderr).toContain(
    'there are paused, no-sample',
  );
});
