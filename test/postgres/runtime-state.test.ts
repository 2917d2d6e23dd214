import { afterAll, beforeAll, describe } from 'vitest';
import { openStateOwner } from '../../src/runtime/state/files/open-state-owner.ts';
import { openPostgresOwner } from '../../src/runtime/state/postgres/open-postgres-owner.ts';
import type { RuntimeState } from '../../src/runtime/state/state.ts';
import type { StateOwner } from '../../src/runtime/state/state-owner.ts';
import {
  describeHeldRequests,
  describeRuntimeState,
  type StateUnderTest,
} from '../conformance/runtime-state.ts';
import { makeFakeClock, settle } from '../runtime/state/fake-clock.ts';
import { makeTemporaryFolder } from '../runtime/state/temporary-folder.ts';
import { addressOf, POSTGRES, type PostgresServer, startPostgres } from './postgres-server.ts';

const clock = makeFakeClock();
let server: PostgresServer;
let replicas = 0;

async function openReplica(url: string): Promise<StateOwner> {
  const local = await openStateOwner({ folder: makeTemporaryFolder() });
  if (!local.ok) throw new Error(local.message);
  replicas += 1;
  const opened = await openPostgresOwner({
    address: addressOf(url),
    replica: `replica-${replicas}`,
    local: local.owner,
    staleAfterMs: 300_000,
    now: clock.now,
  });
  if (!opened.ok) throw new Error(opened.message);
  return opened.owner;
}

const openOwner = async (): Promise<StateOwner> => openReplica(await server.makeDatabase());

function underTest(state: RuntimeState, owner: StateOwner): StateUnderTest {
  return {
    state,
    now: clock.now,
    pause: async (connector) => void (await owner.pause(connector, { by: 'alice' })),
    resume: async (connector) => void (await owner.resume(connector, { by: 'alice' })),
    openCapture: async (connector, seconds) => void (await owner.openCapture(connector, seconds)),
    holds: async () => owner.holds.list().holds,
    captured: async (connector) => (await owner.captureStatus(connector)).latest !== null,
    drift: async (connector) => owner.driftOf(connector),
    settled: () => settle(),
    close: () => owner.close(),
  };
}

describe.skipIf(POSTGRES === null)('a state on PostgreSQL', () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.close());

  describeRuntimeState('one replica', async () => {
    const owner = await openOwner();
    return underTest(owner, owner);
  });

  describeHeldRequests('one replica', openOwner);
});
