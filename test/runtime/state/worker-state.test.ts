import { fork } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { channelOfProcess } from '../../../src/runtime/state/process-channel.ts';
import { serveWorker } from '../../../src/runtime/state/serve-worker.ts';
import { connectWorkerState } from '../../../src/runtime/state/worker-state.ts';
import { makeChannelPair } from './channel-pair.ts';
import { BEHAVIOUR, CONNECTOR, makeHold, makeRequest, makeTrigger, makeUndelivered } from './example-hold.ts';
import { settle } from './fake-clock.ts';
import { makeStateFolder } from './open-owner.ts';

async function connect(workers = 1) {
  const { open, clock, fileSystem } = makeStateFolder();
  const owner = await open();
  const connected = await Promise.all(
    Array.from({ length: workers }, async () => {
      const [ownerEnd, workerEnd] = makeChannelPair();
      const stop = serveWorker(owner, ownerEnd);
      return { state: await connectWorkerState(workerEnd, { timer: clock }), ownerEnd, workerEnd, stop };
    }),
  );
  return { owner, clock, fileSystem, workers: connected };
}

test('a pause that one worker causes reaches all others', async () => {
  const { workers } = await connect(4);
  await workers[0]!.state.keep(makeHold());
  await settle();
  for (const { state } of workers)
    expect(state.pauseOf(CONNECTOR, BEHAVIOUR)).toMatchObject({ kind: 'auto' });
});

test('a worker that starts later knows what is paused, and which windows are open', async () => {
  const { owner, clock } = await connect(0);
  await owner.pause(CONNECTOR, { by: 'alice' });
  await owner.openCapture(CONNECTOR);
  const [ownerEnd, workerEnd] = makeChannelPair();
  serveWorker(owner, ownerEnd);
  const state = await connectWorkerState(workerEnd, { timer: clock });
  expect(state.pauseOf(CONNECTOR, BEHAVIOUR)).toMatchObject({ by: 'alice' });
  expect(state.captureWindowOf(CONNECTOR, clock.now())).not.toBeNull();
});

test('streaks are counted over all workers', async () => {
  const { workers } = await connect(3);
  const paused: boolean[] = [];
  for (const { state } of workers) {
    const kept = await state.keep(makeHold({ grade: 'hold', pauseAfter: 3 }));
    paused.push(kept.ok && kept.paused);
  }
  expect(paused).toEqual([false, false, true]);
});

test('no answer in time, or no owner: not kept', async () => {
  const { clock, workers } = await connect();
  const { state, ownerEnd, workerEnd } = workers[0]!;
  ownerEnd.cut();
  const keeping = state.keep(makeHold());
  const capturing = state.capture(CONNECTOR, makeRequest(), clock.now());
  await clock.advance(5000);
  expect(await keeping).toMatchObject({ ok: false, reason: expect.stringContaining('did not answer') });
  expect(await capturing).toEqual({ ok: false });
  expect(clock.pending()).toBeGreaterThan(0);

  workerEnd.cut();
  expect(await state.keep(makeHold())).toMatchObject({ ok: false });
  state.fitted(CONNECTOR, true);
  state.drifted(CONNECTOR, [], clock.now());
});

test('a disk that fails is not acknowledged to a worker', async () => {
  const { fileSystem, workers } = await connect();
  fileSystem.fault = (call) => (call === 'sync' ? 'ENOSPC' : null);
  expect(await workers[0]!.state.keep(makeHold())).toMatchObject({
    ok: false,
    reason: expect.stringContaining('ENOSPC'),
  });
});

test('big integers in triggers arrive with their digits', async () => {
  const { owner, workers } = await connect();
  const trigger = { targetUserIds: ['user_1'], metadata: { id: 12345678901234567890n } };
  const kept = await workers[0]!.state.keep(
    makeUndelivered([], { triggers: [makeTrigger('flow_1', { trigger })] }),
  );
  if (!kept.ok) throw new Error(kept.reason);
  expect((await owner.holds.get(kept.holdId))?.triggers[0]?.trigger).toEqual(trigger);
});

test('fitted says nothing while there is no streak', async () => {
  const { workers } = await connect();
  const { state, workerEnd } = workers[0]!;
  const posted: unknown[] = [];
  const post = workerEnd.post;
  workerEnd.post = (message) => {
    posted.push(message);
    post(message);
  };
  state.fitted(CONNECTOR, true);
  expect(posted).toEqual([]);
  await state.keep(makeHold({ grade: 'hold' }));
  state.fitted(CONNECTOR, true);
  expect(posted).toHaveLength(2);
});

test('other messages on the channel are left alone', async () => {
  const { owner, workers } = await connect();
  const { ownerEnd, workerEnd, state } = workers[0]!;
  for (const message of [null, 'text', { kind: 'metrics' }, { state: 5 }]) {
    ownerEnd.post(message);
    workerEnd.post(message);
  }
  await settle();
  await owner.pause(CONNECTOR, { by: 'alice' });
  await settle();
  expect(state.pauseOf(CONNECTOR, BEHAVIOUR)).not.toBeNull();
});

test('a worker that is gone is not spoken to', async () => {
  const { owner, workers } = await connect();
  workers[0]!.ownerEnd.cut();
  await owner.pause('one', { by: 'alice' });
  workers[0]!.stop();
  await owner.pause('two', { by: 'alice' });
});

test('a process that is forked is a worker', async () => {
  const { open } = makeStateFolder();
  const owner = await open();
  const child = fork(join(import.meta.dirname, 'worker-process.ts'));
  onTestFinished(() => void child.kill('SIGKILL'));
  const stop = serveWorker(owner, channelOfProcess(child));
  const said = await new Promise<object>((resolve) => {
    child.on('message', (message: object) => {
      if ('kept' in message) resolve(message);
    });
  });
  stop();
  const pause = owner.pauseOf(CONNECTOR, BEHAVIOUR);
  expect(pause).not.toBeNull();
  expect(said).toEqual({
    kept: { ok: true, holdId: owner.holds.list().holds[0]?.id, paused: true, added: true },
    pause,
  });
});
