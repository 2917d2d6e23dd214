// In: nothing. Out: a table of the requests per second of a connector with a mapping script, next to the same connector
// with structured mapping, 16 in flight, in interleaved rounds; exit 1 when over HTTP the script gets less than half. In
// process, nothing hides what the script costs. Needs a quiet machine with two cores. Changes no file.
//   npm run bench:scripts [-- --rounds 7 --seconds 3 --json]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { SCRIPTED, STRUCTURED } from './http/connectors.ts';
import { BODY, HEADERS } from './http/request.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const GOAL = 0.5;

const child = spawn(process.execPath, [join(import.meta.dirname, 'scripts/serve.ts')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
const origin = String(line).trim();

const measures = { 'over HTTP': overHttp, 'in process': inProcess } as const;
const results: { how: string; structured: number; script: number; ratio: number }[] = [];
try {
  for (const [how, measure] of Object.entries(measures)) {
    const found: Record<string, number[]> = { [STRUCTURED]: [], [SCRIPTED]: [] };
    for (let round = -1; round < rounds; round += 1) {
      // Every other round the other way about: what runs first has no advantage.
      for (const connector of round % 2 === 0 ? [STRUCTURED, SCRIPTED] : [SCRIPTED, STRUCTURED]) {
        const perSecond = await measure(connector, seconds);
        // The first only warms up.
        if (round >= 0) found[connector]?.push(perSecond);
      }
    }
    const [structured = [], script = []] = [found[STRUCTURED], found[SCRIPTED]];
    const ratio = median(script.map((perSecond, index) => perSecond / (structured[index] ?? 0)));
    const perSecond = { structured: Math.round(median(structured)), script: Math.round(median(script)) };
    results.push({ how, ...perSecond, ratio: Number(ratio.toFixed(2)) });
  }
  const triggers = (await (await fetch(`${origin}/triggers`)).json()) as string[];
  if (triggers.length !== 2 || triggers[0] !== triggers[1]) {
    throw new Error(`the two do not do the same: ${triggers.join('\n')}`);
  }
} finally {
  child.kill();
}

if (values.json) console.log(JSON.stringify({ node: process.version, rounds, seconds, results }, null, 2));
else {
  console.log(`Node ${process.version}, ${rounds} rounds of ${seconds} s, 16 in flight, medians\n`);
  console.log(
    '| | structured, requests/s | script, requests/s | script against structured |\n|---|---|---|---|',
  );
  for (const { how, structured, script, ratio } of results) {
    console.log(`| ${how} | ${structured} | ${script} | ${ratio}x |`);
  }
}
process.exitCode = (results[0]?.ratio ?? 0) >= GOAL ? 0 : 1;

async function overHttp(connector: string, duration: number): Promise<number> {
  const url = `${origin}/c/${connector}`;
  const load = { url, duration, connections: 16, method: 'POST', headers: HEADERS, body: BODY } as const;
  const result = await autocannon(load);
  // A server that refuses is quick: only what was accepted counts.
  const refused = result.errors + result.timeouts + result.non2xx;
  if (refused > 0) throw new Error(`${connector}: ${refused} requests were not accepted`);
  return result.requests.average;
}

async function inProcess(connector: string, duration: number): Promise<number> {
  const answer = await fetch(`${origin}/in-process/${connector}?seconds=${duration}`);
  return (await answer.json()) as number;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] as number;
}
