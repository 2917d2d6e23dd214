import { writeFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { NotifyEvents } from '../../src/runtime/notify/notify-events.ts';
import { type Notification, NotificationSender } from '../../src/runtime/notify/notify-sender.ts';
import type { PostRequest, PostResult } from '../../src/runtime/targets/post.ts';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, until } from './running.ts';
import { BEHAVIOUR, CONNECTOR, makeHold } from './state/example-hold.ts';
import { makeFakeClock, settle } from './state/fake-clock.ts';
import { makeStateFolder } from './state/open-owner.ts';
import { startServer, status } from './targets/recording-server.ts';

const MINUTE = 60_000;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

/** The events of a state folder with one connector; what is told is listed as it would be sent. */
async function watch({ before = [] as readonly ReturnType<typeof makeHold>[] } = {}) {
  const { open, clock, fileSystem } = makeStateFolder();
  let owner = await open();
  for (const hold of before) await owner.keep(hold);
  const active = { behaviour: BEHAVIOUR as string | null, ready: true };
  const queue: Notification[] = [];
  let later = 0;
  const now = () => clock.now() + later;
  /** Time passes for what is told alone: what beats every second would beat for a whole day. */
  const wait = (milliseconds: number) => {
    later += milliseconds;
  };
  const make = () =>
    new NotifyEvents(
      {
        owner,
        isReady: () => active.ready,
        connector: (id) =>
          active.behaviour === null || id !== CONNECTOR
            ? null
            : { behaviour: active.behaviour, owner: 'payments' },
        statusUrl: () => null,
        now,
        monotonicNow: () => clock.monotonicNow() + later,
        timer: clock,
      },
      (notification) => queue.push(notification),
    );
  const start = () => {
    const events = make();
    owner.subscribe((change) => events.stateChanged(change));
    return events;
  };
  const events = start();
  /** What was told since the last call, and taken by the receiver. */
  const told = async () =>
    Promise.all(
      queue.splice(0).map(async (one) => {
        const sent = (await one.compose()) as Record<string, unknown>;
        one.taken();
        return sent;
      }),
    );
  const types = async () => (await told()).map(({ type }) => type);
  /** What was not taken by now is lost with the process. */
  const restart = async () => {
    queue.splice(0);
    await owner.close();
    owner = await open();
    start();
    return owner;
  };
  return { owner, clock, now, wait, fileSystem, active, events, told, types, make, restart };
}

const graded = (changes: Parameters<typeof makeHold>[0] = {}) =>
  makeHold({ grade: 'hold', pauseAfter: 100, ...changes });

test('an automatic pause is told once, with what differs and no value', async () => {
  const { owner, clock, told } = await watch();
  await owner.keep(makeHold());
  await owner.keep(makeHold());
  await owner.keep(makeHold({ code: 'paused', grade: 'none' }));
  expect(await told()).toEqual([
    {
      type: 'connector.paused',
      connector: CONNECTOR,
      owner: 'payments',
      at: new Date(clock.now()).toISOString(),
      by: 'sluice',
      code: 'shape-changed',
      reason: '$.amount: expected number, found object',
      differences: [{ path: '$.amount', expected: 'number', found: 'object' }],
      held: 3,
    },
  ]);
});

test('a pause is told, whether the request that caused it can be kept or not', async () => {
  const { owner, clock, fileSystem, told } = await watch();
  fileSystem.fault = (_, path) => (path.includes('held') ? 'ENOSPC' : null);
  expect(await owner.keep(makeHold())).toMatchObject({ ok: false });
  const telling = told();
  await clock.advance(1000);
  expect(await telling).toMatchObject([{ type: 'connector.paused', held: 0 }]);
});

test('a pause and a resume by an operator are told with who and why', async () => {
  const { owner, told } = await watch();
  await owner.pause(CONNECTOR, { by: 'alice', reason: 'migration' });
  await owner.resume(CONNECTOR, { by: 'bob' });
  await owner.resume(CONNECTOR, { by: 'bob' });
  expect(await told()).toMatchObject([
    { type: 'connector.paused', by: 'alice', reason: 'migration', code: null, differences: [] },
    { type: 'connector.resumed', by: 'bob', reason: 'resumed by an operator', code: null },
  ]);
});

