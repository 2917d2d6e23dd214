// In: the packages of sources.ts, of which npm installs exactly those versions into a temporary folder (--packages names one
// that has them). Out: src/providers/data/<preset>/may-be-missing.json. Their scripts do not run. --only makes the table of one
// preset. Not part of "npm run generate", which needs no network: run it when a version in sources.ts changes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { readJsonSchema } from './from-json-schema.ts';
import { readTypes } from './from-types.ts';
import { SOURCES } from './sources.ts';
import { makeTable, tableText } from './table.ts';

/** The last one whose compiler programs can call. */
const TYPESCRIPT = 'typescript@5.9.3';

const { values: options } = parseArgs({
  options: { packages: { type: 'string' }, only: { type: 'string' } },
});
const chosen = SOURCES.filter(({ preset }) => options.only === undefined || preset === options.only);
const folder = options.packages ?? install();
try {
  for (const { preset, named, package: name, version, license, schema, entry = '' } of chosen) {
    const home = join(folder, 'node_modules', name);
    const installed = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
    if (installed.version !== version) throw new Error(`${name} is ${installed.version}, not ${version}`);
    const events =
      schema === undefined
        ? readTypes(folder, preset, entry)
        : readJsonSchema(readFileSync(join(home, schema), 'utf8'));
    const text = tableText(makeTable({ source: `${name} ${version}, ${license}`, named }, events));
    const out = join(import.meta.dirname, '../../src/providers/data', preset);
    mkdirSync(out, { recursive: true });
    writeFileSync(join(out, 'may-be-missing.json'), text);
    const size = `${text.length} bytes, ${gzipSync(text).length} compressed`;
    console.log(`${preset}: ${events.size} events, ${size}`);
  }
} finally {
  if (options.packages === undefined) rmSync(folder, { recursive: true });
}

function install(): string {
  const temporary = mkdtempSync(join(tmpdir(), 'sluice-provider-tables-'));
  writeFileSync(join(temporary, 'package.json'), '{"private": true}');
  const wanted = new Set(chosen.map(({ package: name, version }) => `${name}@${version}`));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', temporary];
  execFileSync('npm', ['install', ...flags, TYPESCRIPT, ...wanted], { stdio: 'inherit' });
  return temporary;
}
