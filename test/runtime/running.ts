/** Real runtimes for tests: on free ports, over a temporary folder, called over HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/runtime/config/config.ts';
import type { Runtime } from '../../src/runtime/processes/runtime.ts';
import { startRuntime } from '../../src/runtime/processes/serve.ts';
import type { Target } from '../../src/runtime/targets/target.ts';

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [name: string]: unknown;
}

export interface HttpAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the API answers; each test says what it expects
  readonly body: any;
}

export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'sluice-runtime-'));
  readonly state = join(this.path, 'state');
  readonly #running = new Set<Running>();

  file(...parts: string[]): string {
    return join(this.path, ...parts);
  }

  /** Starts a runtime on this folder; throws when it cannot. */
  async start(options: Parameters<Folder['tryStart']>[0] = {}): Promise<Running> {
    const started = await this.tryStart(options);
    if (!('running' in started)) throw new Error(started.message);
    return started.running;
  }

  async tryStart({
    flags = {},
    env = {},
    readTargets,
    ...options
  }: {
    readonly flags?: Readonly<Record<string, string>>;
    readonly env?: Readonly<Record<string, string>>;
    readonly bundle?: Buffer | null;
    readonly secretEnv?: Readonly<Record<string, string | undefined>>;
    readonly targets?: Readonly<Record<string, Target>>;
    readonly isLenient?: boolean;
    readonly readTargets?: Parameters<typeof readConfig>[2];
  } = {}): Promise<{ readonly running: Running } | { readonly code: string; readonly message: string }> {
    const given = {
      port: '0',
      adminPort: '0',
      host: '127.0.0.1',
      state: this.state,
      logFormat: 'json',
      ...flags,
    };
    const read = readConfig(given, env, readTargets);
    if (!read.ok) throw new Error(read.problems.join('\n'));
    const announced: string[] = [];
    const log: LogLine[] = [];
    const started = await startRuntime(read.config, {
      announce: (text) => announced.push(text),
      logTo: { write: (line: string) => void log.push(JSON.parse(line)) },
      ...options,
    });
    if (!started.ok) return started;
    const running = new Running(started.runtime, announced, log);
    this.#running.add(running);
    return { running };
  }

  async remove(): Promise<void> {
    await Promise.all([...this.#running].map((running) => running.runtime.close()));
    rmSync(this.path, { recursive: true, force: true });
  }
}

export class Running {
  readonly runtime: Runtime;
  /** What people were told at the start. */
  readonly announced: readonly string[];
  readonly log: readonly LogLine[];

  constructor(runtime: Runtime, announced: readonly string[], log: readonly LogLine[]) {
    this.runtime = runtime;
    this.announced = announced;
    this.log = log;
  }

  /** A webhook. */
  async post(
    connector: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<HttpAnswer> {
    return call(`${this.runtime.ingressUrl}/c/${connector}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  async admin(method: string, path: string, body?: object): Promise<HttpAnswer> {
    return call(`${this.runtime.adminUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.runtime.adminToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Status of one connector. */
  async statusOf(connector: string) {
    const { connectors } = await this.runtime.status();
    const found = connectors.find(({ id }) => id === connector);
    if (found === undefined) throw new Error(`no connector "${connector}"`);
    return found;
  }

  /** Resolves once the condition holds; the test's own time limit ends the wait. */
  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    await until(condition);
  }
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function call(url: string, init: RequestInit): Promise<HttpAnswer> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}