test('resuming all connectors is told for those that were paused', async () => {
  const { owner, types } = await watch();
  await owner.keep(makeHold());
  await owner.resume('*', { by: 'bob' });
  expect(await types()).toEqual(['connector.paused', 'connector.resumed']);
});

test('a bundle that lifts a pause, brings it back or drops the connector', async () => {
  const { owner, active, events, told } = await watch();
  await owner.keep(makeHold());
  await told();
  active.behaviour = 'f'.repeat(64);
  events.bundleChanged();
  events.bundleChanged();
  expect(await told()).toMatchObject([
    { type: 'connector.resumed', by: 'sluice', reason: expect.stringContaining('another version') },
  ]);
  active.behaviour = BEHAVIOUR;
  events.bundleChanged();
  expect(await told()).toMatchObject([{ type: 'connector.paused', by: 'sluice' }]);
  active.behaviour = null;
  events.bundleChanged();
  expect(await told()).toEqual([]);
});

test('what was paused before the start is not told again, also where the first bundle comes late', async () => {
  const { owner, active, told, make } = await watch();
  await owner.keep(makeHold());
  await told();
  make();
  expect(await told()).toEqual([]);
  active.ready = false;
  const late = make();
  active.ready = true;
  late.bundleChanged();
  expect(await told()).toEqual([]);
});

test('a pause that was not taken before a restart is told after it, once', async () => {
  const { owner, told, restart, types } = await watch();
  await owner.keep(makeHold());
  await owner.keep(makeHold({ code: 'paused', grade: 'none' }));
  await restart();
  expect(await told()).toMatchObject([
    { type: 'connector.paused', code: 'shape-changed', differences: [{ path: '$.amount' }], held: 2 },
  ]);
  await restart();
  expect(await types()).toEqual([]);
});

test('a resume that was not taken before a restart is told after it', async () => {
  const { owner, told, restart, types } = await watch();
  await owner.keep(graded());
  await owner.pause(CONNECTOR, { by: 'alice' });
  await told();
  await owner.resume(CONNECTOR, { by: 'bob' });
  const again = await restart();
  expect(await told()).toMatchObject([{ type: 'connector.resumed', by: 'bob' }]);
  await restart();
  // What was held before the resume is no news, what comes after it is.
  expect(await types()).toEqual([]);
  expect(again.notified.problems()).toEqual([]);
});

test('a pause that another bundle lifted while nothing ran', async () => {
  const { owner, active, told, restart } = await watch();
  await owner.keep(makeHold());
  await told();
  active.behaviour = 'f'.repeat(64);
  await restart();
  expect(await told()).toMatchObject([{ type: 'connector.resumed', by: 'sluice' }]);
  active.behaviour = null;
  await restart();
  expect(await told()).toEqual([]);
});

test('a first hold that was not taken before a restart is told after it, once', async () => {
  const { owner, clock, now, wait, told, restart, types } = await watch();
  const at = () => ({ receivedAt: now() });
  await owner.keep(graded({ ...at(), message: 'the first' }));
  await clock.advance(MINUTE);
  await owner.keep(graded({ ...at(), message: 'the second' }));
  let again = await restart();
  expect(await told()).toMatchObject([{ type: 'connector.holding', reason: 'the first', held: 2 }]);
  await clock.advance(10 * MINUTE);
  await again.keep(graded(at()));
  again = await restart();
  expect(await types()).toEqual([]);
  // A series that began and was not told, after one that was.
  wait(24 * 60 * MINUTE);
  await again.keep(graded({ ...at(), message: 'a new one' }));
  await restart();
  expect(await told()).toMatchObject([{ type: 'connector.holding', reason: 'a new one' }]);
  await restart();
  expect(await types()).toEqual([]);
});

