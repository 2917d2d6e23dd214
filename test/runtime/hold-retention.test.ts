import { pino } from 'pino';
import { expect, test } from 'vitest';
import { startRetention } from '../../src/runtime/redelivery/hold-retention.ts';
import { CONNECTOR, makeHold, makeUndelivered } from './state/example-hold.ts';
import { makeFakeClock } from './state/fake-clock.ts';
import { makeStateFolder } from './state/open-owner.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function start(days: number) {
  const { open, fileSystem } = makeStateFolder();
  const owner = await open();
  // Not that of the folder, which beats every few seconds.
  const clock = makeFakeClock(fileSystem.isIdle);
  const logged: unknown[] = [];
  const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const keep = (daysOld: number) => {
    const receivedAt = clock.now() - daysOld * DAY;
    return owner.keep(makeHold({ receivedAt, grade: 'none' }));
  };
  const stop = () => startRetention({ owner, days, now: clock.now, timer: clock, log });
  const left = () => owner.holds.list().holds.map(({ code }) => code);
  return { owner, clock, logged, keep, start: stop, left };
}

test('what is older than allowed is dropped and logged, the rest stays', async () => {
  const { owner, clock, logged, keep, start: begin, left } = await start(30);
  await keep(31);
  await owner.keep(makeUndelivered(['a'], { receivedAt: clock.now() - 40 * DAY }));
  await keep(29.5);
  const stop = begin();
  await clock.advance(0);
  expect(left()).toHaveLength(3);
  await clock.advance(HOUR);
  expect(left()).toEqual(['shape-changed']);
  expect(logged).toMatchObject([{ connector: CONNECTOR, count: 2, days: 30 }]);
  await clock.advance(13 * HOUR);
  expect(left()).toEqual([]);
  await stop();
  expect(clock.pending()).toBe(0);
});

test('a clock that is wrong for a moment drops nothing', async () => {
  const { clock, logged, keep, start: begin, left } = await start(30);
  await keep(1);
  clock.jump(365 * DAY);
  const stop = begin();
  await clock.advance(HOUR / 2);
  clock.jump(-365 * DAY);
  await clock.advance(3 * HOUR);
  expect(left()).toHaveLength(1);
  expect(logged).toEqual([]);
  await stop();
});
