// In: the working tree. Out: sluice-<version>.tgz in the folder named by --out (default: here), ready for `npm publish`.
// It holds built JavaScript and a package.json without the Node pin, which is for working on Sluice and not for using it.
// The root package.json is private, so that nobody publishes the working tree by mistake.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { writePage } from './build-page.ts';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({ options: { out: { type: 'string', default: process.cwd() } } });
// Where the caller is, not where npm packs.
const out = resolve(options.out);
const staging = mkdtempSync(join(tmpdir(), 'sluice-pack-'));

try {
  const build = ['-p', 'tsconfig.build.json', '--outDir', join(staging, 'dist')];
  execFileSync(join(root, 'node_modules/.bin/tsc'), build, { cwd: root, stdio: 'inherit' });
  await writePage(join(staging, 'dist'));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const file of manifest.files.filter((name: string) => name !== 'dist')) {
    cpSync(join(root, file), join(staging, file), { recursive: true });
  }
  for (const field of ['private', 'scripts', 'devDependencies', 'optionalDependencies'])
    delete manifest[field];
  writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  mkdirSync(out, { recursive: true });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', out], {
    cwd: staging,
    stdio: 'inherit',
  });
} finally {
  rmSync(staging, { recursive: true });
}
