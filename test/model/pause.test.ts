/**
 * Any sequence of requests, captures, resumes, pauses, reloads, reverts, restarts, crashes and replays, held against a
 * simple model. Three laws besides: what does not fit is never delivered; every verified request has exactly one fate; a
 * pause only restricts. And whoever takes the notifications knows in the end what is paused, whatever was lost between.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Expected, judge, KINDS, PauseModel, type Sent, type Version } from './pause-model.ts';
import { PauseWorld, userOf } from './pause-world.ts';

const FIRST: Version = { name: 'first', behaviour: 'a', status: 'live', pauseAfter: 2, takesText: false };
const VERSIONS: readonly Version[] = [
  FIRST,
  { ...FIRST, name: 'described anew' },
  { ...FIRST, name: 'in test', status: 'test' },
  { ...FIRST, name: 'disabled', status: 'disabled' },
  { name: 'fixed', behaviour: 'b', status: 'live', pauseAfter: 3, takesText: true },
  { name: 'fixed, in test', behaviour: 'b', status: 'test', pauseAfter: 3, takesText: true },
];

type Command = fc.AsyncCommand<PauseModel, PauseWorld>;

/** A command that is always possible, and after which both sides agree on whether the connector is paused. */
function command(
  text: string,
  run: (model: PauseModel, world: PauseWorld) => Promise<unknown> | unknown,
): Command {
  return {
    check: () => true,
    async run(model, world) {
      await run(model, world);
      expect(world.isPaused(model.version)).toBe(model.isPaused);
      expect(world.errors).toEqual([]);
    },
    toString: () => text,
  };
}

async function exchange(
  model: PauseModel,
  world: PauseWorld,
  request: Sent,
  { isGenuine, isDiskFull }: { readonly isGenuine: boolean; readonly isDiskFull: boolean },
): Promise<void> {
  const before = { sent: world.target.sent.length, kept: world.keptCount() };
  world.isDiskFull = isDiskFull;
  const outcome = await world.send(request, isGenuine);
  world.isDiskFull = false;
  const sent = world.target.sent.slice(before.sent);
  const kept = world.keptCount() - before.kept;
  const fate: Expected =
    outcome.outcome === 'rejected' && outcome.code === 'state-unavailable'
      ? 'unavailable'
      : (outcome.outcome as Expected);

  // What the connector was like when the request came.
  const { version, isPaused } = model;
  for (const { trigger, mode } of sent) {
    expect(trigger.targetUserIds).toEqual([userOf(request)]);
    expect(judge(request.kind, version)).toBe('fits');
    expect(isPaused).toBe(false);
    expect(isGenuine).toBe(true);
    expect(mode).toBe(version.status);
  }
  expect({ sent: sent.length, kept }).toEqual({
    sent: fate === 'delivered' ? 1 : 0,
    kept: fate === 'held' ? 1 : 0,
  });
  if (fate === 'captured') expect(await world.captureCount()).toBe(1);
  if (fate === 'held') expect(outcome).toMatchObject({ outcome: 'held' });

  expect(fate).toBe(model.receive(request, isGenuine, isDiskFull));
  if (outcome.outcome === 'held') expect(outcome.paused).toBe(model.isPaused);
}

async function replay(model: PauseModel, world: PauseWorld): Promise<void> {
  const before = world.target.sent.length;
  await world.replay();
  const sent = world.target.sent.slice(before);
  expect(sent.map(({ trigger, mode }) => [...trigger.targetUserIds, mode])).toEqual(
    model.replay().map(({ mode, ...request }) => [userOf(request), mode]),
  );
  expect(world.owner.holds.list().total).toBe(model.held.length);
}

let events = 0;

const genuine = { isGenuine: true, isDiskFull: false };

const requests = fc.constantFrom(...KINDS).map((kind) =>
  command(`a request: ${kind}`, (model, world) => {
    events += 1;
    const request = { event: `evt_${events}`, kind };
    model.sent.push(request);
    return exchange(model, world, request, genuine);
  }),
);

