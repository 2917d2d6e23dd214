// In: nothing. Out: how long `check` and `build` take over large repositories, next to the yaml package that only parses
// the same files; all in processes of their own, in interleaved rounds, as medians and ratios; exit 1 when a goal is
// missed. Needs a quiet machine. Writes generated connectors to a temporary folder only.
//   npm run bench:compile [-- --connectors 1000,10000 --rounds 7 --scripts 0.02 --json]
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateConnectors, SCRIPT_SHARE } from './compile/generate.ts';
import { type Measured, measure } from './compile/measure.ts';

const { values } = parseArgs({
  options: {
    connectors: { type: 'string', default: '1000,10000' },
    rounds: { type: 'string', default: '7' },
    scripts: { type: 'string', default: String(SCRIPT_SHARE) },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const scriptShare = Number(values.scripts);

const YAML = 'yaml alone, samples through JSON.parse';
const ALL_YAML = 'yaml alone, samples through yaml too';
const COLD = 'check, cold';
const WARM = 'check, nothing changed';
const EDIT = 'check, one connector edited';
const BUILD = 'build, cold';

/** Of one row to another, in the same round: what disturbed both cancels out. The goal is for the median. */
const RATIOS: readonly { of: string; to: string; goal: number | null; from?: number }[] = [
  { of: COLD, to: YAML, goal: 1.5 },
  { of: COLD, to: ALL_YAML, goal: 1.5 },
  // Starting up takes what compiling fifty connectors takes: among few, one edit is no tenth.
  { of: EDIT, to: COLD, goal: 0.1, from: 10_000 },
  { of: WARM, to: COLD, goal: 0.1 },
  { of: BUILD, to: COLD, goal: null },
];

const results = values.connectors.split(',').map(Number).map(runSize);
if (values.json)
  console.log(JSON.stringify({ node: process.version, rounds, scriptShare, results }, null, 2));
else for (const result of results) print(result);
process.exitCode = results.every(({ ratios }) => ratios.every(({ isMet }) => isMet)) ? 0 : 1;

function runSize(connectors: number) {
  const cwd = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  try {
    generateConnectors(cwd, connectors, scriptShare);
    const found = new Map<string, Measured[]>();
    // What was written just now is read again in the second run, and from then on only looked at.
    for (let run = 0; run < 2; run += 1) measure(cwd, 'run-command.ts', ['check']);
    for (let round = 0; round < rounds; round += 1) {
      const steps = Object.entries(stepsOf(cwd, round));
      // Every other round the other way about: what runs first has no advantage.
      for (const [name, step] of round % 2 === 0 ? steps : steps.toReversed())
        found.set(name, [...(found.get(name) ?? []), step()]);
    }
    return { connectors, ...summarise(connectors, found) };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function stepsOf(cwd: string, round: number): Record<string, () => Measured> {
  const command = (...args: string[]) => measure(cwd, 'run-command.ts', args);
  return {
    [YAML]: () => measure(cwd, 'yaml-alone.ts', ['connectors', 'json']),
    [ALL_YAML]: () => measure(cwd, 'yaml-alone.ts', ['connectors', 'yaml']),
    [COLD]: () => command('check', '--no-cache'),
    [WARM]: () => command('check'),
    [EDIT]: () => {
      edit(cwd, round);
      return command('check');
    },
    [BUILD]: () => command('build', '--no-cache', '--out', 'bundle.json'),
  };
}

/** Changes one connector, another in each round. */
function edit(cwd: string, round: number): void {
  const names = readdirSync(join(cwd, 'connectors'));
  const name = names[Math.floor(((round + 0.5) * names.length) / rounds)] as string;
  const file = join(cwd, 'connectors', name, 'connector.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^owner: .*/m, `owner: team-${round}`));
}

function summarise(connectors: number, found: ReadonlyMap<string, readonly Measured[]>) {
  const rows = [...found].map(([name, all]) => ({
    name,
    milliseconds: Math.round(median(all.map((one) => one.milliseconds))),
    whole: Math.round(median(all.map((one) => one.whole))),
    cpu: Math.round(median(all.map((one) => one.cpu))),
    peakMiB: Math.round(median(all.map((one) => one.peakMiB))),
  }));
  const ratios = RATIOS.map(({ of, to, goal: wanted, from = 0 }) => {
    const goal = connectors < from ? null : wanted;
    const [above, below] = [found.get(of) ?? [], found.get(to) ?? []];
    const each = above.map((one, round) => one.milliseconds / (below[round] as Measured).milliseconds);
    const ratio = Number(median(each).toFixed(3));
    return { of, to, ratio, goal, isMet: goal === null || ratio <= goal };
  });
  return { ratios, rows };
}

function print({ connectors, ratios, rows }: ReturnType<typeof runSize>): void {
  console.log(
    `\n${connectors} connectors, ${scriptShare * 100} % of them with a script; Node ${process.version}, ${rounds} rounds, medians\n`,
  );
  console.log('| | against | ratio | goal |\n|---|---|---|---|');
  for (const { of, to, ratio, goal, isMet } of ratios)
    console.log(`| ${of} | ${to} | ${isMet ? ratio : `**${ratio}**`} | ${goal ?? ''} |`);
  console.log('\n| | ms | ms, whole process | CPU ms | peak MiB |\n|---|---|---|---|---|');
  for (const { name, milliseconds, whole, cpu, peakMiB } of rows)
    console.log(`| ${name} | ${milliseconds} | ${whole} | ${cpu} | ${peakMiB} |`);
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] as number;
}
