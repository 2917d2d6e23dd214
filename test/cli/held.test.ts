/** Holds on the command line, against a runtime in this process. */
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { heldDiscard, heldList, heldShow } from '../../src/cli/commands/held.ts';
import type { Context, ExitCode } from '../../src/cli/context.ts';
import { bundleOf, planOf } from '../runtime/bundles.ts';
import { Folder, type Running } from '../runtime/running.ts';

let folder: Folder;
let running: Running;

beforeEach(async () => {
  folder = new Folder();
  running = await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
});
afterEach(() => folder.remove());

async function run(
  command: (context: Context, options: { admin: string; state: string }) => Promise<ExitCode>,
): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context = { stdout, stderr, env: {}, cwd: folder.path };
  const code = await command(context, { admin: running.runtime.adminUrl, state: folder.state });
  stdout.end();
  stderr.end();
  return { code, out: await text(stdout), err: await text(stderr) };
}

test('a list says when, of whom and why; one of them shows what differed and the request', async () => {
  await running.post('one', '{"user": {"name": "Ada"}, "amount": 1, "note": "\\u001b[2J \u009b2J"}', {
    'x-shop': 'a',
    authorization: 'Bearer secret',
  });
  const list = await run((context, options) => heldList(context, { ...options, connector: 'one' }));
  expect(list.code).toBe(0);
  expect(list.out).toMatch(
    /^\w{26} {2}20\S+Z {2}one {2}shape-changed {2}\$\.user: expected string, found object \(and 1 more\)\n1 held\n$/,
  );
  const id = list.out.slice(0, 26);
  const shown = await run((context, options) => heldShow(context, id, options));
  expect(shown.code).toBe(0);
  expect(shown.out).toContain('  $.user: expected string, found object\n');
  expect(shown.out).toContain('POST /c/one\n');
  expect(shown.out).toContain('x-shop: a\n');
  expect(shown.out).toContain('"name": "Ada"');
  expect(shown.out).not.toContain('secret');
  // What a payload holds moves no cursor.
  expect(shown.out).not.toContain('\u009b');
});

test('what is dropped is said, and what is not there too', async () => {
  await running.post('one', { amount: 1 });
  await running.post('one', { amount: 2 });
  const nothing = await run((context, options) =>
    heldDiscard(context, [], { ...options, verifiedBy: 'env:SLUICE_SECRET_X', by: 'ada' }),
  );
  expect(nothing.out).toBe('discarded 0\n');
  const all = await run((context, options) =>
    heldDiscard(context, [], { ...options, connector: 'one', by: 'ada' }),
  );
  expect(all.out).toBe('discarded 2\n');
  expect((await run((context, options) => heldList(context, options))).out).toBe('nothing is held\n');
  const gone = await run((context, options) => heldShow(context, '0'.repeat(26), options));
  expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('nothing is held under this id') });
  expect(await run((context, options) => heldDiscard(context, [], options))).toMatchObject({ code: 2 });
});
