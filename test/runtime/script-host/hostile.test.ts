import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { ScriptRunner } from '../../../src/stages/script/script-runner.ts';
import { HOSTILE_BODIES } from './hostile-scripts.ts';
import { childPids, residentMb } from './processes.ts';
import { makeRequest, openHost, planOf, runIn } from './run-script.ts';

// On a busy machine each start of a process takes long, and there are many.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** Enough for a good script even on a busy machine. What never ends takes it all, so several of those run at once. */
const TIMEOUT_MS = 1000;
const host = openHost({ timeoutMs: TIMEOUT_MS, memoryMb: 16, size: 4, waitMs: 60_000 });
/** For what the limits have no part in: without one that a busy machine could meet. */
const patient = openHost({ memoryMb: 16 });

/** Which limit a script meets first depends on the machine. */
const STOPPED = ['script-timeout', 'script-memory'];

/** Name, body, and how it may end. */
type Hostile = readonly [name: string, body: string, codes: readonly string[]];

const HOSTILE = Object.entries(HOSTILE_BODIES).map(([name, [body, codes]]): Hostile => [name, body, codes]);
const [REFUSED = [], STOPPABLE = []] = [true, false].map((isRefused) =>
  HOSTILE.filter(([, , codes]) => codes.every((code) => code === 'script-error') === isRefused),
);

async function expectContained(runner: ScriptRunner, [name, body, codes]: Hostile): Promise<void> {
  const result = await runIn(runner, `export default (request) => { ${body} }`, {}, name);
  expect(result.ok).toBe(false);
  expect(codes).toContain((result as { code: string }).code);
  const next = await runIn(runner, 'export default ({ body }) => body.n', { n: 1 });
  expect(next).toEqual({ ok: true, value: 1 });
}

let memoryAtStart: readonly number[] = [];

describe('a hostile script is stopped, and the next one runs', () => {
  beforeAll(async () => {
    // All processes run something.
    const good = (n: number) => runIn(host, 'export default ({ body }) => body.n', { n }, `good-${n}`);
    await Promise.all(Array.from({ length: 30 }, (_, n) => good(n)));
    memoryAtStart = childPids().map(residentMb);
  });

  test.concurrent.each(STOPPABLE)('%s', (...hostile) => expectContained(host, hostile));

  test('at the top of the module too', async () => {
    const result = await runIn(host, 'for (;;); export default () => 1', {}, 'top');
    expect(result).toMatchObject({
      ok: false,
      code: 'script-timeout',
      message: expect.stringContaining(`${TIMEOUT_MS} ms`),
    });
  });

  test('and leaves no more processes behind than the host keeps, and no more memory', async () => {
    await vi.waitUntil(() => childPids().length <= memoryAtStart.length, { timeout: 10_000 });
    const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
    // A process that runs goes on with what it took, up to where it is replaced.
    expect(sum(childPids().map(residentMb))).toBeLessThan(1.5 * sum(memoryAtStart));
  });
});

describe('a hostile script that ends by itself is refused, and the next one runs', () => {
  test.each(REFUSED)('%s', (...hostile) => expectContained(patient, hostile));
});

describe('a script gets out of nothing', () => {
  test('finds only the language', async () => {
    const names = [
      'process',
      'require',
      'module',
      'exports',
      'global',
      'Buffer',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'fetch',
      'XMLHttpRequest',
      'WebSocket',
      'performance',
      'crypto',
      'navigator',
      'structuredClone',
      'WebAssembly',
      'SharedArrayBuffer',
      'Atomics',
      'WeakRef',
      'FinalizationRegistry',
      'ivm',
      'gc',
      'Worker',
      'MessageChannel',
    ];
    const source = `export default () => ${JSON.stringify(names)}.filter((name) => Function('return typeof ' + name)() !== 'undefined')`;
    expect(await runIn(patient, source)).toEqual({ ok: true, value: [] });
  });

  test.each([
    ['a constructor', 'return [].constructor.constructor("return process")().env'],
    ['an async constructor', 'return Object.getPrototypeOf(async () => {}).constructor("return process")()'],
    ['a constructor of the request', 'return request.constructor.constructor("return process")()'],
    [
      'a constructor of a header',
      'return request.headers.constructor.constructor("return require")()("node:fs")',
    ],
    ['a constructor of console', 'return console.log.constructor("return process")()'],
    ['a constructor of the clock', 'return Date.now.constructor("return process")()'],
    ['this', 'return Function("return this.process.env")()'],
    ['a caller', 'return (function f() { return f.caller })().constructor("return process")()'],
    ['import', 'return import("node:fs")'],
    ['import of isolated-vm', 'return import("isolated-vm")'],
  ])('through %s', async (name, body) => {
    const result = await runIn(patient, `export default (request) => { ${body} }`, {}, `escape by ${name}`);
    expect(result).toMatchObject({ ok: false, code: 'script-error' });
  });

  test('through the frames of a stack trace', async () => {
    const source = `export default () => {
      const seen = [];
      const error = {};
      try { Error.prepareStackTrace = (_, frames) => { for (const frame of frames) seen.push(frame.getFunction?.(), frame.getThis?.()); return '' } } catch {}
      Error.captureStackTrace(error);
      return [seen.length, typeof error.stack, /node:|script-host|node_modules|[.]ts/.test(error.stack)];
    }`;
    expect(await runIn(patient, source)).toEqual({ ok: true, value: [0, 'string', false] });
  });

  test('and cannot make the mapping of another connector wrong', async () => {
    const poison = `
      Object.prototype.targetUserIds = ['attacker'];
      export default () => ({});`;
    expect(await runIn(patient, poison, {}, 'attacker')).toMatchObject({ ok: false, code: 'script-error' });
    const result = await runIn(patient, 'export default () => ({}.targetUserIds ?? "clean")', {}, 'victim');
    expect(result).toEqual({ ok: true, value: 'clean' });
  });
});

test('only the request that offends fails, however many share its script', async () => {
  const plan = planOf('export default ({ body }) => { if (body.n === 13) for (;;); return body.n }');
  const run = (n: number) => host.run('mixed', plan, makeRequest({ n }));
  await Promise.all([run(0), run(1)]);
  const results = await Promise.all(Array.from({ length: 40 }, (_, n) => run(n)));
  results.forEach((result, n) => {
    if (n === 13) expect(result).toMatchObject({ ok: false, code: 'script-timeout' });
    else expect(result).toEqual({ ok: true, value: n });
  });
});

test('connectors with good scripts go on while another kills its processes', async () => {
  const single = openHost({ timeoutMs: TIMEOUT_MS, size: 1, spares: 1 });
  const killer = planOf('export default () => new Array(2 ** 32 - 1).fill(0).length');
  const bad = Array.from({ length: 6 }, () => single.run('bad', killer, makeRequest()));
  const good = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      runIn(single, 'export default ({ body }) => body.n', { n }, `good-${n % 5}`),
    ),
  );
  expect(good).toEqual(Array.from({ length: 100 }, (_, n) => ({ ok: true, value: n })));
  const codes = (await Promise.all(bad)).map((result) => (result.ok ? 'ok' : result.code));
  for (const code of codes.slice(0, 3)) expect(STOPPED).toContain(code);
  // Three stops in a row are enough: the rest does not get to kill anything.
  expect(codes.slice(3)).toEqual(['script-unavailable', 'script-unavailable', 'script-unavailable']);
});
