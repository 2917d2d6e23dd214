import { expect, test } from 'vitest';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { materialiseSplit } from '../../src/stages/split.ts';

test.each<[string, JsonValue, JsonValue[] | null]>([
  ['$[*]', [1, 2], [1, 2]],
  ['$[*]', [], []],
  ['$[*]', { a: 1 }, null],
  ['$.events[*]', { events: [{ a: 1 }] }, [{ a: 1 }]],
  ['$.events[*]', { events: [] }, []],
  ['$.events[*]', { events: { a: 1 } }, null],
  ['$.events[*]', { events: null }, null],
  ['$.events[*]', { renamed: [1] }, null],
  ['$.events', { events: [1, null] }, [1, null]],
  ['$.events', { events: 'text' }, null],
  ['$.events', {}, null],
  ['$.entry[*].changes[*]', { entry: [{ changes: [1] }, { changes: [2, 3] }] }, [1, 2, 3]],
  ['$.entry[*].changes[*]', { entry: [{ changes: [] }] }, []],
  ['$.entry[*].changes[*]', { entry: [] }, []],
  ['$.entry[*].changes[*]', { entry: [{}] }, null],
  ['$.entry[*].changes[*]', {}, null],
  ['$.events[1:]', { events: [0, 1] }, [1]],
])('%s of %j', (path, body, elements) => {
  expect(materialiseSplit(path)(body)).toEqual(elements);
});