test('where it cannot be noted what was taken, it is told again, and status says so', async () => {
  const { owner, fileSystem, types, restart } = await watch();
  fileSystem.fault = (_, path) => (path.includes('notified') ? 'ENOSPC' : null);
  await owner.keep(makeHold());
  expect(await types()).toEqual(['connector.paused']);
  await owner.notified.settled();
  expect(owner.problems()).toEqual([expect.stringContaining('notified.json cannot be written')]);
  fileSystem.fault = () => null;
  const again = await restart();
  expect(await types()).toEqual(['connector.paused']);
  await again.notified.settled();
  expect(again.problems()).toEqual([]);
});

test('a note that makes no sense is told as what it hides', async () => {
  const { folder, open } = makeStateFolder();
  writeFileSync(`${folder}/notified.json`, '{"format":1,"pauses":{"..":"x"}}');
  const owner = await open();
  expect(owner.problems()).toEqual([expect.stringContaining('notified.json cannot be read')]);
  expect([...owner.notified.pauses()]).toEqual([]);
});

test('the first hold of a series is told, the others are not', async () => {
  const { owner, clock, wait, told, types } = await watch();
  await owner.keep(graded());
  await owner.keep(graded());
  expect(await told()).toMatchObject([
    { type: 'connector.holding', connector: CONNECTOR, code: 'shape-changed', by: 'sluice', held: 2 },
  ]);
  wait(10 * 60 * MINUTE);
  await owner.keep(graded());
  wait(10 * 60 * MINUTE);
  await owner.keep(graded());
  expect(await types()).toEqual([]);
  clock.jump(-60 * MINUTE);
  wait(5 * 60 * MINUTE);
  await owner.keep(graded());
  expect(await told()).toMatchObject([
    { type: 'connector.holding', reason: expect.stringContaining('3 more of the kind since the last') },
  ]);
});

test('what is held for another reason, or at another path, is told as well', async () => {
  const { owner, types } = await watch();
  const at = (path: string) => ({ differences: [{ path, expected: 'string', found: 'missing' }] });
  await owner.keep(graded(at('$.rows[0].id')));
  await owner.keep(graded(at('$.rows[3].id')));
  expect(await types()).toEqual(['connector.holding']);
  await owner.keep(graded(at('$.name')));
  await owner.keep(graded({ ...at('$.name'), code: 'mapping-failed' }));
  expect(await types()).toEqual(['connector.holding', 'connector.holding']);
});

test('a hold tells its differences, unless it is gone by then', async () => {
  const { owner, wait, told } = await watch();
  await owner.keep(graded());
  expect(await told()).toMatchObject([{ differences: [{ path: '$.amount' }] }]);
  wait(24 * 60 * MINUTE);
  const kept = await owner.keep(graded());
  await owner.holds.remove(kept.ok ? kept.holdId : '');
  expect(await told()).toMatchObject([{ type: 'connector.holding', differences: [] }]);
});

test('a resume and another behaviour begin a new series', async () => {
  const { owner, active, events, types } = await watch();
  await owner.keep(graded());
  await owner.pause(CONNECTOR, { by: 'alice' });
  await owner.resume(CONNECTOR, { by: 'alice' });
  await owner.keep(graded());
  expect(await types()).toEqual([
    'connector.holding',
    'connector.paused',
    'connector.resumed',
    'connector.holding',
  ]);
  active.behaviour = 'f'.repeat(64);
  events.bundleChanged();
  await owner.keep(graded({ behaviour: active.behaviour }));
  expect(await types()).toEqual(['connector.holding']);
});

test('a series goes on over a restart, and a retry of a held event is no new hold', async () => {
  const hold = graded();
  const { owner, clock, types } = await watch({ before: [hold] });
  expect(await types()).toEqual(['connector.holding']);
  await owner.keep(graded());
  expect(await types()).toEqual([]);
  await clock.advance(16 * MINUTE);
  await owner.keep(hold);
  expect(await types()).toEqual([]);
});

