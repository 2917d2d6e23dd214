/** Which sample is sent, and what is said about changes to it; against a runtime in this process. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { bundleOf, planOf } from '../runtime/bundles.ts';
import { Folder } from '../runtime/running.ts';

const CONNECTOR =
  'apiVersion: sluice/v1\nid: one\nactionFlow: F1\nsamples: [samples/first.json, samples/anonymous.json]\nmapping: { targetUserIds: $.user }\n';

async function start() {
  const folder = new Folder();
  onTestFinished(() => folder.remove());
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(folder.file(path)), { recursive: true });
    writeFileSync(folder.file(path), content);
  };
  write('connectors/one/connector.yaml', CONNECTOR);
  write('connectors/one/samples/first.json', '{ "user": "ada", "amount": 1 }');
  write('connectors/one/samples/anonymous.json', '{ "user": "nobody", "amount": 2 }');
  await folder.start({ bundle: bundleOf([planOf({ id: 'one' })]) });
  return async (...args: string[]) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const context = { stdout, stderr, env: { CI: '1' }, cwd: folder.path };
    const code = await runProgram(['send', 'one', '--state', folder.state, ...args], context);
    stdout.end();
    stderr.end();
    return { code, out: await text(stdout), err: await text(stderr) };
  };
}

test('a sample is known by its path, its file and its bare name', async () => {
  const send = await start();
  expect((await send()).out).toMatch(/test card for ada .*\n {2}test mode reaches only .* test users\n$/);
  for (const name of ['samples/anonymous.json', 'anonymous.json', 'anonymous'])
    expect((await send('--sample', name)).out).toContain('test card for nobody');
  expect(await send('--sample', 'anonymos')).toMatchObject({
    code: 2,
    err: expect.stringContaining('it has samples/first.json, samples/anonymous.json'),
  });
});

test('what --set adds to the sample is said, with the field that was meant', async () => {
  const send = await start();
  const added = await send('--set', '$.amont=5');
  expect(added.err).toContain('--set: the sample has no "$.amont", so it is added; did you mean "amount"?\n');
  expect((await send('--set', '$.amount=5')).err).not.toContain('--set');
});
