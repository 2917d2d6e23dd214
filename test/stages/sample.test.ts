import { expect, test } from 'vitest';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { readSample } from '../../src/stages/sample.ts';

test.each<[JsonValue, JsonValue, (readonly [string, string])[]]>([
  [
    { headers: { 'X-A': '1', b: ['2', '3'] }, body: { a: 1 } },
    { a: 1 },
    [
      ['x-a', '1'],
      ['b', '2'],
      ['b', '3'],
    ],
  ],
  [{ body: null, headers: {} }, null, []],
  [{ a: 1 }, { a: 1 }, []],
  [[1], [1], []],
  [{ body: { a: 1 } }, { body: { a: 1 } }, []],
  [{ headers: {}, body: 1, more: 2 }, { headers: {}, body: 1, more: 2 }, []],
  [{ headers: 'text', body: 1 }, { headers: 'text', body: 1 }, []],
  [{ headers: { a: 1 }, body: 1 }, { headers: { a: 1 }, body: 1 }, []],
  [{ headers: ['a'], body: 1 }, { headers: ['a'], body: 1 }, []],
])('%j', (value, body, headers) => {
  const sample = readSample('one.json', value);
  expect(sample).toMatchObject({ name: 'one.json' });
  expect(sample.body).toEqual(body);
  expect(sample.headers.entries()).toEqual(headers);
});
