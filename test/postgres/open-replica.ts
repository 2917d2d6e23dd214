/** A replica's state on a database, and waiting for what replicas tell each other. */
import { onTestFinished } from 'vitest';
import { openStateOwner } from '../../src/runtime/state/files/open-state-owner.ts';
import { openPostgresOwner } from '../../src/runtime/state/postgres/open-postgres-owner.ts';
import type { PostgresOptions } from '../../src/runtime/state/postgres/postgres-options.ts';
import type { StateOwner } from '../../src/runtime/state/state-owner.ts';
import { makeTemporaryFolder } from '../runtime/state/temporary-folder.ts';
import { addressOf } from './postgres-server.ts';

let replicas = 0;

export async function openReplica(url: string, options: Partial<PostgresOptions> = {}): Promise<StateOwner> {
  const local = await openStateOwner({ folder: makeTemporaryFolder() });
  if (!local.ok) throw new Error(local.message);
  replicas += 1;
  const opened = await openPostgresOwner({
    address: addressOf(url),
    replica: `replica-${replicas}`,
    local: local.owner,
    staleAfterMs: 300_000,
    ...options,
  });
  if (!opened.ok) throw new Error(opened.message);
  onTestFinished(() => opened.owner.close());
  return opened.owner;
}

/** Resolves when it holds; the test's own limit ends the wait. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 2));
}
