/** What `status` prints, against a runtime in this process. */
import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { hmacSignature } from '../bundle/make-plan.ts';
import { bundleOf, planOf } from '../runtime/bundles.ts';
import { Folder } from '../runtime/running.ts';

test('a connector without its secret is not called running, and an unknown key is no riddle', async () => {
  const folder = new Folder();
  onTestFinished(() => folder.remove());
  const plans = [planOf({ id: 'open' }), planOf({ id: 'signed', signature: hmacSignature })];
  const running = await folder.start({ bundle: bundleOf(plans), secretEnv: {} });
  await running.post('open', { user: 'u1', amount: 1, surprise: 'Ada' });
  const stdout = new PassThrough();
  const context = { stdout, stderr: stdout, env: {}, cwd: folder.path };
  await runProgram(['status', '--drift', '--state', folder.state], context);
  const out = String(stdout.read());
  expect(out).toMatch(/^open +test +running$/m);
  expect(out).toMatch(/^signed +test +not serving\n {2}answers 503: env:SLUICE_SECRET_TEST not set$/m);
  expect(out).toMatch(/^ +\$\[\?\] \(a key that no sample has\): expected nothing, found string$/m);
  expect(out).not.toContain('surprise');
});

test('a connector whose plan cannot be read is one of the things that status is for', async () => {
  const folder = new Folder();
  onTestFinished(() => folder.remove());
  const bundle = withUnreadablePlan(bundleOf([planOf({ id: 'bad' }), planOf({ id: 'good' })]));
  const running = await folder.start({ bundle, secretEnv: {} });
  await running.post('bad', { user: 'u1', amount: 1 });
  const stdout = new PassThrough();
  const context = { stdout, stderr: stdout, env: {}, cwd: folder.path };
  expect(await runProgram(['status', '--state', folder.state], context)).toBe(1);
  const out = String(stdout.read());
  expect(out).toMatch(
    /^bad +unknown +not serving\n {2}answers 503: the plan of "bad" is not what its digest says$/m,
  );
  expect(out).toMatch(/^good +test +running$/m);
});

/** The plan of its first connector is not what its own digest says; the digest of the whole is right. */
function withUnreadablePlan(bundle: Buffer): Buffer {
  const [manifest = '', ...lines] = bundle.toString().split('\n');
  const content = lines.join('\n').replace('"actionFlow":"BkX2pQ"', '"actionFlow":"BkX2pR"');
  const digest = createHash('sha256').update(content).digest('hex');
  return Buffer.from(`${JSON.stringify({ ...JSON.parse(manifest), digest })}\n${content}`);
}
