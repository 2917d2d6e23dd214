// Load on one server, from the second core. In: a URL, a request, connections, seconds. Out: what was answered and how fast.
// wrk, where it is there; autocannon costs more of its core and rounds to milliseconds, and the result says so.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import type { SignedRequest } from './request.ts';

export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly request: SignedRequest;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second that are offered; absent: as many as are answered. Only autocannon can. */
  readonly rate?: number;
}

const run = promisify(execFile);
export const generator = isThere('wrk') ? 'wrk' : 'autocannon';
/** The server has the first core, the generator the second: neither takes time from the other. */
export const pinned = (core: 0 | 1): readonly string[] =>
  isThere('taskset') ? ['taskset', '-c', String(core)] : [];

export function isThere(command: string): boolean {
  return spawnSync('/bin/sh', ['-c', `command -v ${command}`]).status === 0;
}

/** Throws where a request was answered otherwise than it must be: a server that refuses is quick. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const found =
    generator === 'wrk' && options.rate === undefined ? await byWrk(options) : await byAutocannon(options);
  const wrong = options.request.status === 'refused' ? found.requests - found.refused : found.refused;
  if (wrong > 0 || found.failed > 0 || found.requests === 0) {
    throw new Error(
      `${options.url}: ${wrong} of ${found.requests} answers were wrong, ${found.failed} failed`,
    );
  }
  return found;
}

type Found = LoadResult & { readonly refused: number; readonly failed: number };

async function byWrk({ url, request, connections, seconds }: LoadOptions): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-load-'));
  try {
    const file = join(folder, 'request');
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\n`);
    writeFileSync(file, `${headers.join('')}\n${request.body}`);
    const script = join(import.meta.dirname, 'wrk.lua');
    const [command = '', ...args] = [
      ...pinned(1),
      'wrk',
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      '-s',
      script,
      url,
    ];
    const { stdout } = await run(command, args, { env: { ...process.env, REQUEST: file } });
    const said = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{')));
    return {
      requests: said.requests,
      perSecond: said.requests / (said.microseconds / 1e6),
      p50: said.p50 / 1000,
      p99: said.p99 / 1000,
      refused: said.refused,
      failed: said.failed,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function byAutocannon({ url, request, connections, seconds, rate }: LoadOptions): Promise<Found> {
  const { body, headers } = request;
  const options = {
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { ...headers },
    body,
  } as const;
  const result = await autocannon(rate === undefined ? options : { ...options, overallRate: rate });
  return {
    requests: result.requests.total,
    perSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    refused: result.non2xx,
    failed: result.errors + result.timeouts,
  };
}
