/** A replay tried with a bundle that is not served yet; through the command line, with and without a runtime. */
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_BUNDLE_BYTES } from '../../src/bundle/codec.ts';
import { type Server, Workspace } from '../acceptance/harness.ts';

const workspace = new Workspace();
let server: Server;

interface Result {
  readonly id: string;
  readonly connector: string;
  readonly outcome: string;
  readonly code: string;
}

const CANDIDATE = ['--dry-run', '--bundle', 'candidate.json'];

function connector(
  id: string,
  mapping: string,
  more = '',
  sample = '{ "id": "e0", "user": "u0", "n": 1 }',
): void {
  const folder = workspace.path('own', id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${folder}/connector.yaml`,
    `apiVersion: sluice/v1\nid: ${id}\nactionFlow: Flow1\nstatus: live\nsample: ${sample}\nmapping: ${mapping}\n` +
      `idempotency: { path: $.id }\nsecurity: { unauthenticated: "nobody else reaches it" }\n${more}`,
  );
}

const build = async (out: string, ...more: string[]) =>
  expect(await workspace.sluice('build', 'own', '--out', out, ...more)).toMatchObject({ code: 0 });

const send = (id: string, body: object) =>
  fetch(`${server.ingress}/c/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).then((response) => response.json());

/** Every file of what is held, byte for byte. */
const kept = () =>
  ['orders', 'scripted'].flatMap((id) =>
    readdirSync(workspace.path('state', 'held', id)).map((name) =>
      readFileSync(workspace.path('state', 'held', id, name), 'utf8'),
    ),
  );

beforeAll(async () => {
  const pausesAtOnce = 'shape: { pauseAfter: 1 }\n';
  connector('orders', '{ targetUserIds: $.user, variables: { n: { path: $.n, as: string } } }', pausesAtOnce);
  connector('scripted', '{ script: map.js }');
  const script = (text: string) => writeFileSync(workspace.path('own', 'scripted', 'map.js'), text);
  script('export default (request) => ({ targetUserIds: [request.body.user] });');
  await build('served.json');
  server = await workspace.start('serve', '--bundle', 'served.json');
  for (const n of [1, 2]) await send('orders', { id: `e${n}`, customer: `u${n}`, n });
  await send('orders', { id: 'e3', customer: 7, n: 3 });
  await send('scripted', { id: 'e4', customer: 'u4', n: 4 });
  const renamed = '{ "id": "e0", "customer": "u0", "n": 1 }';
  connector(
    'orders',
    '{ targetUserIds: $.customer, variables: { n: { path: $.n, as: string } } }',
    pausesAtOnce,
    renamed,
  );
  connector('scripted', '{ script: map.js }', '', renamed);
  script('export default (request) => ({ targetUserIds: [request.body.customer] });');
  await build('candidate.json');
}, 60_000);
afterAll(() => workspace.close());

test('says what a bundle would make of what is held, and changes nothing', async () => {
  const before = kept();
  expect(before).toHaveLength(4);
  const run = await workspace.json<{ total: number; results: Result[]; stillPaused: unknown[] }>(
    ...['held', 'replay', '--connector', 'orders', ...CANDIDATE],
  );
  expect(run).toMatchObject({ bundle: 'candidate.json', total: 3, stillPaused: [] });
  const sent = (user: string, n: string) => ({
    outcome: 'delivered',
    code: 'would-deliver',
    triggers: [{ mode: 'live', actionFlow: 'Flow1', trigger: { targetUserIds: [user], variables: { n } } }],
  });
  expect(run.results).toMatchObject([
    sent('u1', '1'),
    sent('u2', '2'),
    { outcome: 'held', code: 'shape-changed', message: expect.stringContaining('$.customer') },
  ]);

  const text = await workspace.sluice('held', 'replay', '--connector', 'scripted', ...CANDIDATE);
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toMatch(/^\S+ {2}scripted {2}delivered \(would-deliver\): flow Flow1, live\n/);
  expect(text.stdout).toContain('dry run with candidate.json: would deliver 1 of 1');

  // By the bundle that is served, none of it would be.
  const served = await workspace.sluice(
    'held',
    'replay',
    '--connector',
    'orders',
    '--dry-run',
    '--bundle',
    'served.json',
  );
  expect(served).toMatchObject({ code: 1, stdout: expect.stringContaining('would deliver 0 of 3') });
  expect(served.stdout).toContain('orders would stay paused, ');
  expect(kept()).toEqual(before);
  expect(workspace.triggers()).toEqual([]);
}, 60_000);

test('chosen holds only, and a signature does not matter', async () => {
  const { holds } = await workspace.json<{ holds: Result[] }>('held', 'list', '--connector', 'orders');
  await workspace.sluice('keys', 'signing.key');
  await build('signed.json', '--sign', 'signing.key');
  const second = holds[1]?.id as string;
  const run = await workspace.json<{ results: Result[] }>(
    'held',
    'replay',
    second,
    '0'.repeat(26),
    '--dry-run',
    '--bundle',
    'signed.json',
  );
  expect(run.results.map(({ id, code }) => [id, code])).toEqual([
    ['0'.repeat(26), 'hold-unknown'],
    [second, 'would-deliver'],
  ]);
}, 60_000);

test('a pause by hand stays, whatever is merged', async () => {
  await workspace.sluice('pause', 'orders', '--reason', 'migration');
  const run = await workspace.json<{ stillPaused: unknown }>(
    'held',
    'replay',
    '--connector',
    'orders',
    ...CANDIDATE,
  );
  expect(run.stillPaused).toMatchObject([{ connector: 'orders', kind: 'manual', reason: 'migration' }]);
}, 60_000);

test.each([
  ['missing.json', '"missing.json" cannot be read: ENOENT'],
  ['own', '"own" is not a file'],
  ['broken.json', '"broken.json" is not a sound bundle: '],
  ['huge.json', `"huge.json" has ${MAX_BUNDLE_BYTES + 1} bytes`],
])(
  'a bundle that is none: %s',
  async (file, message) => {
    writeFileSync(
      workspace.path('broken.json'),
      readFileSync(workspace.path('candidate.json')).subarray(0, 300),
    );
    writeFileSync(workspace.path('huge.json'), '');
    truncateSync(workspace.path('huge.json'), MAX_BUNDLE_BYTES + 1);
    const run = await workspace.sluice(
      'held',
      'replay',
      '--connector',
      'orders',
      '--dry-run',
      '--bundle',
      file,
    );
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
  },
  60_000,
);

test('is never delivered with', async () => {
  const run = await workspace.sluice('held', 'replay', '--connector', 'orders', '--bundle', 'candidate.json');
  expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('add --dry-run') });
}, 60_000);

test('without a runtime the state folder is read', async () => {
  const before = kept();
  await server.stop('SIGTERM');
  const run = await workspace.json<{ results: Result[]; stillPaused: unknown }>(
    'held',
    'replay',
    '--connector',
    'orders',
    ...CANDIDATE,
  );
  expect(run.results.map(({ code }) => code)).toEqual(['would-deliver', 'would-deliver', 'shape-changed']);
  expect(run.stillPaused).toMatchObject([{ kind: 'manual' }]);
  expect(kept()).toEqual(before);
}, 60_000);
