// In: a PostgreSQL of Debian on this machine. Sends webhooks that nobody repeats to three replicas of one database, whose target
// fails at times, kills replicas and the database with SIGKILL meanwhile, and stops a replica. Out: what was sent, answered 202,
// delivered; exit 1 where something that was answered 202 was not delivered, went out under two ids, or a pause was lost.
// --seconds for how long, --stop to stop a replica for longer than its claim, which takes half a minute more.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { POSTGRES, query, startPostgres } from '../test/postgres/postgres-server.ts';
import { bundleOf, planOf } from '../test/runtime/bundles.ts';

const REPLICAS = 3;
const SENDERS = 16;
const TOKEN = 'a-token-of-some-length-for-this-run';
const KILL_EVERY_MS = 3000;

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, stop: { type: 'boolean', default: false } },
});
if (POSTGRES === null) {
  console.log('skipped: there is no PostgreSQL here (Debian: postgresql-15)');
  process.exit(0);
}

interface Replica {
  readonly index: number;
  child: ChildProcess;
  ingress: string;
  admin: string;
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-chaos-'));
const server = await startPostgres({ isDurable: true });
const url = await server.makeDatabase();
/** Of each event, the ids under which the target has had it, and how often. */
const delivered = new Map<string, Map<string, number>>();
const target = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    if (Math.random() < 0.2) {
      response.writeHead(503).end();
      return;
    }
    const { trigger } = JSON.parse(Buffer.concat(parts).toString());
    const [event] = trigger.targetUserIds as string[];
    const ids = delivered.get(event as string) ?? new Map<string, number>();
    const id = String(request.headers['webhook-id']);
    delivered.set(event as string, ids.set(id, (ids.get(id) ?? 0) + 1));
    response.writeHead(204).end();
  });
}).listen(0, '127.0.0.1');
await new Promise((resolve) => target.once('listening', resolve));
const idempotency = { kind: 'path' as const, path: '$.id' };
writeFileSync(
  join(folder, 'bundle.json'),
  bundleOf([
    planOf({ id: 'one', status: 'live', idempotency }),
    planOf({ id: 'paused', status: 'live', behaviour: '2'.repeat(64) }),
  ]),
);

const replicas = await Promise.all(Array.from({ length: REPLICAS }, (_, index) => start(index)));
let isWrong = false;
try {
  isWrong = !(await run());
} finally {
  for (const { child } of replicas) child.kill('SIGKILL');
  target.closeAllConnections();
  target.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}
process.exit(isWrong ? 1 : 0);