test('a request that was held by a pause and is judged anew is no new hold', async () => {
  const { owner, types } = await watch();
  const kept = await owner.keep(makeHold({ code: 'paused', grade: 'none' }));
  await owner.holds.update(kept.ok ? kept.holdId : '', { code: 'mapping-failed' });
  expect(await types()).toEqual([]);
});

test('a pause that a hold leads to is told as a pause alone', async () => {
  const { owner, types } = await watch();
  await owner.keep(graded({ pauseAfter: 1 }));
  expect(await types()).toEqual(['connector.paused']);
});

test('what a script throws is not sent away', async () => {
  const { owner, told } = await watch();
  await owner.keep(makeHold({ code: 'script-error', message: 'unexpected alice@example.com' }));
  expect(JSON.stringify(await told())).not.toContain('alice');
});

test('an overlay that could not be read is told at once, and each connector that is resumed', async () => {
  const { folder, open, clock } = makeStateFolder();
  const first = await open();
  await first.pause(CONNECTOR, { by: 'alice' });
  await first.close();
  writeFileSync(`${folder}/overlay.json`, 'nonsense');
  const owner = await open();
  const queue: Notification[] = [];
  const events = new NotifyEvents(
    {
      owner,
      isReady: () => true,
      connector: () => ({ behaviour: BEHAVIOUR }),
      statusUrl: () => 'http://10.0.0.9:8081/status',
      now: clock.now,
      monotonicNow: clock.monotonicNow,
      timer: clock,
    },
    (notification) => queue.push(notification),
  );
  owner.subscribe((change) => events.stateChanged(change));
  await owner.resume(CONNECTOR, { by: 'bob' });
  await owner.resume('*', { by: 'bob' });
  expect(await Promise.all(queue.map((one) => one.compose()))).toMatchObject([
    { type: 'connector.paused', connector: '*', owner: null, statusUrl: 'http://10.0.0.9:8081/status' },
    { type: 'connector.resumed', connector: CONNECTOR, by: 'bob' },
    { type: 'connector.resumed', connector: '*', by: 'bob' },
  ]);
});

test('a pause that ended before anybody heard of it: the next start tells what it kept', async () => {
  const { owner, restart, told } = await watch();
  await owner.pause(CONNECTOR, { by: 'alice' });
  await owner.keep(makeHold({ code: 'paused', grade: 'none' }));
  await owner.resume(CONNECTOR, { by: 'alice' });
  await restart();
  expect(await told()).toMatchObject([
    {
      type: 'connector.holding',
      code: 'paused',
      reason: expect.stringMatching(/^requests that arrived while the connector was paused are still kept/),
      held: 1,
    },
  ]);
  await restart();
  expect(await told()).toEqual([]);
});

/** A folder whose overlay cannot be read, so that everything is paused, and what is told by each start on it. */
async function watchUnreadable() {
  const { folder, open, clock } = makeStateFolder();
  await (await open()).close();
  writeFileSync(`${folder}/overlay.json`, 'nonsense');
  return async () => {
    const owner = await open();
    const queue: Notification[] = [];
    const events = new NotifyEvents(
      {
        owner,
        isReady: () => true,
        connector: () => ({ behaviour: BEHAVIOUR }),
        statusUrl: () => null,
        now: clock.now,
        monotonicNow: clock.monotonicNow,
        timer: clock,
      },
      (notification) => queue.push(notification),
    );
    owner.subscribe((change) => events.stateChanged(change));
    return { owner, queue };
  };
}

test('the end of a pause of everything that nobody heard of is told by the next start, once', async () => {
  const start = await watchUnreadable();
  const first = await start();
  for (const one of first.queue) one.taken();
  await first.owner.resume('*', { by: 'bob', reason: 'looked at it' });
  // Nobody takes it before the crash.
  await first.owner.close();
  const second = await start();
  expect(await Promise.all(second.queue.map((one) => one.compose()))).toMatchObject([
    { type: 'connector.resumed', connector: '*', by: 'bob', reason: 'looked at it' },
  ]);
  for (const one of second.queue) one.taken();
  await second.owner.close();
  expect((await start()).queue).toEqual([]);
});

