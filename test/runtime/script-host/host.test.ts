import { execFile } from 'node:child_process';
import { getPriority } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createScriptHost, type ScriptHostOptions } from '../../../src/runtime/script-host/host.ts';
import type { ScriptRunner } from '../../../src/stages/script/script-runner.ts';
import { childPids, cpuSeconds, isAlive, nicenessOf } from './processes.ts';
import { makeRequest, planOf, runIn } from './run-script.ts';

const PROCESSES_FILE = new URL('./processes.ts', import.meta.url).href;
const HOST_FILE = new URL('../../../src/runtime/script-host/host.ts', import.meta.url).href;
const ECHO = 'export default ({ body }) => body';
const LOOP = 'export default () => { for (;;); }';

function open(options: ScriptHostOptions = {}): ScriptRunner {
  const host = createScriptHost({ timeoutMs: 15_000, waitMs: 15_000, givesWay: false, ...options });
  onTestFinished(() => host.close());
  return host;
}

// Closing a host waits until its processes are gone.
beforeEach(() => {
  expect(childPids()).toEqual([]);
});

describe('processes', () => {
  test('start with the first call, not before, and end with the host', async () => {
    const host = createScriptHost();
    expect(childPids()).toEqual([]);
    await runIn(host, ECHO, 1);
    expect(childPids().length).toBeGreaterThan(0);
    await host.close();
    expect(childPids()).toEqual([]);
  });

  test('inherit nothing from the environment', async () => {
    vi.stubEnv('SLUICE_SECRET_STRIPE', 'whsec_do_not_leak');
    onTestFinished(() => void vi.unstubAllEnvs());
    const host = open({ size: 1, spares: 0 });
    await runIn(host, ECHO, 1);
    const { readFileSync } = await import('node:fs');
    const environment = readFileSync(`/proc/${childPids()[0]}/environ`, 'utf8').split('\0').filter(Boolean);
    // Some shells leave their own path.
    const own = environment.filter((variable) => !variable.startsWith('_='));
    expect(own.toSorted()).toEqual(['LC_ALL=en_US.UTF-8', 'TZ=UTC']);
  });

  test('hold no descriptors but pipes and their own', async () => {
    const { readdirSync, readlinkSync, openSync, closeSync } = await import('node:fs');
    const secret = openSync(import.meta.filename, 'r');
    onTestFinished(() => closeSync(secret));
    const host = open({ size: 1, spares: 0 });
    await runIn(host, ECHO, 1);
    const folder = `/proc/${childPids()[0]}/fd`;
    const targets = readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`));
    expect(targets.filter((target) => !/^(socket|pipe|anon_inode):|^\/dev\/null$/.test(target))).toEqual([]);
  });

  test('give up what they never need, and give way to others', async () => {
    const { readFileSync } = await import('node:fs');
    const host = open({ size: 1, spares: 0, givesWay: true });
    await runIn(host, ECHO, 1);
    const [pid = 0] = childPids();
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
    expect(limits).toMatch(/^Max core file size +0 +0 /m);
    expect(limits).toMatch(/^Max file size +0 +0 /m);
    expect(limits).toMatch(/^Max open files +64 +64 /m);
    expect(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('1000');
    expect(nicenessOf(pid)).toBe(Math.min(getPriority() + 5, 19));
  });

  test('give way to everybody once a call is slow, and make room for quick ones', async () => {
    const host = open({ size: 1, spares: 0, givesWay: true });
    for (const n of [1, 2]) await runIn(host, ECHO, n, 'quick');
    const slow =
      'export default ({ body }) => { for (let i = 0; i < body.turns; i++) Math.random(); return "done" }';
    const [pid = 0] = childPids();
    expect(await runIn(host, slow, { turns: 2e7 }, 'slow')).toEqual({ ok: true, value: 'done' });
    expect(nicenessOf(pid)).toBe(Math.min(getPriority() + 10, 19));
    // It stays for slow ones.
    expect(await runIn(host, slow, { turns: 1 }, 'slow')).toEqual({ ok: true, value: 'done' });
    expect(childPids()).toEqual([pid]);
    expect(await runIn(host, ECHO, 3, 'quick')).toEqual({ ok: true, value: 3 });
    await vi.waitUntil(() => !childPids().includes(pid), { timeout: 15_000 });
  });

  test('do not mind the signals of a terminal', async () => {
    const host = open({ size: 1, spares: 0 });
    await runIn(host, ECHO, 1);
    const [pid = 0] = childPids();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    expect(await runIn(host, ECHO, 2)).toEqual({ ok: true, value: 2 });
    expect(childPids()).toEqual([pid]);
  });

  test('that are killed while they are idle are replaced', async () => {
    const host = open({ size: 1, spares: 0 });
    await runIn(host, ECHO, 1);
    process.kill(childPids()[0] ?? 0, 'SIGKILL');
    expect(await runIn(host, ECHO, 2)).toEqual({ ok: true, value: 2 });
  });

  test('that are killed from outside while they run cost no request', async () => {
    const host = open({ size: 1, spares: 0, timeoutMs: 1000 });
    await runIn(host, ECHO, 1);
    const looping = runIn(host, LOOP);
    process.kill(childPids()[0] ?? 0, 'SIGKILL');
    // It ran again, to its own end.
    expect(await looping).toMatchObject({ ok: false, code: 'script-timeout' });
  });

  test('that get no processor cost no request', async () => {
    const host = open({ size: 1, spares: 0, timeoutMs: 2000 });
    await runIn(host, ECHO, 1);
    const [pid = 0] = childPids();
    process.kill(pid, 'SIGSTOP');
    expect(await runIn(host, ECHO, 2)).toEqual({ ok: true, value: 2 });
    expect(childPids()).not.toContain(pid);
  });

  test('that had the processor while the host could not look were not starved', async () => {
    const host = open({ size: 1, spares: 0, timeoutMs: 3000 });
    await runIn(host, ECHO, 1);
    const [pid = 0] = childPids();
    const looping = runIn(host, LOOP);
    // The event loop stands still until the time is over. The script runs, and is stopped before it could say that it was.
    const [begun, used] = [performance.now(), cpuSeconds(pid)];
    while (cpuSeconds(pid) < used + 0.05 && performance.now() < begun + 2500);
    process.kill(pid, 'SIGSTOP');
    while (performance.now() < begun + 3500);
    expect(await looping).toMatchObject({
      ok: false,
      code: 'script-timeout',
      message: expect.stringContaining('its process was killed'),
    });
  });

  test('that are killed twice with the same request are its fault', async () => {
    const host = open({ size: 1, spares: 0, timeoutMs: 60_000 });
    await runIn(host, ECHO, 1);
    const [first = 0] = childPids();
    const looping = runIn(host, LOOP);
    process.kill(first, 'SIGKILL');
    // So much time on the processor goes into no start of a process: the script runs again.
    const second = await vi.waitUntil(
      () => childPids().find((pid) => pid !== first && cpuSeconds(pid) > 1.5),
      {
        timeout: 60_000,
      },
    );
    process.kill(second, 'SIGKILL');
    expect(await looping).toEqual({
      ok: false,
      code: 'script-memory',
      message: 'the script process was lost twice with this request: it ended with SIGKILL',
    });
  }, 90_000);

  test('that cannot be started make the script unavailable, until they can', async () => {
    const { execPath } = process;
    process.execPath = '/nonexistent/node';
    onTestFinished(() => {
      process.execPath = execPath;
    });
    let now = 0;
    const host = open({ now: () => now });
    const expected = { ok: false, code: 'script-unavailable', message: expect.stringContaining('ENOENT') };
    expect(await runIn(host, ECHO, 1)).toMatchObject(expected);
    expect(await runIn(host, ECHO, 1)).toMatchObject(expected);
    process.execPath = execPath;
    now += 1000;
    expect(await runIn(host, ECHO, 1)).toEqual({ ok: true, value: 1 });
  });
});

describe('many calls', () => {
  test('each get their own answer', async () => {
    const host = open();
    const results = await Promise.all(
      Array.from({ length: 400 }, (_, n) => runIn(host, ECHO, { n }, `connector-${n % 7}`)),
    );
    expect(results).toEqual(Array.from({ length: 400 }, (_, n) => ({ ok: true, value: { n } })));
  });

  test('of more scripts than a process keeps', async () => {
    const host = open({ size: 1, spares: 0 });
    const sources = Array.from({ length: 30 }, (_, n) => `export default () => ${n}`);
    for (const round of [1, 2]) {
      const results = await Promise.all(sources.map((source, n) => runIn(host, source, round, `c${n}`)));
      expect(results).toEqual(sources.map((_, n) => ({ ok: true, value: n })));
    }
  });

  test('beyond what may wait are refused at once', async () => {
    const host = open({ maxWaiting: 10 });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => runIn(host, ECHO, n, `connector-${n}`)),
    );
    expect(results.slice(0, 10).every(({ ok }) => ok)).toBe(true);
    expect(results.slice(10)).toEqual(
      Array.from({ length: 10 }, () => ({
        ok: false,
        code: 'script-unavailable',
        message: 'too many requests wait for a script process',
      })),
    );
  });

  test('of slow scripts leave a process to quick ones', async () => {
    const host = open({ size: 1, spares: 1, timeoutMs: 3000 });
    for (const n of [1, 2]) await runIn(host, ECHO, n, 'good');
    const order: string[] = [];
    const run = async (source: string, connector: string): Promise<void> => {
      const result = await runIn(host, source, {}, connector);
      order.push(`${connector} ${result.ok}`);
    };
    await Promise.all([
      run(LOOP, 'one'),
      run(LOOP, 'other'),
      ...Array.from({ length: 10 }, () => run(ECHO, 'good')),
    ]);
    expect(order.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'good true'));
    expect(order.slice(10).toSorted()).toEqual(['one false', 'other false']);
  });

  test('give up when no process becomes free', async () => {
    const host = open({ size: 1, spares: 0, timeoutMs: 600, waitMs: 50 });
    await runIn(host, ECHO, 1);
    const [busy, waiting] = await Promise.all([
      runIn(host, LOOP, {}, 'busy'),
      runIn(host, ECHO, 1, 'waiting'),
    ]);
    expect(busy).toMatchObject({ code: 'script-timeout' });
    expect(waiting).toEqual({
      ok: false,
      code: 'script-unavailable',
      message: 'no script process was free for 50 ms',
    });
  });
});

describe('a script that has to be stopped again and again', () => {
  test('rests for a while; one that was changed does not', async () => {
    let now = 0;
    const host = open({ timeoutMs: 100, now: () => now });
    for (let count = 0; count < 3; count += 1) {
      expect(await runIn(host, LOOP, {}, 'bad')).toMatchObject({ code: 'script-timeout' });
    }
    expect(await runIn(host, LOOP, {}, 'bad')).toEqual({
      ok: false,
      code: 'script-unavailable',
      message: 'the script had to be stopped several times in a row; it is not run for another 30 s',
    });
    expect(await runIn(host, LOOP, {}, 'another connector')).toMatchObject({ code: 'script-timeout' });
    expect(await runIn(host, ECHO, 1, 'bad')).toEqual({ ok: true, value: 1 });
    now += 30_000;
  });
});

describe('closing', () => {
  test('answers everybody, now and later, and may be repeated', async () => {
    const host = createScriptHost({ timeoutMs: 10_000, size: 1, spares: 0 });
    await runIn(host, ECHO, 1);
    const calls = [runIn(host, LOOP, {}, 'running'), runIn(host, ECHO, {}, 'waiting')];
    await Promise.all([host.close(), host.close()]);
    const closing = { ok: false, code: 'script-unavailable', message: 'the script host is closing' };
    expect(await Promise.all(calls)).toEqual([closing, closing]);
    expect(await host.run('late', planOf(ECHO), makeRequest())).toEqual(closing);
    await host.close();
  });

  test.each([
    ['without being closed', ''],
    ['after it was closed', 'await host.close(); console.log("closed");'],
  ])(
    'a program with a host ends by itself %s',
    async (_, close) => {
      const program = `
      import { createScriptHost } from ${JSON.stringify(HOST_FILE)};
      import { childPids } from ${JSON.stringify(PROCESSES_FILE)};
      const host = createScriptHost({ timeoutMs: 15_000, waitMs: 15_000 });
      const script = { kind: 'script', file: 'mapping.js', source: ${JSON.stringify(ECHO)}, digest: 'd' };
      const result = await host.run('c', script, ${JSON.stringify(makeRequest('done'))});
      console.log(JSON.stringify({ value: result.value, pids: childPids() }));
      ${close}`;
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [
        '--input-type=module',
        '-e',
        program,
      ]);
      expect(stderr).toBe('');
      const [line = '', ...rest] = stdout.trim().split('\n');
      const { value, pids } = JSON.parse(line) as { value: string; pids: number[] };
      expect(value).toBe('done');
      expect(rest).toEqual(close === '' ? [] : ['closed']);
      expect(pids.length).toBeGreaterThan(0);
      // Its script processes end with it.
      await vi.waitUntil(() => !pids.some(isAlive), { timeout: 15_000 });
    },
    60_000,
  );

  test('a host that never ran closes at once', async () => {
    await createScriptHost().close();
  });
});

describe('a limit of processor time', () => {
  const busy =
    'export default ({ body }) => { let sum = 0; for (let i = 0; i < body.turns; i++) sum += Math.sqrt(i); return "done" }';

  test('stops no script for want of a processor', async () => {
    const host = open({ size: 1, spares: 0, timeoutMs: 2000, countsProcessorTime: true });
    await runIn(host, ECHO, 1);
    const [pid = 0] = childPids();
    const running = runIn(host, busy, { turns: 5e7 });
    // As on a machine where others have all of it.
    process.kill(pid, 'SIGSTOP');
    await delay(2200);
    if (isAlive(pid)) process.kill(pid, 'SIGCONT');
    expect(await running).toEqual({ ok: true, value: 'done' });
  });

  test('stops one that has had it', async () => {
    const host = open({ size: 1, spares: 0, timeoutMs: 200, countsProcessorTime: true });
    expect(await runIn(host, LOOP, 1)).toMatchObject({
      ok: false,
      code: 'script-timeout',
      message: expect.stringContaining('200 ms'),
    });
  });
});
