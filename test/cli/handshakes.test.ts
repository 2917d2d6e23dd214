/** Challenges as a team writes and tests them: the cases of the fixture, run by `sluice test`. */
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { unpackFixture } from '../fixture-file.ts';

test('the cases of connectors with challenges hold', async () => {
  const cwd = unpackFixture('ok/handshakes', onTestFinished);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runProgram(['test', 'connectors', '--json'], { stdout, stderr, env: {}, cwd });
  const { cases } = JSON.parse(String(stdout.read()));
  expect(cases.filter(({ ok }: { readonly ok: boolean }) => !ok)).toEqual([]);
  expect(cases).toHaveLength(9);
  expect(code).toBe(0);
});
