import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { runProgram } from '../../src/cli/program.ts';
import { withProgress } from '../../src/cli/progress.ts';
import { connectorFiles, makeFolder } from '../compiler/folder.ts';

interface Terminal {
  readonly context: Context;
  readonly written: () => string;
}

function makeTerminal(env: Context['env'] = {}, isTTY = true, cwd = '/'): Terminal {
  const stderr = Object.assign(new PassThrough(), { isTTY });
  return {
    context: { stdout: new PassThrough(), stderr, env, cwd },
    written: () => String(stderr.read() ?? ''),
  };
}

const CLEAR = '\r\u001b[2K';

/** Ten steps of 200 ms each. */
async function workLong({ context }: Terminal, quiet?: boolean): Promise<string> {
  let time = 0;
  const options = { verb: 'compiling', noun: 'connectors', quiet, now: () => time };
  return withProgress(context, options, async (show) => {
    for (let done = 1; done <= 10; done += 1) {
      time += 200;
      show(done, 10);
      // At the same moment: not worth another write.
      show(done, 10);
    }
    return 'done';
  });
}

test('a terminal shows how far long work is, on one line that is gone at the end', async () => {
  const terminal = makeTerminal();
  expect(await workLong(terminal)).toBe('done');
  const steps = [3, 4, 5, 6, 7, 8, 9, 10].map((done) => `${CLEAR}compiling: ${done} of 10 connectors`);
  expect(terminal.written()).toBe([...steps, CLEAR].join(''));
});

test('short work shows nothing', async () => {
  const terminal = makeTerminal();
  const options = { verb: 'compiling', noun: 'connectors', now: () => 0 };
  await withProgress(terminal.context, options, async (show) => show(1, 2));
  expect(terminal.written()).toBe('');
});

test('the line is gone when the work fails', async () => {
  const terminal = makeTerminal();
  let time = 0;
  const work = withProgress(terminal.context, { verb: 'a', noun: 'b', now: () => time }, async (show) => {
    time = 1000;
    show(1, 2);
    throw new Error('a bug');
  });
  await expect(work).rejects.toThrow('a bug');
  expect(terminal.written()).toBe(`${CLEAR}a: 1 of 2 b${CLEAR}`);
});

test.for([
  ['in CI', makeTerminal({ CI: 'true' }), false],
  ['in a pipe', makeTerminal({}, false), false],
  ['on a terminal that cannot erase', makeTerminal({ TERM: 'dumb' }), false],
  ['for a machine', makeTerminal(), true],
] as const)('nothing is shown %s', async ([, terminal, quiet]) => {
  await workLong(terminal, quiet);
  expect(terminal.written()).toBe('');
});

const COMMANDS = [
  ['check', 'connectors'],
  ['build', 'connectors', '--out', 'bundle.json'],
  ['test', 'connectors'],
] as const;

test.for(COMMANDS)('%s shows how far it is, and not with --json', async (argv) => {
  const { cwd } = makeFolder(connectorFiles('a', 'b'));
  let time = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => {
    time += 1000;
    return time;
  });
  onTestFinished(() => void vi.restoreAllMocks());
  const watched = makeTerminal({}, true, cwd);
  expect(await runProgram(argv, watched.context)).toBe(0);
  expect(watched.written()).toContain(`${CLEAR}compiling: 2 of 2 connectors${CLEAR}`);
  const unwatched = makeTerminal({}, true, cwd);
  expect(await runProgram([...argv, '--json'], unwatched.context)).toBe(0);
  expect(unwatched.written()).not.toContain(CLEAR);
});
