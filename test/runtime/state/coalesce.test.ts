import { expect, test } from 'vitest';
import { coalesce } from '../../../src/runtime/state/files/coalesce.ts';
import { settle } from './fake-clock.ts';

/** A run that ends when the test says so. */
function makeRuns() {
  const runs: { resolve(value: number): void; reject(error: Error): void }[] = [];
  const join = coalesce(() => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    runs.push({ resolve, reject });
    return promise;
  });
  return { runs, join };
}

test('those who come during a run share the next one, however many they are', async () => {
  const { runs, join } = makeRuns();
  const first = join();
  const others = Array.from({ length: 100 }, () => join());
  expect(runs).toHaveLength(1);
  runs[0]?.resolve(1);
  expect(await first).toBe(1);
  await settle();
  expect(runs).toHaveLength(2);
  const late = join();
  runs[1]?.resolve(2);
  expect(new Set(await Promise.all(others))).toEqual(new Set([2]));
  await settle();
  expect(runs).toHaveLength(3);
  runs[2]?.resolve(3);
  expect(await late).toBe(3);
});

test('a run that fails fails for those who asked for it, and for nobody else', async () => {
  const { runs, join } = makeRuns();
  const first = join();
  const second = join();
  runs[0]?.reject(new Error('disk'));
  await expect(first).rejects.toThrow('disk');
  await settle();
  runs[1]?.resolve(2);
  expect(await second).toBe(2);
});

test('no two runs overlap, whenever one is asked for', async () => {
  let running = 0;
  let most = 0;
  const join = coalesce(async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  });
  const asked: Promise<void>[] = [];
  for (let turn = 0; turn < 200; turn += 1) {
    asked.push(join());
    if (turn % 3 > 0) await Promise.resolve();
  }
  await Promise.all(asked);
  expect(most).toBe(1);
});
