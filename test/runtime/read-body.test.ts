import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { expect, test } from 'vitest';
import { createByteBudget } from '../../src/runtime/ingress/byte-budget.ts';
import { readBody } from '../../src/runtime/ingress/read-body.ts';

type Message = Parameters<typeof readBody>[0];

function makeMessage(): Message & Readable {
  return Object.assign(new Readable({ read() {} }), { headers: {} }) as unknown as Message & Readable;
}

/** Lets the stream pass on what was pushed. */
async function pushAll(message: Readable, pieces: Iterable<Buffer>): Promise<void> {
  for (const piece of pieces) message.push(piece);
  await nextTurn();
}

test('a body in pieces of any size is put together as it was sent', async () => {
  for (const size of [1, 2, 4095, 4096, 4097, 9999]) {
    const body = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));
    const message = makeMessage();
    const reading = readBody(message, body.length, createByteBudget(body.length));
    const starts = Array.from({ length: Math.ceil(body.length / size) }, (_, index) => index * size);
    await pushAll(
      message,
      starts.map((start) => body.subarray(start, start + size)),
    );
    message.push(null);
    expect(await reading).toEqual({ kind: 'body', body });
  }
});

test('a sender of tiny chunks takes no more memory than their bytes', async () => {
  const message = makeMessage();
  const budget = createByteBudget(100_000);
  const reading = readBody(message, 100_000, budget);
  const before = queryObjects(Buffer, { format: 'count' });
  for (let round = 0; round < 50; round += 1) {
    await pushAll(
      message,
      Array.from({ length: 1000 }, () => Buffer.alloc(1)),
    );
  }
  expect(queryObjects(Buffer, { format: 'count' }) - before).toBeLessThan(1000);
  message.push(null);
  expect(await reading).toMatchObject({ kind: 'body', body: { length: 50_000 } });
});

test('slow bodies make room for those that come, the oldest first, and no others', async () => {
  const clock = { now: 0 };
  const budget = createByteBudget(300, () => clock.now);
  const start = async (bytes: number) => {
    const message = makeMessage();
    const reading = Promise.resolve(readBody(message, 200, budget));
    await pushAll(message, [Buffer.alloc(bytes)]);
    return { message, reading };
  };
  const whole = async (bytes: number) => {
    const { message, reading } = await start(bytes);
    message.push(null);
    return (await reading).kind;
  };
  const slow = [await start(100), await start(100)];
  clock.now = 1000;
  const other = await start(100);
  // All of it is taken, but nobody has been slow yet.
  expect(await whole(50)).toBe('overloaded');
  clock.now = 2000;
  expect(await whole(150)).toBe('body');
  expect(await Promise.all(slow.map(({ reading }) => reading))).toEqual([
    { kind: 'overloaded' },
    { kind: 'overloaded' },
  ]);
  // The body that is there is nobody's to take away; what still arrives goes on until it is slow itself.
  await pushAll(other.message, [Buffer.alloc(50)]);
  expect(await whole(50)).toBe('overloaded');
  clock.now = 5000;
  await pushAll(other.message, [Buffer.alloc(50)]);
  other.message.push(null);
  expect(await other.reading).toMatchObject({ kind: 'overloaded' });
  budget.give(150);
  expect(await whole(200)).toBe('body');
});
