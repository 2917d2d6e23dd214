/**
 * Processes that are killed in the middle of their work (kill -9), again and again, under load. What was answered 202 is
 * delivered or held afterwards, and nothing starts a flow twice. What a power failure takes is tested elsewhere.
 */

import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Hold } from '../../src/admin-api/records.ts';
import { hmacSignature, makePlan } from '../bundle/make-plan.ts';
import { bundleOf } from '../runtime/bundles.ts';
import { until } from '../runtime/running.ts';
import { ok, type RecordingServer, startServer, status } from '../runtime/targets/recording-server.ts';
import { SECRET } from '../runtime/world.ts';
import { type Server, Workspace } from './harness.ts';

const SENDERS = 8;
const ROUNDS = 3;
/** Answers of a round before the kill; anything up to this. */
const MAX_ANSWERS = 60;
/** One takes what comes; the other has no sample yet and holds all of it. */
const CONNECTORS = ['delivers', 'holds'] as const;

let workspace: Workspace;
let target: RecordingServer | null = null;

beforeEach(() => {
  vi.stubEnv('SLUICE_SECRET_TEST', SECRET);
  vi.stubEnv('SLUICE_TARGET_SECRET', `whsec_${Buffer.alloc(32, 1).toString('base64')}`);
  workspace = new Workspace();
  const plan = { signature: hmacSignature, status: 'live' } as const;
  writeFileSync(
    workspace.path('bundle.json'),
    bundleOf([makePlan({ ...plan, id: 'delivers' }), makePlan({ ...plan, id: 'holds', shape: null })]),
  );
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await workspace.close();
  await target?.close();
  target = null;
});

/** Events that are sent until they are answered 202, as a provider does. */
class Events {
  readonly acknowledged = new Set<string>();
  #next = 0;
  #unanswered: string[] = [];

  /** Sends from all sides; kills after so many answers. */
  async loadAndKill(server: Server, answers: number): Promise<void> {
    let left = answers;
    let killed: Promise<unknown> | null = null;
    const sendOn = async (): Promise<void> => {
      while (killed === null) {
        const event = this.#unanswered.shift() ?? `evt_${this.#next++}`;
        if (await send(server, event)) this.acknowledged.add(event);
        else this.#unanswered.push(event);
        left -= 1;
        if (left <= 0) killed ??= server.stop('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, sendOn));
    await killed;
  }

  /** What no process answered, once more. */
  async sendRest(server: Server): Promise<void> {
    for (const event of this.#unanswered.splice(0)) {
      expect(await send(server, event)).toBe(true);
      this.acknowledged.add(event);
    }
  }
}

/** Every third event goes to the connector that holds. */
function connectorOf(event: string): (typeof CONNECTORS)[number] {
  return Number(event.slice('evt_'.length)) % 3 === 0 ? 'holds' : 'delivers';
}

/** Whether it was answered 202. */
async function send(server: Server, event: string): Promise<boolean> {
  const body = JSON.stringify({ id: event, user: { id: event }, amount: 1 });
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  try {
    const response = await fetch(`${server.ingress}/c/${connectorOf(event)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signature': signature },
      body,
    });
    await response.arrayBuffer();
    return response.status === 202;
  } catch {
    // The process is gone.
    return false;
  }
}

function heldEvents(): string[] {
  return CONNECTORS.flatMap((connector) => {
    const folder = join(workspace.state, 'held', connector);
    return listFolder(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Hold)
      .map(({ request }) => JSON.parse(Buffer.from(request.body, 'base64').toString('utf8')).id);
  });
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

interface Started {
  readonly event: string;
  readonly flowInvocationId: string;
}

/** Lines of the log target; one that a kill cut off was not acknowledged. */
function logged(): Started[] {
  const text = readFileSync(join(workspace.state, 'triggers.ndjson'), 'utf8');
  return text.split('\n').flatMap((line) => {
    try {
      const { trigger, flowInvocationId } = JSON.parse(line);
      return [{ event: trigger.targetUserIds[0], flowInvocationId }];
    } catch {
      return [];
    }
  });
}

function expectOneIdEach(started: readonly Started[]): void {
  const ids = new Map<string, Set<string>>();
  for (const { event, flowInvocationId } of started)
    ids.set(event, (ids.get(event) ?? new Set()).add(flowInvocationId));
  expect([...ids].filter(([, some]) => some.size > 1)).toEqual([]);
}

test('killed with the log target: what was answered 202 is in the file or held', async () => {
  const events = new Events();
  const args = ['serve', '--bundle', 'bundle.json', '--log-level', 'silent'];
  for (let round = 0; round < ROUNDS; round += 1) {
    const server = await workspace.start(...args);
    await events.loadAndKill(server, 1 + Math.floor(Math.random() * MAX_ANSWERS));
    const kept = new Set([...logged().map(({ event }) => event), ...heldEvents()]);
    expect([...events.acknowledged].filter((event) => !kept.has(event))).toEqual([]);
  }
  expect(events.acknowledged.size).toBeGreaterThan(0);
  const server = await workspace.start(...args);
  await events.sendRest(server);
  expect(await server.stop('SIGTERM')).toBe(0);
  const kept = new Set([...logged().map(({ event }) => event), ...heldEvents()]);
  expect([...events.acknowledged].filter((event) => !kept.has(event))).toEqual([]);
  expectOneIdEach(logged());
}, 60_000);

test('killed while the target is down: what was answered 202 is held, and delivered once it is back', async () => {
  target = await startServer(status(503));
  const events = new Events();
  const args = ['serve', '--bundle', 'bundle.json', '--log-level', 'silent'];
  args.push('--target', 'http', '--target-url', `${target.origin}/hook`);
  for (let round = 0; round < ROUNDS - 1; round += 1) {
    const server = await workspace.start(...args);
    await events.loadAndKill(server, 1 + Math.floor(Math.random() * MAX_ANSWERS));
    const kept = new Set(heldEvents());
    expect([...events.acknowledged].filter((event) => !kept.has(event))).toEqual([]);
  }
  target.requests.length = 0;
  target.respond = ok;
  expect(events.acknowledged.size).toBeGreaterThan(0);
  const server = await workspace.start(...args);
  await events.sendRest(server);
  const isForTarget = (event: string) => connectorOf(event) === 'delivers';
  const waiting = join(workspace.state, 'held', 'delivers');
  await until(() => !listFolder(waiting).some((name) => name.endsWith('.json')));
  const delivered = target.requests.map(({ body }): Started => {
    const { trigger, flowInvocationId } = JSON.parse(body);
    return { event: trigger.targetUserIds[0], flowInvocationId };
  });
  const missing = new Set([...events.acknowledged].filter(isForTarget));
  for (const { event } of delivered) missing.delete(event);
  expect([...missing]).toEqual([]);
  expectOneIdEach(delivered);
  expect(await server.stop('SIGTERM')).toBe(0);
  const held = new Set(heldEvents());
  expect([...events.acknowledged].filter((event) => !isForTarget(event) && !held.has(event))).toEqual([]);
}, 60_000);