async function run(): Promise<boolean> {
  const endsAt = performance.now() + Number(options.seconds) * 1000;
  let sent = 0;
  let lastAt = performance.now();
  let longestMs = 0;
  const acknowledged = new Set<string>();
  const answers = new Map<string, number>();
  const send = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const id = `event-${sent++}`;
      const { ingress } = replicas[sent % REPLICAS] as Replica;
      const body = JSON.stringify({ id, user: id, amount: 1 });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${ingress}/c/one`, { method: 'POST', headers, body }).then(
        async (response) => {
          const { code } = (await response.json()) as { code?: string };
          return response.status === 202 ? '202' : `${response.status} ${code}`;
        },
        () => 'no answer',
      );
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      if (answer === '202') {
        acknowledged.add(id);
        longestMs = Math.max(longestMs, performance.now() - lastAt);
        lastAt = performance.now();
      } else await sleep(5);
    }
  };
  const sending = Promise.all(Array.from({ length: SENDERS }, send));
  const [first] = replicas as [Replica];
  const paused = await admin(first, 'POST', '/connectors/paused/pause', { by: 'chaos', reason: 'to stay' });
  let kills = 0;
  for (; performance.now() + KILL_EVERY_MS < endsAt; kills += 1) {
    await sleep(KILL_EVERY_MS);
    if (kills % 3 === 2) {
      await server.kill();
      await server.start();
    } else await restart(replicas[kills % REPLICAS] as Replica);
  }
  if (options.stop) await stopOne(first);
  await sending;
  const sentAt = performance.now();
  await emptied();
  const lost = [...acknowledged].filter((id) => !delivered.has(id));
  const ids = [...delivered.values()];
  const repeats = ids.filter((counts) => [...counts.values()].some((count) => count > 1)).length;
  const underTwo = ids.filter(({ size }) => size > 1).length;
  const pauses = await Promise.all(replicas.map(isPaused));
  const said = [...answers].map(([answer, count]) => `${answer} ${count}`).join(', ');
  console.log(`killed: ${kills} (every third time the database); sent ${sent}: ${said}`);
  console.log(
    `delivered ${delivered.size}, of these repeated under one id ${repeats}, under two ids ${underTwo}`,
  );
  console.log(
    `answered 202 and lost: ${lost.length}${lost.length > 0 ? ` (${lost.slice(0, 5).join(', ')})` : ''}`,
  );
  console.log(
    `longest without a 202: ${Math.round(longestMs)} ms; all held requests were out ${Math.round(performance.now() - sentAt)} ms after the last was sent`,
  );
  console.log(`pauses lost: ${pauses.filter((one) => !one).length} of ${REPLICAS}`);
  return lost.length === 0 && underTwo === 0 && paused === 200 && pauses.every((one) => one) && sent > 0;
}

/** For longer than its claim, and goes on as if nothing had been. */
async function stopOne(replica: Replica): Promise<void> {
  console.log('one replica is stopped for 30 s');
  replica.child.kill('SIGSTOP');
  await sleep(30_000);
  replica.child.kill('SIGCONT');
}

async function restart(replica: Replica): Promise<void> {
  const ended = new Promise((resolve) => replica.child.once('exit', resolve));
  replica.child.kill('SIGKILL');
  await ended;
  Object.assign(replica, await start(replica.index));
}

/** Until nothing is held any more; a claim that died with its replica takes half a minute at most. */
async function emptied(): Promise<void> {
  const until = performance.now() + 120_000;
  while (performance.now() < until) {
    const [row] = await query<{ held: number }>(url, 'select count(*)::int as held from sluice.holds');
    if (row?.held === 0) return;
    await sleep(200);
  }
  console.log('held requests are left after two minutes');
}

async function isPaused(replica: Replica): Promise<boolean> {
  const response = await fetch(`${replica.ingress}/c/paused`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ id: 'look', user: 'look', amount: 1 }),
  });
  const { code } = (await response.json()) as { code: string };
  return code === 'paused';
}

async function admin(replica: Replica, method: string, path: string, body: object): Promise<number> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const response = await fetch(`${replica.admin}${path}`, { method, headers, body: JSON.stringify(body) });
  return response.status;
}

/** As a user starts it. Resolves when it says where it listens. */
async function start(index: number): Promise<Replica> {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../src/cli/main.ts'),
      'serve',
      ...['--bundle', join(folder, 'bundle.json'), '--state', join(folder, `state-${index}`)],
      ...['--host', '127.0.0.1', '--port', '0', '--admin-port', '0', '--log-level', 'silent'],
      ...['--target', 'http', '--target-url', `http://127.0.0.1:${(target.address() as AddressInfo).port}/`],
    ],
    {
      env: {
        ...process.env,
        SLUICE_DATABASE_URL: url,
        SLUICE_ADMIN_TOKEN: TOKEN,
        SLUICE_TARGET_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let said = '';
  const served = new Promise<RegExpExecArray>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /serving: ingress (\S+), admin (\S+)/.exec(said);
      if (found !== null) resolve(found);
    });
    child.once('exit', () => reject(new Error(`a replica did not start: ${said}`)));
  });
  const [, ingress = '', adminUrl = ''] = await served;
  return { index, child, ingress, admin: adminUrl };
}
