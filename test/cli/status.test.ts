/** What `status` prints and how it ends, against a runtime in this process. */
import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { findProblems } from '../../src/runtime/admin/find-problems.ts';
import { hmacSignature } from '../bundle/make-plan.ts';
import { bundleOf, planOf } from '../runtime/bundles.ts';
import { Folder } from '../runtime/running.ts';

function makeFolder(): Folder {
  const folder = new Folder();
  onTestFinished(() => folder.remove());
  return folder;
}

async function status(
  folder: Folder,
  ...more: string[]
): Promise<{ code: number; lines: string[]; unwrapped: string }> {
  const stdout = new PassThrough();
  const context = { stdout, stderr: stdout, env: {}, cwd: folder.path };
  const code = await runProgram(['status', ...more, '--state', folder.state], context);
  const text = String(stdout.read() ?? '').trimEnd();
  // What was too long for a line goes on in the next.
  return { code, lines: text.split('\n'), unwrapped: text.replace(/\n {4}/g, ' ') };
}

test('of 120 connectors one is paused: the first line counts, a screen holds it all, and a person is needed', async () => {
  const folder = makeFolder();
  const plans = Array.from({ length: 120 }, (_, index) => planOf({ id: `orders-${index}` }));
  const running = await folder.start({ bundle: bundleOf(plans) });
  await running.post('orders-7', { user: { id: 7 }, amount: {} });

  const { code, lines, unwrapped } = await status(folder);
  expect(lines[0]).toBe('1 problem: 119 of 120 connectors run, 1 paused, 1 request held');
  expect(unwrapped).toMatch(/^! since 20\S+Z orders-7: paused by sluice: .+ npx sluice status orders-7$/m);
  expect(lines.length).toBeLessThanOrEqual(23);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(79);
  expect(code).toBe(1);

  expect((await status(folder, 'orders-7')).code).toBe(1);
  expect(await status(folder, 'orders-8')).toMatchObject({ code: 0 });
});

test('with nothing wrong it says so, and what the last hour brought', async () => {
  const folder = makeFolder();
  const running = await folder.start({ bundle: bundleOf([planOf({ id: 'open' })]) });
  await running.post('open', { user: 'u1', amount: 1 });
  const { code, lines } = await status(folder);
  expect(lines[0]).toBe('all is well: 1 of 1 connector runs, nothing is held');
  expect(lines).toContain('last hour: 1 delivered');
  expect(lines.join('\n')).toMatch(/^ {2}content [0-9a-f]{12}, since /m);
  expect(code).toBe(0);
});

test('what was ignored as there was nobody to tell is counted, in all and for each connector', async () => {
  const folder = makeFolder();
  const mapping = {
    kind: 'structured',
    targetUserIds: [{ kind: 'path', paths: ['$.user'], whenMissing: 'ignore' }],
  } as const;
  const { shape } = planOf({ id: 'any' });
  const reads = [
    {
      paths: ['$.user'],
      required: false,
      optional: false,
      inEverySample: true,
      recipient: true,
      whenMissing: 'ignore',
    },
  ] as const;
  const plans = ['assigned', 'quiet', 'other'].map((id) =>
    planOf({ id, mapping, shape: shape && { ...shape, reads } }),
  );
  const running = await folder.start({ bundle: bundleOf(plans) });
  expect((await status(folder)).lines.join()).not.toContain('nobody to tell');
  for (const user of [null, ' ', 'u1', null]) await running.post('assigned', { user, amount: 1 });
  await running.post('other', { user: null, amount: 1 });
  await running.post('quiet', { user: 'u1', amount: 1 });

  const { lines } = await status(folder);
  expect(lines).toContain('ignored since the start, as there was nobody to tell: 4');
  expect(lines).toContainEqual(expect.stringMatching(/^assigned +test +running {2}3 with nobody to tell$/));
  expect(lines).toContainEqual(expect.stringMatching(/^quiet +test +running$/));
  const { lines: json } = await status(folder, 'assigned', '--json');
  expect(JSON.parse(json.join('\n'))).toMatchObject({ nobodyToTell: 3, aside: 0 });
});

test('a connector without its secret is not called running, and an unknown key is no riddle', async () => {
  const folder = makeFolder();
  const plans = [planOf({ id: 'open' }), planOf({ id: 'signed', signature: hmacSignature })];
  const running = await folder.start({ bundle: bundleOf(plans), secretEnv: {} });
  await running.post('open', { user: 'u1', amount: 1, surprise: 'Ada' });
  const { code, lines, unwrapped } = await status(folder, '--drift');
  const out = lines.join('\n');
  expect(lines[0]).toMatch(/^1 problem: 1 of 2 connectors runs, 1 answers 503/);
  expect(unwrapped).toMatch(
    /^! since \S+Z signed answers 503: env:SLUICE_SECRET_TEST: the variable is not set$/m,
  );
  expect(out).toMatch(/^open +test +running$/m);
  expect(out).toMatch(
    /^signed +test +answers 503\n {2}answers 503: env:SLUICE_SECRET_TEST: the variable is not set$/m,
  );
  expect(out).toMatch(/^ +\$\[\?\] \(a key that no sample has\): expected nothing, found string$/m);
  expect(out).not.toContain('surprise');
  expect(code).toBe(1);
});