const unusual = fc
  .tuple(fc.constantFrom(...KINDS), fc.constantFrom('forged', 'while the disk is full'))
  .map(([kind, how]) =>
    command(`a request ${how}: ${kind}`, (model, world) => {
      events += 1;
      const request = { event: `evt_${events}`, kind };
      model.sent.push(request);
      const isForged = how === 'forged';
      return exchange(model, world, request, { isGenuine: !isForged, isDiskFull: !isForged });
    }),
  );

const repeats = fc.tuple(fc.nat(), fc.boolean()).map(([back, isDiskFull]) =>
  command(
    `the request ${back} back once more${isDiskFull ? ' while the disk is full' : ''}`,
    (model, world) => {
      const request = model.sent.at(-1 - (back % Math.max(1, model.sent.length)));
      return request && exchange(model, world, request, { isGenuine: true, isDiskFull });
    },
  ),
);

/** A sender that corrects itself says another thing under the same id: that is another request, not a retry. */
const corrections = fc.tuple(fc.nat(), fc.constantFrom(...KINDS)).map(([back, kind]) =>
  command(`the event ${back} back, and now it says: ${kind}`, (model, world) => {
    const before = model.sent.at(-1 - (back % Math.max(1, model.sent.length)));
    if (before === undefined) return undefined;
    const request = { event: before.event, kind };
    model.sent.push(request);
    return exchange(model, world, request, genuine);
  }),
);

const reloads = fc.constantFrom(...VERSIONS).map((version) =>
  command(`a bundle with the version "${version.name}"`, (model, world) => {
    model.version = version;
    world.reload(version);
  }),
);

const others = fc.constantFrom(
  command('a resume', (model, world) => {
    model.resume();
    return world.resume();
  }),
  command('a pause by hand', (model, world) => {
    model.pauseByHand();
    return world.pause();
  }),
  command('a restart', (model, world) => {
    model.restart();
    return world.restart();
  }),
  {
    ...command('a crash', (model, world) => {
      model.restart();
      return world.crash();
    }),
    check: ({ isDurable }) => isDurable,
  },
  command('the notifications are taken', async (model, world) => {
    await world.takeNotifications();
    expect(world.believesPaused ?? false).toBe(model.isPaused);
    expect(world.believesPaused === null && model.held.length > 0).toBe(false);
  }),
  command('the target goes down or comes back', (model, world) => {
    model.isTargetDown = !model.isTargetDown;
    world.isTargetDown = model.isTargetDown;
  }),
  command('a capture window', (model, world) => {
    model.isWindowOpen = true;
    world.openCapture();
  }),
  command('a replay of all that is held', replay),
);

test('whatever happens in whatever order, nothing wrong is delivered and nothing is lost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.commands([requests, requests, repeats, corrections, unusual, reloads, others, others], {
        maxCommands: 40,
        size: 'max',
      }),
      async (commands) => {
        const world = new PauseWorld();
        try {
          await world.restart();
          world.reload(FIRST);
          await fc.asyncModelRun(() => ({ model: new PauseModel(FIRST), real: world }), commands);
        } finally {
          await world.remove();
        }
      },
    ),
    { numRuns: 120 },
  );
  // Room to look for the smallest sequence that fails.
}, 120_000);

test('a pause that was lifted before anybody heard of it leaves its holds to be told of', async () => {
  const world = new PauseWorld();
  try {
    await world.restart();
    world.reload(FIRST);
    await world.pause();
    await world.send({ event: 'evt_held', kind: 'good' }, true);
    await world.resume();
    await world.crash();
    world.reload(FIRST);
    await world.takeNotifications();
    expect(world.believesPaused).toBe(false);
    await world.restart();
    world.believesPaused = null;
    await world.takeNotifications();
    expect(world.believesPaused).toBe(null);
  } finally {
    await world.remove();
  }
});
