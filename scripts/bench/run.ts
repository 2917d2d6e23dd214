// In: nothing. Out: a table of how fast Sluice answers signed Stripe webhooks, next to what people write by hand and to other
// tools; with --json the same for machines. Servers have the first core, the generator the second. Changes no file.
//   npm run bench [-- --quick --only pipeline,serve --rounds 7 --seconds 4 --connections 32 --json]
import { parseArgs } from 'node:util';
import { GROUPS } from './http/contenders.ts';
import { generator } from './http/load.ts';
import { type Effort, measureGroup, type Result, type Spread } from './http/measure.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    connections: { type: 'string', default: '32' },
    json: { type: 'boolean', default: false },
  },
});
const effort: Effort = {
  rounds: Number(values.rounds ?? (values.quick ? 3 : 7)),
  seconds: Number(values.seconds ?? (values.quick ? 1 : 4)),
  connections: Number(values.connections),
};
const names = values.only?.split(',') ?? (values.quick ? ['pipeline', 'serve'] : Object.keys(GROUPS));
const unknown = names.filter((name) => GROUPS[name] === undefined);
if (unknown.length > 0) {
  console.error(`there is no group "${unknown.join('", "')}": choose of ${Object.keys(GROUPS).join(', ')}`);
  process.exit(2);
}

const results: Result[] = [];
for (const name of names) results.push(...(await measureGroup(name, effort, (text) => console.error(text))));

if (values.json) {
  console.log(JSON.stringify({ node: process.version, generator, ...effort, results }, null, 2));
} else {
  const { rounds, seconds, connections } = effort;
  console.log(
    `Node ${process.version}, ${generator}, ${connections} connections, ${rounds} rounds of ${seconds} s, medians (lowest to highest)\n`,
  );
  console.log(
    '| group | server | CPU us a request | against its baseline, CPU | requests/s | p50 ms | p99 ms | MiB | answered |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const result of results) console.log(row(result));
}

function row({ group, name, measured, missing }: Result): string {
  if (measured === null) return `| ${group} | ${name} | missing: ${missing} | | | | | | |`;
  const { processorMicroseconds, ratio, perSecond, p50, p99, memoryMiB, answered } = measured;
  const cells = [
    group,
    name,
    text(processorMicroseconds, 1),
    ratio === null ? '1' : text(ratio, 2),
    text(perSecond, 0),
    text(p50, 2),
    text(p99, 1),
    memoryMiB.toFixed(0),
    answered,
  ];
  return `| ${cells.join(' | ')} |`;
}

function text({ median, low, high }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}