test('a secret that is set but no key is not called running, and none of it is printed', async () => {
  const folder = makeFolder();
  const signature = { ...hmacSignature, secretEncoding: 'base64', secretPrefix: 'whsec_' } as const;
  const secretEnv = { SLUICE_SECRET_TEST: 'v1,whsec_!!!' };
  await folder.start({ bundle: bundleOf([planOf({ id: 'signed', signature })]), secretEnv });
  const { code, lines } = await status(folder, '--problems');
  expect(lines.join('\n')).toContain(
    'signed answers 503: env:SLUICE_SECRET_TEST: it is set, but is not base64, with or without "whsec_" before it',
  );
  expect(lines.join('\n')).not.toContain('!!!');
  expect(code).toBe(1);
});

test('in the middle of a rotation the connector runs, and nobody is needed', async () => {
  const folder = makeFolder();
  const signature = {
    ...hmacSignature,
    secrets: [{ env: 'SLUICE_SECRET_NEW' }, { env: 'SLUICE_SECRET_TEST' }],
  };
  const secretEnv = { SLUICE_SECRET_TEST: 'whsec_example' };
  await folder.start({ bundle: bundleOf([planOf({ id: 'signed', signature })]), secretEnv });
  const { code, lines, unwrapped } = await status(folder);
  expect(lines[0]).toBe('all is well: 1 of 1 connector runs, nothing is held');
  expect(unwrapped).toMatch(/^- since \S+Z env:SLUICE_SECRET_NEW: the variable is not set: what only this/m);
  expect(code).toBe(0);
});

test('what is held after the pause is over still waits for somebody', async () => {
  const folder = makeFolder();
  const running = await folder.start({ bundle: bundleOf([planOf({ id: 'open' })]) });
  await running.post('open', { user: { id: 7 }, amount: {} });
  await running.post('open', { user: 'u2', amount: 1 });
  await runProgram(['resume', 'open', '--state', folder.state], {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    cwd: folder.path,
  });
  const { code, unwrapped } = await status(folder);
  expect(unwrapped).toMatch(
    /^! since \S+Z open: 2 requests are held and wait for you \(1 shape-changed, 1 paused\) npx sluice held list --connector open$/m,
  );
  expect(code).toBe(1);
});

test('a target that fails for a minute is a problem, for a second it is not', async () => {
  const folder = makeFolder();
  const running = await folder.start({ bundle: bundleOf([planOf({ id: 'open' })]) });
  const report = await running.runtime.status();
  const flow = {
    target: 'http',
    state: 'failing',
    since: 1_000,
    failures: 3,
    inFlight: 0,
    waiting: 1,
  } as const;
  const rest = { reason: 'the target answered 503', nextTryAt: null, oldest: null };
  const flows = ['a', 'b'].map((name) => ({ ...flow, ...rest, flow: name }));
  const failing = { ...report, flows };
  expect(findProblems(failing, 2_000)).toMatchObject([{ needsPerson: false }]);
  expect(findProblems(failing, 61_000)).toMatchObject([
    {
      connectors: [],
      what: 'the target http does not take what is sent to a, b: the target answered 503; 2 requests wait and are sent again by themselves',
      since: '1970-01-01T00:00:01.000Z',
      needsPerson: true,
    },
  ]);
});

test('a connector whose plan cannot be read is one of the things that status is for', async () => {
  const folder = makeFolder();
  const bundle = withUnreadablePlan(bundleOf([planOf({ id: 'bad' }), planOf({ id: 'good' })]));
  const running = await folder.start({ bundle, secretEnv: {} });
  await running.post('bad', { user: 'u1', amount: 1 });
  const { code, lines } = await status(folder);
  const out = lines.join('\n');
  expect(out).toMatch(/^! bad: answers 503: the plan of "bad" is not what its digest says$/m);
  expect(out).toMatch(/^bad +unread +answers 503$/m);
  expect(out).toMatch(/^good +test +running$/m);
  expect(code).toBe(1);
});

/** The plan of its first connector is not what its own digest says; the digest of the whole is right. */
function withUnreadablePlan(bundle: Buffer): Buffer {
  const [manifest = '', ...lines] = bundle.toString().split('\n');
  const content = lines.join('\n').replace('"actionFlow":"BkX2pQ"', '"actionFlow":"BkX2pR"');
  const digest = createHash('sha256').update(content).digest('hex');
  return Buffer.from(`${JSON.stringify({ ...JSON.parse(manifest), digest })}\n${content}`);
}
