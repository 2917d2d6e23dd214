// A guard against slow decay. In: the checked-in figures. Out: bytes that the handler allocates for each of a fixed set of
// requests, exit 1 where one has grown by more than a tenth. Allocations, because they are the same on every machine and
// under any load; counted without optimising compilers, which remove some of them at times of their own choosing.
// With --words: what the words of a mapping cost beside plain paths, in processor time; on request, as it needs a quiet machine.
//   npm run bench:guard [-- --update | --words]
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const FIGURES = join(import.meta.dirname, 'guard/figures.json');
const TOLERATED = 0.1;
/** So much room that nothing is collected while it is counted. */
const FLAGS = [
  '--expose-gc',
  '--max-semi-space-size=512',
  '--min-semi-space-size=512',
  '--no-opt',
  '--no-maglev',
];

const { values } = parseArgs({
  options: { update: { type: 'boolean', default: false }, words: { type: 'boolean', default: false } },
});
if (values.words) {
  await import('./guard/words.ts');
  process.exit();
}
const counted = spawnSync(process.execPath, [...FLAGS, join(import.meta.dirname, 'guard/count.ts')], {
  encoding: 'utf8',
});
if (counted.status !== 0) throw new Error(counted.stderr);
const now: Record<string, number> = JSON.parse(counted.stdout);
if (values.update) {
  writeFileSync(FIGURES, `${JSON.stringify(now, null, 2)}\n`);
  console.log(`${FIGURES} says now: ${counted.stdout}`);
} else {
  const before: Record<string, number> = JSON.parse(readFileSync(FIGURES, 'utf8'));
  for (const [name, bytes] of Object.entries(now)) {
    const figure = before[name];
    const grown = figure === undefined ? Number.POSITIVE_INFINITY : bytes / figure - 1;
    const verdict = grown > TOLERATED ? 'TOO MUCH' : 'ok';
    console.log(`${verdict.padEnd(8)} ${name}: ${bytes} bytes a request, ${figure ?? 'nothing'} checked in`);
    if (grown > TOLERATED) {
      process.exitCode = 1;
      console.log('  make it cheaper, or say why it costs more and run "npm run bench:guard -- --update"');
    }
  }
}
