// In: nats-server of Debian. Starts three of one cluster, publishes triggers through the target without a pause, and kills the
// leader of the stream with SIGKILL. Out: how many were taken, how long nothing was, and what the target said meanwhile; exit 1
// where one that was taken is not in the stream, or is there twice, or a failure was not one that may pass. --seconds for how long.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { createNatsTarget } from '../src/runtime/targets/nats-target.ts';
import { findTool } from './debian-tool.ts';

const STREAM = 'triggers';
const NODES = 3;
/** As a request waits for a target. */
const DEADLINE_MS = 2000;
const AT_ONCE = 8;

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const server = findTool({ command: 'nats-server', package: 'nats-server', by: 'install' });
if (server === null) {
  console.log('skipped: there is no nats-server');
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'sluice-nats-'));
const nodes = new Map<string, ChildProcess>();
try {
  const ports = await freePorts(2 * NODES);
  const urls = ports.slice(0, NODES).map((port) => `nats://127.0.0.1:${port}`);
  const routes = ports.slice(NODES).map((port) => `nats://127.0.0.1:${port}`);
  for (let index = 0; index < NODES; index += 1) {
    const config = join(folder, `${index}.conf`);
    writeFileSync(
      config,
      `server_name: n${index}\nlisten: "127.0.0.1:${ports[index]}"\njetstream { store_dir: "${join(folder, `n${index}`)}" }
cluster { name: c, listen: "127.0.0.1:${ports[NODES + index]}", routes: ${JSON.stringify(routes)} }\n`,
    );
    nodes.set(`n${index}`, spawn(server, ['-c', config], { stdio: 'ignore' }));
  }
  const connection = await retry(() => connect({ servers: urls, maxReconnectAttempts: -1, timeout: 1000 }));
  const manager = await retry(() => jetstreamManager(connection));
  await retry(() => manager.streams.add({ name: STREAM, subjects: ['sluice.>'], num_replicas: NODES }));

  const target = createNatsTarget({ servers: urls, prefix: 'sluice', token: null, name: 'failover' });
  const endsAt = performance.now() + Number(options.seconds) * 1000;
  const taken = new Set<string>();
  const said = new Map<string, number>();
  let isWrong = false;
  let lastAt = performance.now();
  let longestMs = 0;
  let next = 0;
  const publish = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const flowInvocationId = `i${next++}`;
      const common = { requestId: 'r', connector: 'one', actionFlow: 'F1', mode: 'live' as const };
      const trigger = { ...common, flowInvocationId, trigger: { targetUserIds: ['u'], flowInvocationId } };
      // As a hold is: sent again under its id until it is taken.
      for (let isTaken = false; !isTaken; ) {
        const delivery = await target.send(trigger, AbortSignal.timeout(DEADLINE_MS));
        isTaken = delivery.ok;
        if (delivery.ok) continue;
        said.set(delivery.reason, (said.get(delivery.reason) ?? 0) + 1);
        isWrong ||= !delivery.retry;
        if (!delivery.retry) break;
        await sleep(100);
      }
      taken.add(flowInvocationId);
      longestMs = Math.max(longestMs, performance.now() - lastAt);
      lastAt = performance.now();
    }
  };
  const publishing = Promise.all(Array.from({ length: AT_ONCE }, publish));
  await sleep((Number(options.seconds) * 1000) / 3);
  const leader = (await manager.streams.info(STREAM)).cluster?.leader ?? 'n0';
  const before = taken.size;
  nodes.get(leader)?.kill('SIGKILL');
  await publishing;
  await target.close();

  const stored = new Map<string, number>();
  const { state } = await retry(() => manager.streams.info(STREAM));
  for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
    const message = await retry(() => manager.streams.getMessage(STREAM, { seq }));
    const id = message?.json<{ flowInvocationId: string }>().flowInvocationId ?? '';
    stored.set(id, (stored.get(id) ?? 0) + 1);
  }
  await connection.close();
  const lost = [...taken].filter((id) => !stored.has(id)).length;
  const twice = [...stored.values()].filter((count) => count > 1).length;
  console.log(
    `killed ${leader}, the leader, after ${before} triggers; ${taken.size} taken in all, ${stored.size} stored`,
  );
  console.log(
    `lost ${lost}, twice ${twice}; the longest time without one taken: ${Math.round(longestMs)} ms`,
  );
  for (const [reason, count] of said) console.log(`  ${count} times: ${reason}`);
  process.exitCode = lost + twice > 0 || isWrong || taken.size === before ? 1 : 0;
} finally {
  for (const node of nodes.values()) node.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A cluster takes seconds to choose who leads. */
async function retry<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(200);
    }
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((one) => new Promise((resolve) => one.once('listening', resolve))));
  const ports = servers.map((one) => (one.address() as { port: number }).port);
  await Promise.all(servers.map((one) => new Promise((resolve) => one.close(resolve))));
  return ports;
}
