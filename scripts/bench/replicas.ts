// In: a PostgreSQL of Debian on this machine, every commit on its disk. Out: how long a pause takes to hold on another
// replica, and how many requests a second are kept, beside a state folder on the same disk. Medians of rounds that take turns.

import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStateOwner } from '../../src/runtime/state/files/open-state-owner.ts';
import { openPostgresOwner } from '../../src/runtime/state/postgres/open-postgres-owner.ts';
import type { StateOwner } from '../../src/runtime/state/state-owner.ts';
import { addressOf, POSTGRES, startPostgres } from '../../test/postgres/postgres-server.ts';
import { BEHAVIOUR, makeUndelivered } from '../../test/runtime/state/example-hold.ts';

const PAUSES = 300;
const ROUNDS = 7;
const ROUND_MS = 2000;

if (POSTGRES === null) process.exit(1);
const scratch = mkdtempSync(join(tmpdir(), 'sluice-replicas-'));
const server = await startPostgres({ isDurable: true });
let folders = 0;

try {
  console.log(`${availableParallelism()} cores, ${process.version}`);
  await measurePauses();
  await measureHolds();
} finally {
  await server.close();
  rmSync(scratch, { recursive: true, force: true });
}

async function measurePauses(): Promise<void> {
  const url = await server.makeDatabase();
  const [one, two] = [await openReplica(url), await openReplica(url)];
  const afterCall: number[] = [];
  const afterAnswer: number[] = [];
  for (let number = 0; number < PAUSES; number += 1) {
    const connector = `c-${number}`;
    let answeredAt = Number.POSITIVE_INFINITY;
    const { promise, resolve } = Promise.withResolvers<number>();
    const look = (): void => {
      if (two.pauseOf(connector, BEHAVIOUR) !== null) resolve(performance.now());
    };
    const stop = two.subscribe(look);
    const calledAt = performance.now();
    await one.pause(connector, { by: 'bench' });
    answeredAt = performance.now();
    const seenAt = await promise;
    stop();
    afterCall.push(seenAt - calledAt);
    afterAnswer.push(Math.max(0, seenAt - answeredAt));
  }
  console.log(`a pause holds elsewhere, ms after it was asked for: ${percentiles(afterCall)}`);
  console.log(`a pause holds elsewhere, ms after it was answered: ${percentiles(afterAnswer)}`);
  await Promise.all([one.close(), two.close()]);
}

async function measureHolds(): Promise<void> {
  const url = await server.makeDatabase();
  const states: Record<string, StateOwner> = { files: await openFolder(), database: await openReplica(url) };
  for (const writers of [1, 64]) {
    const rates = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, state] of Object.entries(states))
        rates.set(name, [...(rates.get(name) ?? []), await keepFor(state, writers)]);
    }
    const text = [...rates].map(([name, all]) => `${name} ${Math.round(median(all))}`);
    console.log(`holds a second, ${writers} at a time: ${text.join(', ')}`);
  }
  for (const state of Object.values(states)) await state.close();
}

async function keepFor(state: StateOwner, writers: number): Promise<number> {
  const began = performance.now();
  let kept = 0;
  const write = async (): Promise<void> => {
    while (performance.now() - began < ROUND_MS) {
      const connector = `c-${kept % 50}`;
      const result = await state.keep(makeUndelivered([`flow_${kept}`], { connector }));
      if (!result.ok) throw new Error(result.reason);
      kept += 1;
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  return (kept * 1000) / (performance.now() - began);
}

async function openFolder(): Promise<StateOwner> {
  folders += 1;
  const roomy = { count: 10_000_000, bytes: Number.MAX_SAFE_INTEGER };
  const holdLimits = { perConnector: roomy, total: roomy };
  const opened = await openStateOwner({ folder: join(scratch, String(folders)), holdLimits });
  if (!opened.ok) throw new Error(opened.message);
  return opened.owner;
}

async function openReplica(url: string): Promise<StateOwner> {
  const roomy = { count: 10_000_000, bytes: Number.MAX_SAFE_INTEGER };
  const opened = await openPostgresOwner({
    address: addressOf(url),
    replica: `bench-${folders}`,
    local: await openFolder(),
    staleAfterMs: 300_000,
    holdLimits: { perConnector: roomy, total: roomy },
  });
  if (!opened.ok) throw new Error(opened.message);
  return opened.owner;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;
}

function percentiles(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): string => (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(1);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)} (${sorted.length} pauses)`;
}
