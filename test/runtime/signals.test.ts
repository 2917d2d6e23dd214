import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bundleOf, planOf } from './bundles.ts';
import { until } from './running.ts';

const PROGRAM = join(import.meta.dirname, 'start-runtime.ts');

let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-signals-'));
  writeFileSync(join(folder, 'bundle.json'), bundleOf([planOf({ id: 'one' })]));
});

afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Started {
  readonly ingressUrl: string;
  readonly adminUrl: string;
  signal(name: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

async function start(workers: number): Promise<Started> {
  const args = [PROGRAM, join(folder, 'bundle.json'), join(folder, 'state'), String(workers)];
  const started = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child = started;
  const ended = new Promise<number | string>((resolve) => {
    started.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const line = await Promise.race([
    once(started.stdout, 'data').then(([text]) => String(text)),
    ended.then((how) => {
      throw new Error(`ended with ${how} before it served`);
    }),
  ]);
  return { ...JSON.parse(line), ended, signal: (name) => started.kill(name) };
}

const body = JSON.stringify({ user: 'u1', amount: 1 });

function delivered(): number {
  return readFileSync(join(folder, 'state', 'triggers.ndjson'), 'utf8')
    .trim()
    .split('\n').length;
}

describe.each([1, 2])('with %i process(es), SIGTERM', (workers) => {
  test('lets a request that has begun come to its end, and exits with 0', async () => {
    const { ingressUrl, signal, ended } = await start(workers);
    const { hostname, port } = new URL(ingressUrl);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head = `POST /c/one HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`;
    socket.write(head);
    // "100 Continue" says that the request has arrived where it is answered.
    await once(socket, 'data');
    signal('SIGTERM');
    await until(() => isRefused(Number(port), hostname));
    socket.write(body);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toContain('202 Accepted');
    expect(await ended).toBe(0);
    expect(delivered()).toBe(1);
  });

  test('during requests loses none that was accepted', async () => {
    const { ingressUrl, signal, ended } = await start(workers);
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    let accepted = 0;
    let isOver = false;
    const sender = async () => {
      while (!isOver) {
        const status = await post(`${ingressUrl}/c/one`, agent);
        if (status === 202) accepted += 1;
        else isOver = true;
      }
    };
    const senders = Array.from({ length: 8 }, sender);
    await until(() => accepted > 20);
    signal('SIGTERM');
    expect(await ended).toBe(0);
    await Promise.all(senders);
    agent.destroy();
    expect(delivered()).toBeGreaterThanOrEqual(accepted);
  });

  test('ends it though an idle connection is open', async () => {
    const { ingressUrl, signal, ended } = await start(workers);
    const agent = new Agent({ keepAlive: true });
    expect(await post(`${ingressUrl}/c/one`, agent)).toBe(202);
    signal('SIGINT');
    expect(await ended).toBe(0);
    agent.destroy();
  });
});

function isRefused(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(port, host);
    probe.once('error', () => resolve(true));
    probe.once('connect', () => {
      probe.destroy();
      resolve(false);
    });
  });
}

/** The status, or null when the connection was refused or ended. */
function post(url: string, agent: Agent): Promise<number | null> {
  return new Promise((resolve) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? null));
        response.once('error', () => resolve(null));
      },
    );
    sent.once('error', () => resolve(null)).end(body);
  });
}
