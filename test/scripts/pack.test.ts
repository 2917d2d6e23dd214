import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'sluice-packed-'));
const unpacked = join(folder, 'package');

beforeAll(() => {
  // As the pages name it: where the caller is, and not there yet.
  execFileSync(process.execPath, ['scripts/pack.ts', '--out', relative(root, join(folder, 'out'))], {
    cwd: root,
  });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  execFileSync('tar', ['-xzf', join('out', `sluice-${version}.tgz`)], { cwd: folder });
  symlinkSync(join(root, 'node_modules'), join(unpacked, 'node_modules'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('the published manifest has neither the Node pin nor what only the repository needs', () => {
  const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
  expect(JSON.stringify(manifest)).not.toContain('node-linux-');
  expect(Object.keys(manifest)).toEqual(expect.arrayContaining(['bin', 'dependencies', 'engines']));
  for (const field of ['private', 'scripts', 'devDependencies']) expect(manifest).not.toHaveProperty(field);
});

test('an older Node is told in one line, before anything is loaded that it does not know', () => {
  const main = join(unpacked, 'dist/src/cli/main.js');
  // What is imported statically is loaded first: only what every Node has had for long, and a file that needs no more.
  const loaded = ['main.js', '../workbench/compile/cache-folder.js'].flatMap((file) => {
    const text = readFileSync(join(main, '..', file), 'utf8');
    return [...text.matchAll(/^import .* from '(.+)';$/gm)].map(([, name]) => name);
  });
  expect([...new Set(loaded)].sort()).toEqual([
    '../workbench/compile/cache-folder.js',
    'node:module',
    'node:path',
  ]);
  const older = "data:text/javascript,Object.defineProperty(process, 'version', { value: 'v20.20.2' })";
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', older, main, '--version'], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: 'Sluice needs Node 24 or later, this is v20.20.2\n',
  });
  const { engines } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'));
  expect(engines.node).toBe('>=24');
});

test('every page that README links to is in the package', () => {
  const readme = readFileSync(join(unpacked, 'README.md'), 'utf8');
  const links = [...readme.matchAll(/\]\(([\w./-]+)\)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(5);
  for (const path of links) expect([path, existsSync(join(unpacked, path))]).toEqual([path, true]);
});

test.each(['check', 'test'])('the published command line runs "%s connectors"', (command) => {
  const args = [join(unpacked, 'dist/src/cli/main.js'), command, join(root, 'connectors')];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
});
