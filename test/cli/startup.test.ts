/** What a command loads before it does anything: compiling these modules is most of what a short command takes. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const LIST_MODULES = `import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    process.stderr.write('loaded ' + url + '\\n');
    return next(url, context);
  },
});`;

/** Of every module that is loaded, the path below the project. */
function loadedBy(...argv: string[]): readonly string[] {
  const hooks = `data:text/javascript,${encodeURIComponent(LIST_MODULES)}`;
  const { stderr } = spawnSync(process.execPath, ['--import', hooks, 'src/cli/main.ts', ...argv], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, SLUICE_ADMIN_URL: 'http://127.0.0.1:1' },
  });
  return [...stderr.matchAll(/^loaded file:\/\/(.*)$/gm)].map(([, path = '']) => path.slice(root.length + 1));
}

const HEAVY =
  /^(?:src\/(?:compiler|studio|stages\/(?:signature|shape|mapping|script)|runtime\/(?:pipeline|ingress|processes|script-host))|node_modules\/(?:ajv|yaml|esbuild|express|undici|pino|isolated-vm|@nats-io|jose|saxes|@clack))\//;

test.for([
  ['--help'],
  ['--version'],
  ['check', '--help'],
  ['explain', 'sample-missing'],
  ['status'],
  ['held', 'list'],
  ['pause', 'shop', '--reason', 'x'],
])('`sluice %s` loads nothing that compiles or serves', (argv) => {
  const loaded = loadedBy(...argv);
  expect(loaded).toContain('src/cli/program.ts');
  expect(loaded.filter((path) => HEAVY.test(path))).toEqual([]);
});

test('`sluice check` loads the compiler', () => {
  expect(loadedBy('check', 'no-such-folder').some((path) => HEAVY.test(path))).toBe(true);
});
