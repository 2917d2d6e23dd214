// In: the working tree. Out: one line for each step, exit 1 at the first that fails. Packs Sluice and uses it as a team
// would: installed into an empty folder, init, check, test, build, new; on this Node and on the newest one, which installs
// from the lock file without install scripts, as the workflow does. Leaves nothing behind.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The newest there is as a binary package for npm; nothing else of this repository depends on it. */
const NEWEST_NODE = '26.10.0';
const LIMIT_MS = 300_000;

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'sluice-packed-'));

try {
  run('pack', process.execPath, root, [process.execPath, 'scripts/pack.ts', '--out', scratch]);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const team = join(scratch, 'team');
  mkdirSync(team);
  const here = (name: string, ...command: string[]): string => run(name, process.execPath, team, command);
  here('npm init', 'npm', 'init', '-y');
  here('npm install', 'npm', 'install', '--save-dev', '--no-audit', '--no-fund', `../sluice-${version}.tgz`);
  here('sluice init', 'npx', 'sluice', 'init');
  useAll(here);
  const sample = join(root, 'connectors/stripe-payment-failed/samples/card-declined.json');
  here(
    'sluice new',
    'npx',
    'sluice',
    'new',
    'declined',
    '--preset',
    'stripe',
    '--sample',
    sample,
    '--action-flow',
    'F1',
  );
  const shipped = ['--preset', 'stripe', '--event', 'invoice.payment_failed', '--action-flow', 'F1', '--yes'];
  here('sluice new --event', 'npx', 'sluice', 'new', 'failed', ...shipped);
  // A mapping script starts the child process that loads isolated-vm.
  cpSync(join(root, 'connectors/pagerduty-incident'), join(team, 'connectors/pagerduty-incident'), {
    recursive: true,
  });
  for (const command of ['check', 'test']) here(`sluice ${command}, with it`, 'npx', 'sluice', command);

  useLibrary(team, here);

  if (process.platform === 'linux') useNewest(team);
  else console.log('skip the newest Node: its package is for Linux');
} catch (error) {
  console.log((error as Error).message);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** What `import 'sluice'` gives, and what it does not; and both example applications, as their readers would run them. */
function useLibrary(team: string, here: (name: string, ...command: string[]) => string): void {
  const { devDependencies, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = [
    `fastify@${devDependencies.fastify}`,
    `express@${dependencies.express}`,
    `pino@${dependencies.pino}`,
    `@types/node@${devDependencies['@types/node']}`,
  ];
  here('npm install fastify', 'npm', 'install', '--no-audit', '--no-fund', ...wanted);
  cpSync(join(root, 'scripts/packed'), team, { recursive: true });
  here('exports of the package', 'node', 'exports.mjs');
  const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--types', 'node', 'typed.mts'];
  here('types of the package', join(root, 'node_modules/.bin/tsc'), ...strict);
  for (const name of ['express-app.mjs', 'fastify-app.mjs']) {
    cpSync(join(root, 'docs/embedding', name), join(team, name));
    here(`docs/embedding/${name}`, 'node', 'try-app.mjs', name);
  }
}

function useNewest(team: string): void {
  const name = `node-linux-${process.arch}`;
  const tools = join(scratch, 'tools');
  mkdirSync(tools);
  const install = [
    'npm',
    'install',
    '--prefix',
    tools,
    '--no-save',
    '--no-audit',
    '--no-fund',
    `${name}@${NEWEST_NODE}`,
  ];
  run(`npm install ${name}`, process.execPath, scratch, install);
  const node = join(tools, 'node_modules', name, 'bin/node');
  const clone = join(scratch, 'clone');
  cpSync(team, clone, { recursive: true, filter: (path) => !/\/(node_modules|dist|[.]sluice)$/.test(path) });
  const there = (step: string, ...command: string[]): string => run(step, node, clone, command);
  const version = there('node', 'node', '--version').trim();
  if (version !== `v${NEWEST_NODE}`)
    throw new Error(`FAIL this should be Node ${NEWEST_NODE}, and is ${version}`);
  there('npm ci', 'npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund');
  useAll(there);
}

function useAll(here: (name: string, ...command: string[]) => string): void {
  for (const command of ['check', 'test', 'build']) here(`sluice ${command}`, 'npx', 'sluice', command);
}

/** Standard output of a command that runs with this Node first on its path. Throws what it printed if it fails. */
function run(name: string, node: string, cwd: string, [command = '', ...args]: string[]): string {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PATH: [dirname(node), process.env.PATH].join(delimiter) },
  });
  if (status !== 0) throw new Error(`FAIL ${name}\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
  console.log(`ok   ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return stdout;
}
