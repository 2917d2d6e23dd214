/** A replay that is cut off in the middle, by whoever asked for it or by the death of the runtime, and goes on later. */
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makePlan } from '../bundle/make-plan.ts';
import { bundleOf } from '../runtime/bundles.ts';
import { until } from '../runtime/running.ts';
import { ok, type RecordingServer, startServer } from '../runtime/targets/recording-server.ts';
import { type Server, Workspace } from './harness.ts';

const EVENTS = ['e1', 'e2', 'e3', 'e4', 'e5'];
const REPLAY = ['held', 'replay', '--connector', 'orders'] as const;

let workspace: Workspace;
let target: RecordingServer;
let server: Server;

beforeEach(async () => {
  vi.stubEnv('SLUICE_TARGET_SECRET', `whsec_${Buffer.alloc(32, 1).toString('base64')}`);
  workspace = new Workspace();
  target = await startServer(ok);
  writeFileSync(workspace.path('bundle.json'), bundleOf([makePlan({ status: 'live' })]));
  server = await start();
  await workspace.sluice('pause', 'orders');
  for (const id of EVENTS) {
    const response = await fetch(`${server.ingress}/c/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ id, user: { id: `user of ${id}` }, amount: 1 }),
    });
    expect(response.status).toBe(202);
  }
  await workspace.sluice('resume', 'orders');
}, 60_000);
afterEach(async () => {
  vi.unstubAllEnvs();
  await workspace.close();
  await target.close();
});

function start(): Promise<Server> {
  const args = ['--target', 'http', '--target-url', `${target.origin}/hook`, '--log-level', 'silent'];
  return workspace.start('serve', '--bundle', 'bundle.json', ...args);
}

/** Whom the target was sent a card for, and under which id. */
const sent = () =>
  target.requests.map(({ body }) => {
    const { trigger, flowInvocationId } = JSON.parse(body);
    return { user: trigger.targetUserIds[0] as string, flowInvocationId: flowInvocationId as string };
  });

const held = async () =>
  (await workspace.json<{ total: number }>('held', 'list', '--connector', 'orders')).total;

/** The target takes two, and does not answer the third until it is told to. */
function stopAtThird(): { readonly reached: Promise<void>; answer(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let answer = (): void => {};
  target.respond = (request, response) => {
    if (target.requests.length < 3) return ok(request, response);
    answer = () => ok(request, response);
    resolve();
  };
  return { reached: promise, answer: () => answer() };
}

/** Resolves once so many results have been printed. */
function printed(child: ChildProcess, results: number): Promise<void> {
  let text = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: string) => {
      text += chunk;
      if (text.split('delivered (delivered)').length > results) resolve();
    });
  });
}

test('interrupted by the operator: what is on its way arrives, the rest stays held until it is replayed', async () => {
  const third = stopAtThird();
  const { child, ended } = workspace.begin(...REPLAY);
  await Promise.all([third.reached, printed(child, 2)]);
  child.kill('SIGINT');
  const { stdout } = await ended;
  expect(stdout.match(/delivered \(delivered\)/g)).toHaveLength(2);
  // The runtime has noticed by the time it answers what came later.
  await fetch(new URL('/healthz', server.admin));
  third.answer();
  await until(async () => (await held()) === 2);
  expect(sent()).toHaveLength(3);

  target.respond = ok;
  expect(await workspace.json(...REPLAY)).toMatchObject({ total: 2, results: [{}, {}] });
  expect(await held()).toBe(0);
  expect(sent().map(({ user }) => user)).toEqual(EVENTS.map((id) => `user of ${id}`));
}, 60_000);

test('cut off by kill -9: what was sent and not yet removed is sent again under its id, nothing else twice', async () => {
  const third = stopAtThird();
  const { ended } = workspace.begin(...REPLAY);
  await third.reached;
  await server.stop('SIGKILL');
  const { code, stderr } = await ended;
  expect(code).toBe(1);
  expect(stderr).toContain('after 2 of 5: run the command again, it goes on with what is still held');

  target.respond = ok;
  server = await start();
  expect(await held()).toBe(3);
  const again = await workspace.sluice(...REPLAY);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('delivered 3 of 3') });
  const order = ['e1', 'e2', 'e3', 'e3', 'e4', 'e5'];
  expect(sent().map(({ user }) => user)).toEqual(order.map((id) => `user of ${id}`));
  expect(new Set(sent().map(({ flowInvocationId }) => flowInvocationId)).size).toBe(EVENTS.length);
}, 60_000);
