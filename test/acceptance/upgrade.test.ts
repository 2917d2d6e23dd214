/**
 * The state folder and the bundle of a version whose pauses were stricter (commit 4450f5b made both: fixtures/upgrade), taken
 * over by this one: what it paused stays paused, what it held is there, and nothing else pauses.
 */
import { chmodSync, cpSync, globSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StatusReport } from '../../src/admin-api/answers.ts';
import { until } from '../runtime/running.ts';
import { type Server, Workspace } from './harness.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/upgrade');
/** Reasons and times of the older version's pauses. */
const PAUSED = {
  assigned: ['2026-12-01T02:30:32.078Z', '$.customer: expected object, found missing (and 1 more)'],
  paid: ['2026-12-01T02:30:31.989Z', '$.total: expected number, found string'],
  script: ['2026-12-01T02:30:32.331Z', '$.total: expected number, found string'],
};

const BEFORE = { paused: PAUSED, held: { assigned: 1, calm: 0, paid: 2, script: 1 } };

let workspace: Workspace;
let server: Server;

beforeEach(async () => {
  workspace = new Workspace();
  cpSync(join(FIXTURE, 'connectors'), workspace.path('old'), { recursive: true });
  cpSync(join(FIXTURE, 'state'), workspace.state, { recursive: true });
  for (const name of ['', ...globSync('**', { cwd: workspace.state })])
    chmodSync(
      join(workspace.state, name),
      statSync(join(workspace.state, name)).isDirectory() ? 0o700 : 0o600,
    );
}, 60_000);
afterEach(() => workspace.close());

const status = () => workspace.json<StatusReport>('status');

/** Each connector's pause, and how much is held for it. */
async function found() {
  const { connectors } = await status();
  return {
    paused: Object.fromEntries(
      connectors.flatMap(({ id, paused }) => (paused === null ? [] : [[id, [paused.at, paused.reason]]])),
    ),
    held: Object.fromEntries(connectors.map(({ id, held }) => [id, held.total])),
  };
}

async function serve(bundle: string): Promise<void> {
  cpSync(join(FIXTURE, bundle), workspace.path('bundle.json'));
  server = await workspace.start('serve', '--bundle', 'bundle.json');
}

/** Builds the folder with this version, and serves it in the place of what is served. */
async function upgrade(revision: string): Promise<void> {
  const args = ['build', 'old', '--out', 'next.json', '--revision', revision];
  expect(await workspace.sluice(...args)).toMatchObject({ code: 0 });
  renameSync(workspace.path('next.json'), workspace.path('bundle.json'));
  await until(async () => (await status()).bundle?.revision === revision);
}

async function post(id: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${server.ingress}/c/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

const event = (id: string) => ({ id, customer: { id: 'ada@firm.example' }, total: 12 });

test('an upgrade pauses and lifts nothing by itself, and a diff says what changed', async () => {
  await serve('bundle.json');
  expect(await found()).toEqual(BEFORE);

  cpSync(workspace.path('bundle.json'), workspace.path('before.json'));
  await upgrade('upgraded');
  expect(await found()).toEqual(BEFORE);
  expect(workspace.triggers()).toEqual([]);
  expect(await post('calm', event('c1'))).toMatchObject({ outcome: 'delivered' });
  expect(await post('paid', event('p3'))).toMatchObject({ outcome: 'held', code: 'paused' });
  expect(await post('script', event('s3'))).toMatchObject({ outcome: 'held', code: 'paused' });

  const diff = await workspace.sluice('diff', 'before.json', 'bundle.json');
  expect(diff.code).toBe(0);
  expect(
    diff.stdout.match(/this version of Sluice judges by finer rules .*; pauses go on, and none is lifted/g),
  ).toHaveLength(4);
  expect(diff.stdout).toContain('it pauses after 10 held requests in a row instead of 3');
  expect(diff.stdout).toContain('gates: pass');
}, 120_000);

test('nor does one from the version that brought forms, under which these pauses went on', async () => {
  await serve('bundle-with-forms.json');
  expect(await found()).toEqual(BEFORE);
  await upgrade('upgraded');
  expect(await found()).toEqual(BEFORE);
  expect(workspace.triggers()).toEqual([]);
}, 120_000);

test('after it, a changed connector ends its own pause and no other, and a restart keeps the rest', async () => {
  await serve('bundle.json');
  await upgrade('upgraded');
  const file = workspace.path('old', 'paid', 'connector.yaml');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('total: $.total', 'total: { path: $.total, default: 0 }'),
  );
  await upgrade('mended');
  const { paid: _, ...others } = PAUSED;
  expect((await found()).paused).toEqual(others);
  await server.stop('SIGTERM');
  server = await workspace.start('serve', '--bundle', 'bundle.json');
  expect((await found()).paused).toEqual(others);
}, 120_000);
