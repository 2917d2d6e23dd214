import { expect, test } from 'vitest';
import { CallQueue } from '../../../src/runtime/script-host/call-queue.ts';

const call = (connector: string, n: number) => ({ connector, n });
const always = () => true;

function names(
  queue: CallQueue<{ connector: string; n: number }>,
  mayRun: (connector: string) => boolean = always,
) {
  const taken: string[] = [];
  for (let one = queue.take(mayRun); one !== undefined; one = queue.take(mayRun))
    taken.push(`${one.connector}${one.n}`);
  return taken;
}

test('connectors take turns; the calls of one keep their order', () => {
  const queue = new CallQueue<{ connector: string; n: number }>(100);
  for (const n of [1, 2, 3]) queue.push(call('a', n));
  for (const n of [1, 2]) queue.push(call('b', n));
  queue.push(call('c', 1));
  expect(names(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  expect(queue.size).toBe(0);
});

test('a connector that may not run is passed over and keeps its place', () => {
  const queue = new CallQueue<{ connector: string; n: number }>(100);
  queue.push(call('a', 1));
  queue.push(call('b', 1));
  expect(names(queue, (connector) => connector !== 'a')).toEqual(['b1']);
  expect(names(queue)).toEqual(['a1']);
});

test('a call that is put back is first again', () => {
  const queue = new CallQueue<{ connector: string; n: number }>(100);
  for (const n of [1, 2]) queue.push(call('a', n));
  queue.push(call('b', 1));
  const taken = queue.take(always);
  queue.putBack(taken!);
  expect(names(queue)).toEqual(['a1', 'b1', 'a2']);
});

test('the queue is bounded, and half of it is the most that one connector gets', () => {
  const queue = new CallQueue<{ connector: string; n: number }>(4);
  expect([1, 2, 3].map((n) => queue.push(call('a', n)))).toEqual([true, true, false]);
  expect([1, 2, 3].map((n) => queue.push(call(`other-${n}`, n)))).toEqual([true, true, false]);
  expect(queue.size).toBe(4);
});

test('more calls of one connector can be taken, and calls taken out', () => {
  const queue = new CallQueue<{ connector: string; n: number }>(100);
  const calls = [1, 2, 3, 4].map((n) => call('a', n));
  for (const one of calls) queue.push(one);
  expect(queue.waitingOf('a')).toBe(4);
  expect(queue.takeMore('a', 2)).toEqual(calls.slice(0, 2));
  queue.remove(calls[3]!);
  queue.remove(calls[0]!);
  expect([queue.size, queue.waitingOf('a')]).toEqual([1, 1]);
  expect(queue.drain()).toEqual([calls[2]]);
  expect([queue.size, queue.takeMore('a', 5)]).toEqual([0, []]);
});
