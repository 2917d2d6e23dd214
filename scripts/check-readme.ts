// In: README.md, or the page that is named. Runs every ```sh block of it in order, in a copy of the tree, as its reader would; a ```text block right
// after one is what it must print ("..." stands for anything). Out: one line per block, exit 1 if one fails.
// Two kinds of block go on running: the one that says `npm start`, and one that says `serve`; both are stopped again.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const LIMIT_MS = 120_000;

interface Block {
  readonly line: number;
  readonly command: string;
  readonly expected: string | null;
}

const page = process.argv[2] ?? 'README.md';
const blocks = readBlocks(readFileSync(join(root, page), 'utf8'));
const folder = copyTree();
const ports = await freePorts(['8080', '8081', '9080', '9081']);
const env = {
  ...process.env,
  PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
  SLUICE_PORT: ports.get('8080'),
  SLUICE_ADMIN_PORT: ports.get('8081'),
  SLUICE_ADMIN_URL: `http://127.0.0.1:${ports.get('8081')}`,
};
const running: ChildProcess[] = [];
let failed = 0;
for (const block of blocks) {
  const started = performance.now();
  const problem = await runBlock(block).catch((error: Error) => error.message);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${problem === null ? 'ok  ' : 'FAIL'} ${page}:${block.line} (${seconds} s) ${firstLine(block.command)}`);
  if (problem !== null) {
    failed += 1;
    console.log(problem.replace(/^/gm, '     '));
  }
}
for (const child of running) await stop(child);
rmSync(folder, { recursive: true, force: true });
console.log(`${page}: ${blocks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function runBlock(block: Block): Promise<string | null> {
  const command = [...ports].reduce(
    (text, [known, free]) => text.replaceAll(`:${known}`, `:${free}`).replaceAll(` ${known}`, ` ${free}`),
    block.command,
  );
  // The tree is installed already, and a second installation would prove nothing.
  if (command.trim() === 'npm ci && npm start') {
    running.push(await startUntil('npm start', /serves \d+ connectors/));
    return null;
  }
  if (/ -- serve /.test(command)) {
    const child = await startUntil(
      `${command.trim().replace(/\n([^\n]*)$/, '\nexec $1')}`,
      /serving|listening|ready/i,
    );
    return stop(child);
  }
  const { code, output } = await run(command);
  if (code !== 0) return `exit ${code}\n${output}`;
  return block.expected === null || matches(block.expected, output)
    ? null
    : `want\n${block.expected}\ngot\n${output}`;
}

function run(command: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', command], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: LIMIT_MS,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** Starts a server in a process group of its own and resolves once its output matches. */
function startUntil(command: string, ready: RegExp): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', command], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const timer = setTimeout(() => reject(new Error(`not ready within ${LIMIT_MS} ms\n${output}`)), LIMIT_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
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

/** Ends a server as a service manager would. null when it ended cleanly. */
function stop(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve(`ended by itself with ${child.exitCode}`);
    child.on('close', (code, signal) =>
      resolve(code === 0 || signal === 'SIGTERM' ? null : `exit ${code} after SIGTERM`),
    );
    process.kill(-(child.pid as number), 'SIGTERM');
  });
}

function readBlocks(text: string): Block[] {
  const found: Block[] = [];
  for (const match of text.matchAll(/^```sh\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```\n)?/gm)) {
    const line = text.slice(0, match.index).split('\n').length + 1;
    found.push({ line, command: match[1] as string, expected: match[2] ?? null });
  }
  return found;
}

function matches(expected: string, output: string): boolean {
  const pattern = expected
    .trim()
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('\\.\\.\\.', '[\\s\\S]*?');
  return new RegExp(pattern).test(output);
}

function copyTree(): string {
  const target = mkdtempSync(join(tmpdir(), 'sluice-readme-'));
  const files = execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  }).split('\0');
  for (const file of files) {
    if (file === '' || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(root, file), join(target, file));
  }
  symlinkSync(join(root, 'node_modules'), join(target, 'node_modules'));
  return target;
}

async function freePorts(known: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of known) {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    found.set(name, String((server.address() as { port: number }).port));
    await new Promise((resolve) => server.close(resolve));
  }
  return found;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
