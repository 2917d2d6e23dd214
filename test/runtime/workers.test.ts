import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, type Running, until } from './running.ts';

const good = { user: 'u1', amount: 1 };
const broken = { user: { id: 'u1' }, amount: 1 };
const plans = [planOf({ id: 'one' }), planOf({ id: 'two' })];

/** Process ids of the workers: children of this process that run the entry of workers. */
function workerPids(): number[] {
  const table = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' });
  return table
    .split('\n')
    .filter((line) => line.includes('processes/worker.ts'))
    .map((line) => Number.parseInt(line, 10));
}

describe('two workers', () => {
  const folder = new Folder();
  let running: Running;

  beforeAll(async () => {
    running = await folder.start({
      flags: { workers: '2', logLevel: 'warn' },
      bundle: bundleOf(plans),
      secretEnv: { SLUICE_SECRET_LATER: undefined },
    });
  });
  afterAll(() => folder.remove());

  /** Each request over a connection of its own: they take turns. */
  const post = (connector: string, body: object) => running.post(connector, body, { connection: 'close' });

  test('serve on one port, and their counts add up', async () => {
    expect(workerPids()).toHaveLength(2);
    for (let sent = 0; sent < 20; sent += 1) expect((await post('two', good)).body.outcome).toBe('delivered');
    const { body: metrics } = await running.admin('GET', '/metrics');
    expect(metrics).toContain(
      'sluice_requests_total{connector="two",outcome="delivered",code="delivered"} 20',
    );
    expect(metrics).toContain('sluice_workers 2');
    const lines = readFileSync(join(folder.state, 'triggers.ndjson'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).connector)).toEqual(Array(20).fill('two'));
  });

  test('both hold as soon as a request at one of them has paused the connector', async () => {
    expect((await post('one', broken)).body).toMatchObject({
      outcome: 'held',
      code: 'shape-changed',
      paused: true,
    });
    for (let sent = 0; sent < 10; sent += 1) {
      expect((await post('one', good)).body).toMatchObject({ outcome: 'held', code: 'paused' });
    }
    expect((await post('two', good)).body.outcome).toBe('delivered');
    expect(await running.statusOf('one')).toMatchObject({ paused: { kind: 'auto' }, held: { total: 11 } });
    expect(running.log.find(({ level }) => level === 'warn')).toMatchObject({ connector: 'one' });
  });

  test('both go on as soon as it is resumed, and both take the sample that is asked for', async () => {
    await running.admin('POST', '/connectors/one/resume', { by: 'ada' });
    await until(async () => (await post('one', good)).body.outcome === 'delivered');
    await running.admin('POST', '/connectors/one/capture', { seconds: 60 });
    await until(async () => (await post('one', good)).body.outcome === 'captured');
    expect((await running.admin('GET', '/connectors/one/capture')).body.latest).not.toBeNull();
  });

  test('both serve a new bundle once it is activated', async () => {
    const renamed = [planOf({ id: 'one', actionFlow: 'other' }), planOf({ id: 'three' })];
    expect((await running.runtime.activate(bundleOf(renamed, { revision: 'next' }))).ok).toBe(true);
    for (let sent = 0; sent < 10; sent += 1) {
      expect((await post('three', good)).body.outcome).toBe('delivered');
      expect((await post('two', good)).status).toBe(404);
    }
    const refused = await running.runtime.activate(Buffer.from('no bundle'));
    expect(refused.ok).toBe(false);
    expect((await post('three', good)).body.outcome).toBe('delivered');
    await running.runtime.activate(bundleOf(plans));
  });

  test('a connector that cannot be run shows in the status', async () => {
    await running.runtime.activate(bundleOf([...plans, planOf({ id: 'zero', when: null as never })]));
    expect(await post('zero', good)).toMatchObject({ status: 503, body: { code: 'connector-broken' } });
    await until(async () => (await running.statusOf('zero')).broken !== null);
    expect((await post('two', good)).body.outcome).toBe('delivered');
  });

  test('one that dies is replaced, and the other serves meanwhile', async () => {
    const [victim] = workerPids();
    process.kill(victim as number, 'SIGKILL');
    await until(() => running.log.some(({ msg }) => msg === 'a worker died and is replaced'));
    expect((await post('two', good)).body.outcome).toBe('delivered');
    await until(() => workerPids().length === 2 && !workerPids().includes(victim as number));
    await until(async () => (await running.admin('GET', '/metrics')).body.includes('sluice_workers 2'));
    // The new one knows what is paused and what is served.
    await running.admin('POST', '/connectors/two/pause', { by: 'ada' });
    await until(async () => (await post('two', good)).body.outcome === 'held');
    for (let sent = 0; sent < 10; sent += 1) expect((await post('two', good)).body.code).toBe('paused');
  });

  test('end with the runtime', async () => {
    await running.runtime.close();
    expect(workerPids()).toEqual([]);
  });
});

test('both workers answer, and write what they did to the one log', async () => {
  const folder = new Folder();
  writeFileSync(folder.file('bundle.json'), bundleOf(plans));
  const program = join(import.meta.dirname, 'start-runtime.ts');
  const child = spawn(process.execPath, [program, folder.file('bundle.json'), folder.state, '2', 'info'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const lines = () => output.split('\n').flatMap((line) => (line.endsWith('}') ? [JSON.parse(line)] : []));
  await until(() => lines().some((line) => 'ingressUrl' in line));
  const { ingressUrl } = lines().find((line) => 'ingressUrl' in line);
  for (let sent = 0; sent < 10; sent += 1) {
    const headers = { 'content-type': 'application/json', connection: 'close' };
    expect(
      (await fetch(`${ingressUrl}/c/one`, { method: 'POST', headers, body: JSON.stringify(good) })).status,
    ).toBe(202);
  }
  child.kill('SIGTERM');
  await once(child, 'close');
  const pids = lines()
    .filter(({ msg }) => msg === 'request')
    .map(({ pid }) => pid);
  expect(pids).toHaveLength(10);
  expect(new Set(pids).size).toBe(2);
  expect(pids).not.toContain(child.pid);
  await folder.remove();
});

describe('workers that cannot listen', () => {
  const folder = new Folder();
  afterAll(() => folder.remove());

  test('say why, and leave nothing behind', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const flags = { workers: '2', port: String(port) };
    expect(await folder.tryStart({ bundle: null, flags })).toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`port ${port} on 127.0.0.1 is in use`),
    });
    taken.close();
    expect(workerPids()).toEqual([]);
  });
});
