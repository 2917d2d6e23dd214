import { openStateOwner } from '../../../src/runtime/state/files/open-state-owner.ts';
import { createMemoryState } from '../../../src/runtime/state/memory-state.ts';
import { serveWorker } from '../../../src/runtime/state/serve-worker.ts';
import type { RuntimeState } from '../../../src/runtime/state/state.ts';
import type { StateOwner } from '../../../src/runtime/state/state-owner.ts';
import { connectWorkerState } from '../../../src/runtime/state/worker-state.ts';
import {
  describeHeldRequests,
  describeRuntimeState,
  type StateUnderTest,
} from '../../conformance/runtime-state.ts';
import { makeChannelPair } from './channel-pair.ts';
import { makeFakeClock, settle } from './fake-clock.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

const clock = makeFakeClock();

async function openOwner(): Promise<StateOwner> {
  const opened = await openStateOwner({ folder: makeTemporaryFolder(), timer: clock, ...clock });
  if (!opened.ok) throw new Error(opened.message);
  return opened.owner;
}

function underTest(state: RuntimeState, owner: StateOwner, heard: () => Promise<void>): StateUnderTest {
  return {
    state,
    now: clock.now,
    async pause(connector) {
      await owner.pause(connector, { by: 'alice' });
      await heard();
    },
    async resume(connector) {
      await owner.resume(connector, { by: 'alice' });
      await heard();
    },
    async openCapture(connector, seconds) {
      await owner.openCapture(connector, seconds);
      await heard();
    },
    holds: async () => owner.holds.list().holds,
    captured: async (connector) => (await owner.captureStatus(connector)).latest !== null,
    async drift(connector) {
      await heard();
      return owner.driftOf(connector);
    },
    async settled() {
      await heard();
      await settle();
    },
    close: () => owner.close(),
  };
}

describeRuntimeState('the owner of a state folder', async () => {
  const owner = await openOwner();
  return underTest(owner, owner, async () => {});
});

describeHeldRequests('the owner of a state folder', openOwner);

describeRuntimeState('a worker', async () => {
  const owner = await openOwner();
  const [ownerEnd, workerEnd] = makeChannelPair();
  serveWorker(owner, ownerEnd);
  return underTest(await connectWorkerState(workerEnd, { timer: clock }), owner, settle);
});

describeRuntimeState('memory', async () => {
  const state = createMemoryState(clock.now);
  return {
    state,
    now: clock.now,
    pause: async (connector) => state.pause(connector, { by: 'alice' }),
    resume: async (connector) => state.resume(connector, { by: 'alice' }),
    openCapture: async (connector, seconds) => state.openCapture(connector, seconds),
    holds: async () => state.holds(),
    captured: async (connector) => state.captures().some((capture) => capture.connector === connector),
    drift: async (connector) => state.driftOf(connector),
    settled: async () => {},
    close: async () => {},
  };
});