test('a pause of everything that goes on is told at each start', async () => {
  const start = await watchUnreadable();
  for (const round of [1, 2]) {
    const { owner, queue } = await start();
    expect(await Promise.all(queue.map((one) => one.compose())), `start ${round}`).toMatchObject([
      { type: 'connector.paused', connector: '*' },
    ]);
    for (const one of queue) one.taken();
    await owner.close();
  }
});

test('what a pause of everything kept is not told of again, once its end was', async () => {
  const start = await watchUnreadable();
  const { owner, queue } = await start();
  await owner.keep(makeHold({ code: 'paused', grade: 'none' }));
  await owner.resume('*', { by: 'bob' });
  for (const one of queue) one.taken();
  await owner.close();
  expect((await start()).queue).toEqual([]);
});

/** A sender over a receiver that answers as told, and a clock that stands. */
function makeSender() {
  const clock = makeFakeClock();
  const posts: (PostRequest & { readonly at: number })[] = [];
  const counts: string[] = [];
  const failures: string[] = [];
  const world = {
    answer: (): PostResult | Promise<PostResult> => answered(204),
  };
  const sender = new NotificationSender({
    url: 'https://pager.example.com/hook',
    key: Buffer.alloc(32, 7),
    userAgent: 'sluice/test',
    count: (type, result) => counts.push(`${type} ${result}`),
    onFailure: (_, { result, reason }) => failures.push(`${result}: ${reason}`),
    now: clock.now,
    random: () => 1,
    timer: clock,
    poster: {
      async post(request) {
        posts.push({ ...request, at: clock.monotonicNow() });
        const { promise: aborted, resolve } = Promise.withResolvers<PostResult>();
        request.signal.addEventListener('abort', () => resolve({ kind: 'aborted' }));
        return Promise.race([world.answer(), aborted]);
      },
      close: async () => {},
    },
  });
  onTestFinished(async () => {
    const stopped = sender.stop();
    await clock.advance(MINUTE);
    await stopped;
  });
  return { sender, clock, posts, counts, failures, world };
}

function answered(code: number, retryAfter: string | null = null): PostResult {
  return { kind: 'answered', status: code, retryAfter, text: null };
}

function note(type: string, taken: () => void = () => {}): Notification {
  return { type, connector: 'one', compose: async () => ({ type }), taken };
}

test('what was delivered, refused or given up is taken; what the end drops is not', async () => {
  const { sender, clock, world } = makeSender();
  const taken: string[] = [];
  const send = (type: string) => sender.send(note(type, () => taken.push(type)));
  send('delivered');
  await settle();
  world.answer = () => answered(400);
  send('refused');
  await settle();
  world.answer = () => answered(503);
  send('given up');
  await clock.advance(26 * 60 * MINUTE);
  expect(taken).toEqual(['delivered', 'refused', 'given up']);
  send('dropped');
  send('never tried');
  await settle();
  const ending = sender.stop();
  await clock.advance(2000);
  await ending;
  expect(taken).toHaveLength(3);
});

