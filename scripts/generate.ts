// Makes everything that is made from something else: types from schemas, pages and tables from the code. With --check it
// writes nothing, and exits 1 where anything differs from what it would write.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** In this order: the codes go into a schema, and from there into types and into what the pages of problems print. */
const STEPS: readonly (readonly string[])[] = [
  ['scripts/generate/outcomes-doc.ts'],
  ['scripts/generate/targets-schema.ts'],
  ['scripts/generate/schema-types.ts'],
  ['scripts/generate/preset-list.ts'],
  ['scripts/generate/preset-table.ts'],
  ['scripts/generate/diagnostics-doc.ts'],
  ['scripts/connector-doc.ts'],
  ['src/cli/main.ts', 'types'],
];

const flags = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
let failed = 0;
for (const step of STEPS) {
  const { status } = spawnSync(process.execPath, [...step, ...flags], { cwd: root, stdio: 'inherit' });
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
