/** Runs the real command line in processes of its own, in a scratch folder with a copy of the example connectors. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'src/cli/main.ts');

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Workspace {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-acceptance-'));
  readonly connectors = join(this.folder, 'connectors');
  readonly state = join(this.folder, 'state');
  #servers: Server[] = [];
  #admin = '';

  constructor() {
    cpSync(join(ROOT, 'connectors'), this.connectors, { recursive: true });
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Runs one command to its end. */
  sluice(...args: string[]): Promise<Run> {
    return this.begin(...args).ended;
  }

  /** A command that may be interrupted. */
  begin(...args: string[]): { readonly child: ChildProcess; readonly ended: Promise<Run> } {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      env: this.#env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const { promise, resolve } = Promise.withResolvers<Run>();
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    return { child, ended: promise };
  }

  async json<T>(...args: string[]): Promise<T> {
    const run = await this.sluice(...args, '--json');
    try {
      return JSON.parse(run.stdout) as T;
    } catch {
      throw new Error(
        `sluice ${args.join(' ')} printed no JSON (exit ${run.code}):\n${run.stdout}\n${run.stderr}`,
      );
    }
  }

  /** Starts `dev` or `serve` on free ports, and resolves once it serves. */
  async start(...args: string[]): Promise<Server> {
    const ports = ['--port', '0', '--admin-port', '0', '--host', '127.0.0.1', '--state', this.state];
    const child = spawn(process.execPath, [MAIN, ...args, ...ports], {
      cwd: this.folder,
      env: this.#env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const server = new Server(child);
    this.#servers.push(server);
    await server.ready;
    this.#admin = server.admin;
    return server;
  }

  triggers(): {
    connector: string;
    mode: string;
    flowInvocationId: string;
    trigger: { targetUserIds: string[]; variables: Record<string, unknown> };
  }[] {
    try {
      return readFileSync(join(this.state, 'triggers.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  }

  async close(): Promise<void> {
    for (const server of this.#servers) await server.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #env(): NodeJS.ProcessEnv {
    const { SLUICE_ADMIN_TOKEN: _, ...inherited } = process.env;
    return {
      ...inherited,
      NO_COLOR: '1',
      SLUICE_STATE: this.state,
      ...(this.#admin === '' ? {} : { SLUICE_ADMIN_URL: this.#admin }),
    };
  }
}

export class Server {
  readonly ready: Promise<void>;
  ingress = '';
  admin = '';
  output = '';
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.ready = new Promise((resolve, reject) => {
      const read = (text: string): void => {
        this.output += text;
        const found = /ingress (http:[^\s,]+).*?admin (http:[^\s,]+)/s.exec(this.output);
        if (found !== null && this.ingress === '') {
          this.ingress = found[1] as string;
          this.admin = found[2] as string;
          resolve();
        }
      };
      child.stdout?.setEncoding('utf8').on('data', read);
      child.stderr?.setEncoding('utf8').on('data', read);
      child.on('close', (code) => reject(new Error(`exit ${code} before it served\n${this.output}`)));
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves once the output matches. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.output)) {
      await new Promise<void>((resolve, reject) => {
        if (this.#child.exitCode !== null)
          reject(new Error(`ended without saying ${pattern}\n${this.output}`));
        this.#child.stdout?.once('data', () => resolve());
        this.#child.stderr?.once('data', () => resolve());
      });
    }
  }

  stop(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null)
      return Promise.resolve(this.#child.exitCode);
    return new Promise((resolve) => {
      this.#child.on('close', (code) => resolve(code));
      this.#child.kill(signal);
    });
  }
}