test('is signed as Standard Webhooks, with the same id for every attempt', async () => {
  const { sender, clock, posts, world } = makeSender();
  world.answer = () => answered(500);
  sender.send(note('connector.paused'));
  await clock.advance(3000);
  expect(posts).toHaveLength(2);
  expect(new Set(posts.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(posts.map(({ headers }) => Number(headers['webhook-timestamp']))).toEqual(
    [0, 2].map((seconds) => Date.parse('2025-10-09T08:53:20Z') / 1000 + seconds),
  );
});

test('goes on with growing pauses until it is taken, in order', async () => {
  const { sender, clock, posts, counts, world } = makeSender();
  world.answer = () => ({ kind: 'failed', code: 'ECONNREFUSED', isBroken: false });
  sender.send(note('first'));
  sender.send(note('second'));
  await clock.advance(MINUTE);
  expect(posts.map(({ at }) => at / 1000)).toEqual([0, 2, 6, 14, 30]);
  expect(sender.problems()).toEqual([
    'notifications do not arrive (2 waiting): the notification URL could not be reached (ECONNREFUSED)',
  ]);
  world.answer = () => answered(200);
  await clock.advance(5 * MINUTE);
  expect(posts.slice(5).map(({ body }) => JSON.parse(body).type)).toEqual(['first', 'second']);
  expect(sender.problems()).toEqual([]);
  expect(counts.slice(-2)).toEqual(['first delivered', 'second delivered']);
  expect(counts.filter((one) => one === 'first failed')).toHaveLength(5);
});

test('honours Retry-After, within reason', async () => {
  const { sender, clock, posts, world } = makeSender();
  world.answer = () => answered(429, '60');
  sender.send(note('first'));
  await clock.advance(59_000);
  expect(posts).toHaveLength(1);
  world.answer = () => answered(429, '999999');
  await clock.advance(6 * MINUTE);
  expect(posts).toHaveLength(3);
});

test('a refusal and a redirect are not tried again, and show until one is taken', async () => {
  const { sender, clock, posts, failures, world } = makeSender();
  for (const code of [404, 302]) {
    world.answer = () => answered(code);
    sender.send(note('first'));
    await clock.advance(10 * MINUTE);
  }
  expect(posts).toHaveLength(2);
  expect(failures).toEqual([
    'refused: the notification URL answered 404',
    'refused: the notification URL answered 302; redirects are not followed, give the final URL',
  ]);
  expect(sender.problems()).toEqual([expect.stringContaining('302')]);
});

test('a receiver that never answers is given up for a while', async () => {
  const { sender, clock, posts, failures, world } = makeSender();
  world.answer = () => new Promise(() => {});
  sender.send(note('first'));
  await clock.advance(12_000);
  expect(posts).toHaveLength(2);
  expect(failures).toEqual(['failed: the notification URL gave no answer in time']);
});

test('a receiver that stays down does not fill the memory, and gets the newest', async () => {
  const { sender, clock, posts, counts, world } = makeSender();
  world.answer = () => answered(503);
  for (let number = 0; number < 1003; number += 1) sender.send(note(`n${number}`));
  await clock.advance(1000);
  expect(counts.filter((one) => one.endsWith('dropped'))).toEqual(['n1 dropped', 'n2 dropped']);
  world.answer = () => answered(200);
  await clock.advance(MINUTE);
  expect(JSON.parse(posts.at(-1)?.body ?? '').type).toBe('n1002');
});

test('is given up after about a day', async () => {
  const { sender, clock, counts, world } = makeSender();
  world.answer = () => answered(503);
  sender.send(note('first'));
  await clock.advance(26 * 60 * MINUTE);
  expect(counts.at(-1)).toBe('first dropped');
  expect(clock.pending()).toBe(0);
});

test('a notification that cannot be composed does not stop the others', async () => {
  const { sender, counts } = makeSender();
  sender.send({ ...note('first'), compose: () => Promise.reject(new Error('a bug')) });
  sender.send(note('second'));
  await settle();
  expect(counts).toEqual(['first dropped', 'second delivered']);
});

test('the end waits a moment for what was just said, not for a receiver that is down', async () => {
  const { sender, clock, counts, world } = makeSender();
  const { promise, resolve } = Promise.withResolvers<PostResult>();
  world.answer = () => promise;
  sender.send(note('first'));
  await settle();
  const stopped = sender.stop();
  resolve(answered(204));
  await stopped;
  expect(counts).toEqual(['first delivered']);

  const down = makeSender();
  down.world.answer = () => answered(503);
  down.sender.send(note('first'));
  down.sender.send(note('second'));
  await settle();
  const ending = down.sender.stop();
  await down.clock.advance(2000);
  await ending;
  expect(down.counts.slice(-2)).toEqual(['first dropped', 'second dropped']);
  expect(down.clock.pending()).toBe(0);
  expect(clock.pending()).toBe(0);
});

test('a runtime calls the webhook, says when it cannot, and answers requests all the same', async () => {
  const receiver = await startServer(status(500));
  const folder = new Folder();
  onTestFinished(async () => {
    await folder.remove();
    await receiver.close();
  });
  const running = await folder.start({
    bundle: bundleOf([planOf({ id: 'one', status: 'live', owner: 'payments' })]),
    flags: { notifyUrl: `${receiver.origin}/hook?key=abc` },
    env: { SLUICE_NOTIFY_SECRET: SECRET },
  });
  const answer = await running.post('one', { user: 'alice@example.com' });
  expect(answer).toMatchObject({ status: 202 });
  expect(await running.post('one', { user: 1, amount: 1 })).toMatchObject({
    status: 202,
    body: { paused: true },
  });
  await until(async () => (await running.runtime.status()).state.problems.length > 0);
  expect((await running.runtime.status()).state.problems).toEqual([
    expect.stringContaining('the notification URL answered 500'),
  ]);
  receiver.respond = status(204);
  await until(() => receiver.requests.length >= 2);
  await until(async () => (await running.runtime.status()).state.problems.length === 0);

  const { path, body, headers } = receiver.requests[1]!;
  expect(path).toBe('/hook?key=abc');
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
    type: 'connector.paused',
    connector: 'one',
    owner: 'payments',
    code: 'shape-changed',
    differences: [{ path: '$.user', found: 'number' }],
    held: 1,
  });
  expect(body).not.toContain('statusUrl');
  const { body: metrics } = await running.admin('GET', '/metrics');
  expect(metrics).toContain('sluice_notifications_total{type="connector.paused",result="delivered"} 1');
  expect(metrics).toContain('sluice_notifications_total{type="connector.paused",result="failed"} 1');
  expect(JSON.stringify(running.log)).not.toMatch(/alice|whsec|key=abc/);
});

