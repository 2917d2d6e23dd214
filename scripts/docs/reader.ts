// A reader at a terminal: a fresh copy of the tree (without test/), ports of its own, commands run one after the other. Two kinds of
// command go on running while later ones run, as they would in a second terminal: `npm start`, and `serve`, which ends when
// the page serves again. Both must end well when they are told to.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Block, prints } from './read-blocks.ts';

const root = join(import.meta.dirname, '../..');
const LIMIT_MS = 120_000;
const MAX_TREE_BYTES = 256 * 1024 * 1024;
/** What pages write, of which each reader gets others, as they run side by side. */
const PORTS = ['8080', '8081', '9080', '9081'];

export class Reader {
  readonly #folder: string;
  readonly #ports: ReadonlyMap<string, string>;
  readonly #env: NodeJS.ProcessEnv;
  #started: ChildProcess | null = null;
  #serving: ChildProcess | null = null;

  private constructor(folder: string, ports: ReadonlyMap<string, string>) {
    this.#folder = folder;
    this.#ports = ports;
    this.#env = {
      ...process.env,
      PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
      XDG_CACHE_HOME: join(folder, '.cache'),
      SLUICE_PORT: ports.get('8080'),
      SLUICE_ADMIN_PORT: ports.get('8081'),
      SLUICE_ADMIN_URL: `http://127.0.0.1:${ports.get('8081')}`,
    };
  }

  static async open(): Promise<Reader> {
    return new Reader(copyTree(), await freePorts(PORTS));
  }

  /** null: the block did what the page says. Otherwise what went wrong. */
  async run(block: Block): Promise<string | null> {
    const command = [...this.#ports].reduce(
      (text, [known, free]) => text.replaceAll(new RegExp(`(?<=[ :=])${known}(?![0-9])`, 'g'), free),
      block.command,
    );
    // The tree is installed already, and a second installation would prove nothing.
    if (command.trim() === 'npm ci && npm start') {
      this.#started = await this.#startUntil('npm start', /serves \d+ connectors/);
      return null;
    }
    if (/ -- serve /.test(command)) {
      const problem = await this.#stopServing();
      // Its exit code is that of the server, not of a shell that was ended beside it.
      const replacingShell = command.trim().replace(/\n([^\n]*)$/, '\nexec $1');
      this.#serving = await this.#startUntil(replacingShell, /^serving: ingress/m);
      return problem;
    }
    const { code, output } = await this.#finish(command);
    if (code !== 0) return `exit ${code}\n${output}`;
    if (block.expected === null || prints(block.expected, output)) return null;
    return `want\n${block.expected}\ngot\n${output}`;
  }

  /** Ends what still runs, and removes the copy. null: it all ended well. */
  async close(): Promise<string | null> {
    const problem = await this.#stopServing();
    const startProblem = this.#started === null ? null : await stop(this.#started);
    rmSync(this.#folder, { recursive: true, force: true });
    return problem ?? startProblem;
  }

  async #stopServing(): Promise<string | null> {
    const serving = this.#serving;
    this.#serving = null;
    return serving === null ? null : stop(serving);
  }

  #spawn(command: string): ChildProcess {
    // A process group of its own, so that it is ended with everything that it started.
    return spawn('bash', ['-euo', 'pipefail', '-c', command], {
      cwd: this.#folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  }

  #finish(command: string): Promise<{ code: number | string | null; output: string }> {
    return new Promise((resolve) => {
      const child = this.#spawn(command);
      const timer = setTimeout(() => kill(child, 'SIGKILL'), LIMIT_MS);
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        resolve({ code: signal === 'SIGKILL' ? `after ${LIMIT_MS} ms` : code, output });
      });
    });
  }

  /** Resolves once the output matches. */
  #startUntil(command: string, ready: RegExp): Promise<ChildProcess> {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(command);
      let output = '';
      const timer = setTimeout(() => {
        reject(new Error(`not ready within ${LIMIT_MS} ms\n${output}`));
        kill(child, 'SIGKILL');
      }, LIMIT_MS);
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          output += text;
          if (ready.test(output)) {
            clearTimeout(timer);
            resolve(child);
          }
        });
      }
      child.on('close', (code) => {
        clearTimeout(timer);
        reject(new Error(`exit ${code} before it was ready\n${output}`));
      });
    });
  }
}

/** Ends a server as a service manager would. null when it ended well. */
function stop(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve(`a server ended by itself with ${child.exitCode}`);
    child.on('close', (code, signal) =>
      resolve(code === 0 || signal === 'SIGTERM' ? null : `exit ${code} of a server after SIGTERM`),
    );
    kill(child, 'SIGTERM');
  });
}

/** With everything that it started. */
function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  process.kill(-(child.pid as number), signal);
}

function copyTree(): string {
  const target = mkdtempSync(join(tmpdir(), 'sluice-docs-'));
  const listed = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  // Without the tests, which are half of all files: a page is about using Sluice.
  const files = listed
    .split('\0')
    .filter((file) => file !== '' && !file.startsWith('test/') && existsSync(join(root, file)));
  // A copy, not links: pages write to what they find.
  const archive = execFileSync('tar', ['-c', '--null', '-T', '-'], {
    cwd: root,
    input: files.join('\0'),
    maxBuffer: MAX_TREE_BYTES,
  });
  execFileSync('tar', ['-x'], { cwd: target, input: archive });
  symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'));
  return target;
}

async function freePorts(known: readonly string[]): Promise<Map<string, string>> {
  // All at once, or one could be found twice.
  const servers = known.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const found = servers.map((server) => String((server.address() as AddressInfo).port));
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return new Map(known.map((name, index) => [name, found[index] as string]));
}
