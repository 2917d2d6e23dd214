/** Holds on the command line, against a runtime in this process. */
import { createHmac } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { capture } from '../../src/cli/commands/capture.ts';
import { heldDiscard, heldList, heldShow } from '../../src/cli/commands/held.ts';
import { pause, resume } from '../../src/cli/commands/pause.ts';
import { status } from '../../src/cli/commands/status.ts';
import type { Context, ExitCode } from '../../src/cli/context.ts';
import { hmacSignature } from '../bundle/make-plan.ts';
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
  expect(shown.out).toContain('(test), received once 20');
  expect(shown.out).toContain('\nproven by nothing: ');
  expect(shown.out).toContain('  $.user: expected string, found object\n');
  expect(shown.out).toContain('POST /c/one\n');
  expect(shown.out).toContain('x-shop: a\n');
  expect(shown.out).toContain('"name": "Ada"');
  expect(shown.out).not.toContain('secret');
  // What a payload holds moves no cursor.
  expect(shown.out).not.toContain('\u009b');
});

test('by flow: how many wait for each, and nothing else is known', async () => {
  await running.post('one', { amount: 1 });
  await running.post('one', { amount: 2 });
  const list = await run((context, options) => heldList(context, { ...options, by: 'flow' }));
  expect(list.out).toMatch(/^\(judged again first\) +2 held, the oldest of 20\S+Z\n$/);
  const wrong = await run((context, options) => heldList(context, { ...options, by: 'day' }));
  expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('--by day is not known: give flow') });
});

test('what is dropped is said, and what is not there too', async () => {
  await running.post('one', { amount: 1 });
  await running.post('one', { amount: 2 });
  const nothing = await run((context, options) =>
    heldDiscard(context, [], { ...options, verifiedBy: 'env:SLUICE_SECRET_X', by: 'ada' }),
  );
  expect(nothing.out).toBe('discarded 0\n');
  const tried = await run((context, options) =>
    heldDiscard(context, [], { ...options, connector: 'one', dryRun: true, by: 'ada' }),
  );
  expect(tried.out).toMatch(/^(\w{26} {2}20\S+Z {2}one {2}.*\n){2}dry run: would discard 2\n$/);
  const matched = await run((context, options) =>
    heldDiscard(context, [], { ...options, match: '$.amount=2', dryRun: true, by: 'ada' }),
  );
  expect(matched.out).toMatch(/\ndry run: would discard 1\n$/);
  const all = await run((context, options) =>
    heldDiscard(context, [], { ...options, connector: 'one', by: 'ada' }),
  );
  expect(all.out).toBe('discarded 2\n');
  expect((await run((context, options) => heldList(context, options))).out).toBe('nothing is held\n');
  const gone = await run((context, options) => heldShow(context, '0'.repeat(26), options));
  expect(gone).toMatchObject({ code: 1, err: expect.stringContaining('nothing is held under this id') });
  expect(await run((context, options) => heldDiscard(context, [], options))).toMatchObject({ code: 2 });
});

test('a hold says which secret proved it, and how often it came', async () => {
  const secret = 'a secret of some length';
  const plan = planOf({ id: 'signed', signature: hmacSignature, idempotency: { kind: 'body' } });
  await running.runtime.close();
  running = await folder.start({ bundle: bundleOf([plan]), secretEnv: { SLUICE_SECRET_TEST: secret } });
  const body = '{"id": "e1", "amount": 1}';
  const headers = { 'x-signature': createHmac('sha256', secret).update(body).digest('hex') };
  for (const _ of ['a delivery', 'and its retry']) await running.post('signed', body, headers);
  const list = await run((context, options) => heldList(context, options));
  expect(list.out).toContain(' (received 2 times)\n');
  const shown = await run((context, options) => heldShow(context, list.out.slice(0, 26), options));
  expect(shown.out).toContain('received 2 times, first 20');
  expect(shown.out).toContain('\nproven by env:SLUICE_SECRET_TEST\n');
});

test('a resume says what is next, and what was not paused', async () => {
  await run((context, options) => pause(context, 'one', { ...options, by: 'ada' }));
  await running.post('one', { amount: 1 });
  const resumed = await run((context, options) => resume(context, 'one', { ...options, by: 'ada' }));
  expect(resumed).toMatchObject({
    code: 0,
    out: 'one: resumed; 1 held: `sluice held list`, then `sluice held replay --connector one`\n',
  });
  const again = await run((context, options) => resume(context, 'one', { ...options, by: 'ada' }));
  expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/^one: was not paused; 1 held/) });
});

test('a connector that is not there is named, with the one that was meant', async () => {
  const said = 'the active bundle has no connector "onne"; did you mean "one"?\n';
  const commands = [pause, resume, status, capture];
  for (const command of commands) {
    const { code, err } = await run((context, options) =>
      command(context, 'onne', { ...options, by: 'ada', dir: 'connectors', seconds: '1' }),
    );
    expect([code > 0, err]).toEqual([true, said]);
  }
});
