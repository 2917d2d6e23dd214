/** `check` and `build` are told which targets the deployment has. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-targets-'));
  const folder = cwd;
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(cwd, 'connectors'));
  connector('one', 'target: billing\n');
});

function connector(id: string, more: string): void {
  const text = `apiVersion: sluice/v1\nid: ${id}\nactionFlow: F1\n${more}sample: { user: u1 }\nmapping: { targetUserIds: $.user }\n`;
  writeFileSync(join(cwd, `connectors/${id}.yaml`), text);
}

async function sluice(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const env = { PATH: process.env.PATH, HOME: cwd };
  const code = await runProgram(args, { stdout, stderr, env, cwd });
  return { code, out: String(stdout.read() ?? ''), said: String(stderr.read() ?? '') };
}

test('a target that is in the list passes, with nothing said without a list', async () => {
  expect(await sluice('check', '--targets', 'default,billing')).toMatchObject({ code: 0 });
  expect(await sluice('check')).toMatchObject({ code: 0 });
});

test('one that is not there is an error at its place, and builds nothing', async () => {
  const { code, out } = await sluice('check', '--json', '--targets', 'default,biling');
  expect(code).toBe(1);
  expect(JSON.parse(out).diagnostics).toMatchObject([
    {
      file: 'connectors/one.yaml',
      line: 4,
      column: 9,
      code: 'target-unknown',
      message:
        'the deployment has no target "billing"; did you mean "biling"?: it has "default" and "biling"',
    },
  ]);
  expect(await sluice('build', '--targets', 'default')).toMatchObject({ code: 1 });
  expect(existsSync(join(cwd, 'dist/bundle.json'))).toBe(false);
});

test('the list may be the targets file itself', async () => {
  writeFileSync(
    join(cwd, 'targets.yaml'),
    'apiVersion: sluice/v1\ntargets:\n  default: { kind: log }\n  billing: { kind: nats, servers: "nats://a:4222", token: { env: SLUICE_SECRET_NATS } }\n',
  );
  expect(await sluice('check', '--targets', 'targets.yaml')).toMatchObject({ code: 0 });
  expect(await sluice('build', '--targets', 'targets.yaml')).toMatchObject({ code: 0 });
});

test('where there is no default, a connector that names none has nowhere to go', async () => {
  connector('two', '');
  connector('three', 'status: disabled\n');
  const { code, out } = await sluice('check', '--json', '--targets', 'billing');
  expect(code).toBe(1);
  expect(JSON.parse(out).diagnostics).toMatchObject([
    { file: 'connectors/two.yaml', line: 3, column: 13, code: 'target-unknown' },
  ]);
});

test('`target: default` is the same as none', async () => {
  connector('one', '');
  await sluice('build', '--out', 'plain.json');
  connector('one', 'target: default\n');
  await sluice('build', '--out', 'named.json');
  expect(await sluice('diff', 'plain.json', 'named.json')).toMatchObject({
    code: 0,
    out: expect.stringContaining('0 connectors differ'),
  });
});

test.each([
  ['Billing', 'is no name of a target'],
  ['none.yaml', 'none.yaml cannot be read (ENOENT)'],
  ['a,,b', 'is no name of a target'],
])('a list that is none: %s', async (list, said) => {
  expect(await sluice('check', '--targets', list)).toMatchObject({
    code: 2,
    said: expect.stringContaining(said),
  });
});
