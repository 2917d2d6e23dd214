// What one flow costs another: a neighbour at a steady rate, alone and beside a flow that is slow, hangs or fails, with a
// target of our own. Prints p50 and p99 of the neighbour and how the other flow fared. Rates are those of its arguments:
// neighbours.ts [per second of the neighbour] [of the other] [seconds].
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { bundleOf, planOf } from '../../test/runtime/bundles.ts';
import { startServe } from './hostile/serve.ts';

const [rate = 20, otherRate = 60, seconds = 10] = process.argv.slice(2).map(Number);
const SLOW_MS = 1900;

/** How the other flow answers. */
let behaviour: 'quick' | 'slow' | 'hang' | 'fail' = 'quick';

const target = createServer((incoming, response) => {
  let body = '';
  incoming.setEncoding('utf8').on('data', (chunk: string) => {
    body += chunk;
  });
  incoming.on('end', () => {
    const isOther = body.includes('"actionFlow":"other"');
    const answer = (status: number) => response.writeHead(status).end();
    if (!isOther || behaviour === 'quick') answer(202);
    else if (behaviour === 'slow') setTimeout(() => answer(202), SLOW_MS);
    else if (behaviour === 'fail') answer(500);
  });
}).listen(0, '127.0.0.1');
await new Promise((resolve) => target.once('listening', resolve));

const folder = mkdtempSync(join(tmpdir(), 'sluice-neighbours-'));
const bundle = join(folder, 'bundle.json');
const plans = ['good', 'other'].map((id) => planOf({ id, actionFlow: id, status: 'live' }));
writeFileSync(bundle, bundleOf(plans));
process.env.SLUICE_TARGET_SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const targetUrl = `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;
const serving = await startServe(bundle, join(folder, 'state'), [
  '--target',
  'http',
  '--target-url',
  targetUrl,
]);
const agent = new Agent({ connections: 512 });

interface Seen {
  readonly tookMs: number;
  readonly outcome: string;
}

/** Open loop: a request is sent when it is due, whatever became of those before. */
async function load(connector: string, perSecond: number, forSeconds: number): Promise<readonly Seen[]> {
  const seen: Promise<Seen>[] = [];
  const start = performance.now();
  for (let index = 0; index < perSecond * forSeconds; index += 1) {
    const dueIn = start + (index * 1000) / perSecond - performance.now();
    if (dueIn > 0) await sleep(dueIn);
    seen.push(send(connector, `${behaviour}-${connector}-${index}`));
  }
  return Promise.all(seen);
}

async function send(connector: string, id: string): Promise<Seen> {
  const started = performance.now();
  const { body } = await request(`${serving.url}/c/${connector}`, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id, user: 'u1', amount: 1 }),
  });
  const { outcome = 'rejected' } = (await body.json()) as { outcome?: string };
  return { tookMs: performance.now() - started, outcome };
}

function share(values: readonly number[], part: number): string {
  const sorted = values.toSorted((one, other) => one - other);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
}

const count = (seen: readonly Seen[], outcome: string): number =>
  seen.filter((one) => one.outcome === outcome).length;

await load('good', 50, 2);
console.log(`neighbour at ${rate}/s, other flow at ${otherRate}/s, ${seconds} s a row`);
for (const row of ['alone', 'quick', 'slow', 'hang', 'fail'] as const) {
  behaviour = row === 'alone' ? 'quick' : row;
  const [good, other] = await Promise.all([
    load('good', rate, seconds),
    row === 'alone' ? [] : load('other', otherRate, seconds),
  ]);
  const times = good.map(({ tookMs }) => tookMs);
  console.log(
    `${row.padEnd(6)} p50 ${share(times, 0.5)} ms, p99 ${share(times, 0.99)} ms, delivered ${count(good, 'delivered')} of ${good.length}; ` +
      `other: delivered at once ${count(other, 'delivered')}, held ${count(other, 'held')} of ${other.length}, p50 ${share(
        other.map(({ tookMs }) => tookMs),
        0.5,
      )} ms`,
  );
}
await serving.stop();
await agent.close();
target.closeAllConnections();
target.close();
rmSync(folder, { recursive: true, force: true });
