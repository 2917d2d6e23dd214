import { expect, test } from 'vitest';
import { createRows, ROW_LENGTH, type Rows } from '../../src/runtime/ingress/rows.ts';

/** Rows whose turns of the event loop are ended by hand, and the names of those that were handled, in order. */
function world() {
  let deferred: (() => void)[] = [];
  const rows: Rows = createRows((callback) => void deferred.push(callback));
  const handled: string[] = [];
  return {
    handled,
    arrive(connector: string, name: string): void {
      const turn = rows.turn(connector);
      if (turn === undefined) handled.push(name);
      else void turn.then(() => handled.push(name));
    },
    async endTurn(): Promise<readonly string[]> {
      const before = handled.length;
      const callbacks = deferred;
      deferred = [];
      for (const callback of callbacks) callback();
      await Promise.resolve();
      return handled.slice(before);
    },
  };
}

test('requests that come one at a time never wait', async () => {
  const { handled, arrive, endTurn } = world();
  for (const name of ['1', '2', '3']) {
    arrive('a', name);
    expect(handled.at(-1)).toBe(name);
    expect(await endTurn()).toEqual([]);
  }
});

test('after a turn with several, all of a turn wait for its end and are handled in a row', async () => {
  const { handled, arrive, endTurn } = world();
  arrive('a', 'alone');
  arrive('a', 'second');
  expect(handled).toEqual(['alone']);
  expect(await endTurn()).toEqual(['second']);
  for (const name of ['1', '2', '3']) arrive('a', name);
  expect(handled).toHaveLength(2);
  expect(await endTurn()).toEqual(['1', '2', '3']);
});

test('a row is bounded, the rest follows in the next turns, and nobody overtakes', async () => {
  const { arrive, endTurn } = world();
  arrive('a', 'alone');
  const names = Array.from({ length: 2 * ROW_LENGTH + 3 }, (_, index) => `${index}`);
  for (const name of names) arrive('a', name);
  expect(await endTurn()).toEqual(names.slice(0, ROW_LENGTH));
  arrive('a', 'late');
  expect(await endTurn()).toEqual(names.slice(ROW_LENGTH, 2 * ROW_LENGTH));
  expect(await endTurn()).toEqual([...names.slice(2 * ROW_LENGTH), 'late']);
});

test('connectors alternate: a flood of one costs the others a place, not the whole flood', async () => {
  const { arrive, endTurn } = world();
  arrive('flood', 'alone');
  for (let index = 0; index < 5 * ROW_LENGTH; index += 1) arrive('flood', `flood-${index}`);
  arrive('quiet', 'quiet-0');
  arrive('other', 'other-0');
  arrive('quiet', 'quiet-1');
  const row = await endTurn();
  expect(row).toHaveLength(ROW_LENGTH);
  expect(row.slice(0, 5)).toEqual(['flood-0', 'quiet-0', 'other-0', 'flood-1', 'quiet-1']);
});
