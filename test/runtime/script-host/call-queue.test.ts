import { expect, test } from 'vitest';
import { CallQueue } from '../../../src/runtime/script-host/call-queue.ts';

const call = (connector: string, n: number) => ({ connector, n });
const always = () => true;

function names(
  queue: CallQueue<{ connector: string; n: number }>,
  mayRun: (connector: string) => boolean = always,
  rank: (connector: string) => number = () => 0,
) {
  const taken: string[] = [];
  for (let one = queue.take(mayRun, rank); one !== undefined; one = queue.take(mayRun, rank))
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
  const taken = queue.take(always, () => 0);
  queue.putBack(taken!);
  expect(names(queue)).toEqual(['a1', 'b1', 'a2']);
});

test('those of the lowest rank are first', () => {
  const queue = new CallQueue<{ connector: string; n: number }>(100);
  for (const connector of ['c', 'a', 'b', 'a']) queue.push(call(connector, queue.size));
  expect(names(queue, always, (connector) => 'abc'.indexOf(connector))).toEqual(['a1', 'a3', 'b2', 'c0']);
});

test('the queue is bounded; when it is full, the connector with the most calls makes room', () => {
  const queue = new CallQueue<{ connector: string; n: number }>(4);
  const flood = [1, 2, 3, 4, 5].map((n) => call('flood', n));
  expect(flood.map((one) => queue.push(one))).toEqual([null, null, null, null, flood[4]]);
  expect(queue.push(call('a', 1))).toBe(flood[3]);
  expect(queue.push(call('b', 1))).toBe(flood[2]);
  // Now nobody has more than one to spare.
  const refused = call('a', 2);
  expect(queue.push(refused)).toBe(refused);
  expect(names(queue)).toEqual(['flood1', 'a1', 'b1', 'flood2']);
  expect(queue.size).toBe(0);
});

test('more calls of one connector can be taken, and calls taken out', () => {
  const queue = new CallQueue<{ connector: string; n: number }>(100);
  const calls = [1, 2, 3, 4].map((n) => call('a', n));
  for (const one of calls) queue.push(one);
  expect(queue.waitingOf('a')).toBe(4);
  expect(['a', 'b'].map((name) => queue.some((connector) => connector === name))).toEqual([true, false]);
  expect(queue.takeMore('a', 2)).toEqual(calls.slice(0, 2));
  queue.remove(calls[3]!);
  queue.remove(calls[0]!);
  expect([queue.size, queue.waitingOf('a')]).toEqual([1, 1]);
  expect(queue.drain()).toEqual([calls[2]]);
  expect([queue.size, queue.takeMore('a', 5)]).toEqual([0, []]);
});
