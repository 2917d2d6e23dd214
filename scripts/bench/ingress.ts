// In: nothing. Out: a table of how fast Sluice answers signed Stripe webhooks, next to hand-written routes that only
// verify, parse and pick five fields. Each server runs in a process of its own; all are measured in one run, in
// interleaved rounds, and the medians are compared. Needs a quiet machine with two cores. Changes no file.
//   npm run bench [-- --rounds 7 --seconds 4 --json]
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { BODY, HEADERS } from './ingress/request.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '32' },
    json: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);

/** The first is what the others are compared with. */
const SERVERS = {
  'hand-written Express route (express.raw)': ['express-route.ts'],
  'hand-written node:http route': ['node-route.ts'],
  'Sluice, 1 connector': ['sluice.ts', '1'],
  'Sluice, 10,000 connectors': ['sluice.ts', '10000'],
} as const;

interface Round {
  readonly perSecond: number;
  readonly p99: number;
}

interface Running {
  readonly name: string;
  readonly child: ChildProcess;
  readonly url: string;
  readonly rounds: Round[];
}

const running: Running[] = [];
for (const [name, [file, ...args]] of Object.entries(SERVERS)) running.push(await start(name, file, args));
try {
  for (const server of running) await load(server, 2);
  for (let round = 0; round < rounds; round += 1) {
    // Every other round the other way about: what runs first has no advantage.
    for (const server of round % 2 === 0 ? running : running.toReversed())
      server.rounds.push(await load(server, seconds));
  }
} finally {
  for (const { child } of running) child.kill();
}

const [baseline] = running as [Running, ...Running[]];
const results = running.map((server) => ({
  server: server.name,
  perSecond: Math.round(median(server.rounds.map((round) => round.perSecond))),
  // Of each round against the baseline's in the same round: what disturbed both cancels out.
  ratio: Number(
    median(
      server.rounds.map((round, index) => round.perSecond / (baseline.rounds[index] as Round).perSecond),
    ).toFixed(2),
  ),
  p99: median(server.rounds.map((round) => round.p99)),
}));
if (values.json) console.log(JSON.stringify({ node: process.version, rounds, seconds, results }, null, 2));
else {
  console.log(
    `Node ${process.version}, ${rounds} rounds of ${seconds} s, ${values.connections} connections, medians\n`,
  );
  console.log('| server | requests/s | against the first | p99 ms |\n|---|---|---|---|');
  for (const { server, perSecond, ratio, p99 } of results)
    console.log(`| ${server} | ${perSecond} | ${ratio}x | ${p99} |`);
}

/** Resolves once the server has said where it listens. */
function start(name: string, file: string, args: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'ingress', file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.stdout
      .setEncoding('utf8')
      .once('data', (url: string) => resolve({ name, child, url: url.trim(), rounds: [] }));
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}`)));
  });
}

async function load({ name, url }: Running, duration: number): Promise<Round> {
  const result = await autocannon({
    url,
    duration,
    connections: Number(values.connections),
    method: 'POST',
    headers: HEADERS,
    body: BODY,
  });
  // A server that refuses is quick: only what was accepted counts.
  const refused = result.errors + result.timeouts + result.non2xx;
  if (refused > 0) throw new Error(`${name}: ${refused} requests were not accepted`);
  return { perSecond: result.requests.average, p99: result.latency.p99 };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] as number;
}
