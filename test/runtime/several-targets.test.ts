/** One deployment with several targets: each connector's triggers go where its file says, and nowhere else. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { parseYaml } from '../../src/compiler/parse.ts';
import { SourceFile } from '../../src/diagnostics/source.ts';
import { createMemoryTarget } from '../../src/runtime/targets/memory-target.ts';
import type { Target } from '../../src/runtime/targets/target.ts';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, until } from './running.ts';

let folder: Folder;
beforeEach(() => {
  folder = new Folder();
});
afterEach(() => folder.remove());

const good = { user: 'u1', amount: 1 };
const PLANS = [
  planOf({ id: 'plain', status: 'live' }),
  planOf({ id: 'orders', status: 'live', target: 'orders' }),
  planOf({ id: 'billing', status: 'live', target: 'billing' }),
];

/** Starts with this text as the targets file. */
function start(
  text: string,
  more: { flags?: Record<string, string>; targets?: Record<string, Target> } = {},
) {
  const env = { SLUICE_SECRET_HOOK: `whsec_${Buffer.alloc(32, 1).toString('base64')}` };
  const { document } = parseYaml(new SourceFile('targets.yaml', text));
  return folder.start({
    bundle: bundleOf(PLANS),
    env,
    flags: { targets: 'targets.yaml', ...more.flags },
    readTargets: () => ({ ok: true, value: document?.value, placeOf: (pointer) => pointer }),
    ...(more.targets === undefined ? {} : { targets: more.targets }),
  });
}

async function listen(): Promise<{ url: string; received: string[]; answer: { status: number } }> {
  const received: string[] = [];
  const answer = { status: 204 };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (answer.status < 300) received.push(JSON.parse(body).connector);
      response.writeHead(answer.status).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received, answer };
}

const fileOf = (targets: Record<string, string>): string =>
  `apiVersion: sluice/v1\ntargets:\n${Object.entries(targets)
    .map(([name, url]) => `  ${name}: { kind: http, url: "${url}", secret: { env: SLUICE_SECRET_HOOK } }\n`)
    .join('')}`;

test.each(['1', '2'])(
  'each goes to its own, with %s workers',
  async (workers) => {
    const [usual, orders, billing] = [await listen(), await listen(), await listen()];
    const running = await start(fileOf({ default: usual.url, orders: orders.url, billing: billing.url }), {
      flags: { workers },
    });
    for (const id of ['plain', 'orders', 'billing'])
      expect(await running.post(id, good)).toMatchObject({ body: { outcome: 'delivered' } });
    expect([usual.received, orders.received, billing.received]).toEqual([['plain'], ['orders'], ['billing']]);
    expect((await running.admin('GET', '/metrics')).body).toContain(
      'sluice_deliveries_total{target="billing",cause="request",mode="live",result="acknowledged"} 1',
    );
  },
  30_000,
);

test('one that fails holds its own requests, which go there once it is back', async () => {
  const [usual, billing] = [await listen(), await listen()];
  billing.answer.status = 503;
  const running = await start(fileOf({ default: usual.url, orders: usual.url, billing: billing.url }));
  expect(await running.post('billing', good)).toMatchObject({ body: { code: 'undelivered' } });
  expect(await running.post('plain', good)).toMatchObject({ body: { outcome: 'delivered' } });
  billing.answer.status = 204;
  await until(() => billing.received.length === 1);
  expect(usual.received).toEqual(['plain']);
});

test('what names a target that the deployment lacks is held, named, and sent once it is there', async () => {
  const [usual, billing] = [await listen(), await listen()];
  const targets = { default: usual.url, orders: usual.url };
  const without = await start(fileOf(targets));
  expect(without.announced).toContain(
    'problem: this deployment has no target "billing", where billing sends to',
  );
  expect(await without.post('billing', good)).toMatchObject({ status: 202, body: { code: 'undelivered' } });
  const { problems, flows } = await without.runtime.status();
  expect(problems.map(({ what }) => what)).toContain(
    'this deployment has no target "billing", where billing sends to: what comes in is held, and sent once the targets file has it',
  );
  expect(flows).toMatchObject([{ target: 'billing', state: 'parked', waiting: 1 }]);
  expect(await without.statusOf('billing')).toMatchObject({ target: 'billing', hasTarget: false });
  await without.runtime.close();
  const running = await start(fileOf({ ...targets, billing: billing.url }));
  await until(async () => (await running.statusOf('billing')).held.total === 0);
  expect(billing.received).toEqual(['billing']);
  expect(usual.received).toEqual([]);
  expect((await running.runtime.status()).problems).toEqual([]);
});

test('without a file the one target is the default, and the others are missing', async () => {
  const running = await folder.start({ bundle: bundleOf(PLANS) });
  expect(await running.post('plain', good)).toMatchObject({ body: { outcome: 'delivered' } });
  expect(await running.post('billing', good)).toMatchObject({ body: { code: 'undelivered' } });
});

test('on the machine of a developer everything goes to the default one', async () => {
  const running = await folder.start({ bundle: bundleOf(PLANS), isLenient: true });
  expect(await running.post('billing', good)).toMatchObject({ body: { outcome: 'delivered' } });
  expect(await running.statusOf('billing')).toMatchObject({ hasTarget: true });
});

test('a program hands in targets of its own', async () => {
  const own = createMemoryTarget();
  const running = await folder.start({ bundle: bundleOf(PLANS), targets: { billing: own } });
  await running.post('billing', good);
  await running.post('plain', good);
  expect(own.sent.map(({ connector }) => connector)).toEqual(['billing']);
});

test('but not to worker processes', async () => {
  const options = {
    bundle: bundleOf(PLANS),
    flags: { workers: '2' },
    targets: { billing: createMemoryTarget() },
  };
  expect(await folder.tryStart(options)).toMatchObject({ code: 'workers-unshared' });
});
