// In: nothing. Out: a table of how long connectors take to answer while their neighbours' scripts are hostile, against quiet,
// in interleaved rounds; how long each hostile script took to settle; and the memory of all processes before and after.
// Exit 1 when a goal is missed. `serve` runs as it is deployed, in a process of its own. Needs a quiet machine with two
// cores. Changes no file.
//   npm run bench:hostile [-- --rounds 7 --seconds 5 --rate 200 --json]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NEIGHBOURS, SETTLING, writeHostileBundle } from './hostile/connectors.ts';
import { type Answers, attack, measureNeighbours, settle, sleep } from './hostile/load.ts';
import { treeOf } from './hostile/process-tree.ts';
import { startServe } from './hostile/serve.ts';

/** The neighbours' p99 against quiet; how much longer than its deadline a script may take; memory at the end against the start. */
const GOALS = { p99: 2, overrunMs: 300, memory: 1.25 };
const DEADLINE_MS = 500;
/** How long a killed process gets to be replaced. */
const REPLACED_MS = 1000;
/** How long the processes get to give memory back. */
const REST_MS = 5000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '5' },
    rate: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const server = await startServe(await writeHostileBundle(folder, rounds), join(folder, 'state'));
const found: Record<
  string,
  { quiet: number[]; hostile: number[]; worst: number; kept: number; count: number }
> = Object.fromEntries(
  NEIGHBOURS.map((kind) => [kind, { quiet: [], hostile: [], worst: 0, kept: 0, count: 0 }] as const),
);
const answers = new Map<string, number>();
try {
  const load = (): Promise<Answers> => measureNeighbours(server.url, Number(values.rate), seconds);
  await load();
  const before = treeOf(server.pid);

  // One at a time, and each when the process that the one before has cost is replaced, so that what is measured is the
  // script and not its turn.
  const settled: { name: string; took: number; code: string }[] = [];
  for (const name of SETTLING) {
    await sleep(REPLACED_MS);
    settled.push({ name, ...(await settle(server.url, `settling-${name}`)) });
  }

  for (let round = 0; round < rounds; round += 1) {
    for (const how of round % 2 === 0 ? (['quiet', 'hostile'] as const) : (['hostile', 'quiet'] as const)) {
      const ends = how === 'hostile' ? attack(server.url, round, seconds, answers) : Promise.resolve();
      const [answered] = await Promise.all([load(), ends]);
      for (const kind of NEIGHBOURS) {
        const sorted = answered[kind].latencies.toSorted((one, other) => one - other);
        const of = found[kind] as (typeof found)[string];
        of[how].push(sorted[Math.ceil(sorted.length * 0.99) - 1] as number);
        of.count += sorted.length;
        of.kept += answered[kind].kept;
        if (how === 'hostile') of.worst = Math.max(of.worst, sorted.at(-1) ?? 0);
      }
      await sleep(500);
    }
  }
  await sleep(REST_MS);
  // What was not yet collected is not lost: the same load as before the first measurement.
  await load();
  await sleep(REST_MS);
  const after = treeOf(server.pid);
  report(before, after, settled);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}

type Tree = ReturnType<typeof treeOf>;

function report(
  before: Tree,
  after: Tree,
  settled: readonly { name: string; took: number; code: string }[],
): void {
  const neighbours = NEIGHBOURS.map((kind) => {
    const { quiet, hostile, worst, kept, count } = found[kind] as (typeof found)[string];
    const ratio = median(hostile.map((p99, round) => p99 / (quiet[round] as number)));
    return { kind, count, kept, quiet: median(quiet), hostile: median(hostile), ratio, worst };
  });
  const slowest = settled.reduce((one, other) => (other.took > one.took ? other : one));
  const memory = after.bytes / before.bytes;
  const missed = [
    ...neighbours.filter(({ ratio }) => ratio > GOALS.p99).map(({ kind }) => `p99 of ${kind} neighbours`),
    ...neighbours
      .filter(({ kept }) => kept > 0)
      .map(({ kind }) => `${kind} neighbours that were not delivered`),
    ...(slowest.took > DEADLINE_MS + GOALS.overrunMs ? [`the deadline, by ${slowest.name}`] : []),
    ...(memory > GOALS.memory ? ['memory'] : []),
    ...(after.processes > before.processes ? ['processes left behind'] : []),
  ];
  process.exitCode = missed.length === 0 ? 0 : 1;
  const hostile = Object.fromEntries(answers);
  if (values.json) {
    const output = {
      node: process.version,
      rounds,
      seconds,
      neighbours,
      hostile,
      settled,
      before,
      after,
      missed,
    };
    console.log(JSON.stringify(output, null, 2));
    return;
  }
  const ms = (value: number): string => value.toFixed(1);
  const mb = ({ bytes }: Tree): string => `${Math.round(bytes / 1024 / 1024)} MB`;
  console.log(
    `Node ${process.version}, ${rounds} rounds of ${seconds} s, ${values.rate} requests/s to neighbours\n`,
  );
  console.log(
    '| neighbours | p99 quiet, ms | p99 hostile, ms | ratio | slowest, ms | delivered |\n|---|---|---|---|---|---|',
  );
  for (const one of neighbours) {
    console.log(
      `| ${one.kind} | ${ms(one.quiet)} | ${ms(one.hostile)} | ${one.ratio.toFixed(2)}x | ${ms(one.worst)} | ${one.count - one.kept} of ${one.count} |`,
    );
  }
  console.log(`\nanswers to the hostile requests: ${JSON.stringify(hostile)}`);
  console.log(
    `${settled.length} hostile scripts, the slowest (${slowest.name}) settled in ${ms(slowest.took)} ms`,
  );
  console.log(`memory ${mb(before)} -> ${mb(after)}, processes ${before.processes} -> ${after.processes}`);
  console.log(missed.length === 0 ? 'all goals met' : `missed: ${missed.join('; ')}`);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] as number;
}