test('what a receiver that was down has missed, the next start tells it', async () => {
  const receiver = await startServer(status(503));
  const folder = new Folder();
  onTestFinished(async () => {
    await folder.remove();
    await receiver.close();
  });
  const options = {
    bundle: bundleOf([planOf({ id: 'one' })]),
    flags: { notifyUrl: receiver.origin },
    env: { SLUICE_NOTIFY_SECRET: SECRET },
  };
  const first = await folder.start(options);
  await first.post('one', { user: 1 });
  await until(() => receiver.requests.length > 0);
  await first.runtime.close();
  receiver.requests.length = 0;
  receiver.respond = status(204);
  const second = await folder.start(options);
  await until(() => receiver.requests.length > 0);
  const { body, headers } = receiver.requests[0]!;
  expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toMatchObject({
    type: 'connector.paused',
    connector: 'one',
    held: 1,
  });
  await second.runtime.close();
  await (await folder.start(options)).runtime.close();
  expect(receiver.requests).toHaveLength(1);
});

test('an operator who pauses and resumes over the admin API is told of', async () => {
  const receiver = await startServer();
  const folder = new Folder();
  onTestFinished(async () => {
    await folder.remove();
    await receiver.close();
  });
  const running = await folder.start({
    bundle: bundleOf([planOf({ id: 'one' })]),
    flags: { notifyUrl: receiver.origin, workers: '2' },
    env: { SLUICE_NOTIFY_SECRET: SECRET },
  });
  await running.admin('POST', '/connectors/one/pause', { by: 'alice', reason: 'migration' });
  await running.admin('POST', '/connectors/one/resume', { by: 'bob' });
  expect((await running.post('one', { user: 1, amount: 1 })).body).toMatchObject({ paused: true });
  await until(() => receiver.requests.length >= 3);
  expect(receiver.requests.map(({ body }) => JSON.parse(body))).toMatchObject([
    { type: 'connector.paused', by: 'alice', reason: 'migration' },
    { type: 'connector.resumed', by: 'bob' },
    { type: 'connector.paused', by: 'sluice' },
  ]);
});
