// The words of a structured mapping, one row for each thing that they promise: a specification and a payload in, the value
// out, through a plan as it is after a journey through a bundle.
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { materialiseMapping, prepareStructuredMapping } from '../../src/stages/mapping/map-structured.ts';
import type { StructuredMappingPlan } from '../../src/stages/plans.ts';
import type { Problem } from '../../src/stages/problem.ts';
import { headersFromRaw } from '../../src/stages/request.ts';

const headers = headersFromRaw(['X-Tags', 'a, b']);

function run(x: unknown, payload: JsonValue, root?: JsonValue, values?: unknown): unknown {
  const problems: Problem[] = [];
  const around = { values, isBatch: root !== undefined };
  const spec = { targetUserIds: 'u', metadata: { x } };
  const prepared = prepareStructuredMapping(spec, '/mapping', (one) => problems.push(one), around);
  if (prepared === null) return { refused: problems.map(({ message }) => message) };
  const plan = JSON.parse(JSON.stringify(prepared.plan)) as StructuredMappingPlan;
  const result = materialiseMapping(plan)(payload, headers, root);
  if (result.kind === 'held') return { held: result.message };
  const { metadata = {} } = (result as { value: { metadata?: { x?: unknown } } }).value;
  return metadata.x;
}

const emails = [
  { email: 'a@example.com', primary: false },
  { email: 'b@example.com', primary: true },
];

describe('find', () => {
  test.each<[string, unknown, JsonValue, unknown]>([
    [
      'the one that is meant',
      { path: '$.emails[*]', where: { path: '$.primary', equals: true }, get: '$.email', pick: 'first' },
      { emails },
      'b@example.com',
    ],
    [
      'of a list that is named without a wildcard',
      { path: '$.emails', where: { path: '$.primary', equals: true }, get: '$.email', pick: 'first' },
      { emails },
      'b@example.com',
    ],
    [
      'a number as id',
      { path: '$.f[*]', where: { path: '$.id', equals: 360001 }, get: '$.value', pick: 'first' },
      {
        f: [
          { id: 1, value: 'x' },
          { id: 360001, value: 'y' },
        ],
      },
      'y',
    ],
    [
      'none is missing',
      { path: '$.f[*]', where: { path: '$.id', equals: 5 }, get: '$.v', pick: 'first', default: 'none' },
      { f: [{ id: 1, v: 'x' }] },
      'none',
    ],
    [
      'several conditions',
      {
        path: '$.n[*]',
        where: [
          { path: '$.n', above: 1 },
          { path: '$.n', below: 4 },
        ],
        get: '$.n',
        join: ',',
      },
      { n: [{ n: 1 }, { n: '2.5' }, { n: 3 }, { n: 4 }] },
      '2.5,3',
    ],
    [
      'any of several',
      {
        path: '$.n[*]',
        where: {
          any: [
            { path: '$.a', equals: 1 },
            { path: '$.b', contains: 'x' },
          ],
        },
        get: '$.id',
        join: '',
      },
      { n: [{ id: 1, a: 1 }, { id: 2, b: ['x'] }, { id: 3, b: 'yx' }, { id: 4 }] },
      '123',
    ],
    [
      'an element whose number cannot be compared',
      { path: '$.n[*]', where: { path: '$.n', above: 1 }, get: '$.n', count: true },
      { n: [{ n: 'many' }] },
      { held: 'metadata.x: "$.n[*]" has an element whose "$.n" cannot be compared' },
    ],
    [
      'a template of each',
      { path: '$.n[*]', get: { template: '{{ $.a }}={{ $.b }}' }, join: '; ' },
      {
        n: [
          { a: 1, b: 2 },
          { a: 3, b: 4 },
        ],
      },
      '1=2; 3=4',
    ],
    [
      'lists inside lists',
      {
        path: '$.n[*]',
        get: { path: '$.m[*]', where: { path: '$.ok', equals: true }, get: '$.v' },
        sum: true,
      },
      {
        n: [
          {
            m: [
              { ok: true, v: 1 },
              { ok: false, v: 2 },
            ],
          },
          { m: [{ ok: true, v: 4 }] },
        ],
      },
      5,
    ],
    [
      'a single object',
      { path: '$.o', where: { path: '$.on', equals: true }, get: '$.v' },
      { o: { on: true, v: 7 } },
      7,
    ],
    ['texts that count as absent', { path: ['$.a', '$.b'], missing: ['', 'n/a'] }, { a: ' ', b: 'x' }, 'x'],
    ['and are compared as text', { path: '$.a', missing: ['0'], default: 'none' }, { a: 0 }, 'none'],
    ['in a list', { path: '$.a[*]', missing: [''], join: ',' }, { a: ['x', '', 'y'] }, 'x,y'],
    [
      'every alternative is looked through',
      { path: ['$.a[*]', '$.b[*]'], where: { path: '$.on', equals: true }, get: '$.id', pick: 'first' },
      { a: [{ on: false, id: 1 }], b: [{ on: true, id: 2 }] },
      2,
    ],
  ])('%s', (_, spec, payload, expected) => expect(run(spec, payload)).toEqual(expected));
});

describe('elements', () => {
  test.each<[string, unknown, JsonValue, unknown]>([
    [
      'a text divided',
      { path: '$.cc', separator: ',', case: 'lower' },
      { cc: 'A@x.org, ,B@x.org ,' },
      ['a@x.org', 'b@x.org'],
    ],
    ['a blank text', { path: '$.cc', separator: ',', default: 'none' }, { cc: ' , ' }, 'none'],
    [
      'parts that count as absent',
      { path: '$.cc', separator: ';', missing: ['none'], join: '+' },
      { cc: 'a;none;b' },
      'a+b',
    ],
    ['a header divided', { header: 'x-tags', separator: ',', pick: 'last' }, {}, 'b'],
    ['without some', { list: ['$.a', '$.w[*]'], except: ['$.me'] }, { a: 1, w: [2, 3], me: '2' }, [1, 3]],
    [
      'in the same case',
      { path: '$.w[*]', case: 'lower', except: ['$.me'] },
      { w: ['Ada', 'BOB'], me: 'ADA' },
      ['bob'],
    ],
    [
      'nothing left',
      { path: '$.w[*]', except: ['$.me'], default: 'nobody' },
      { w: ['a'], me: 'a' },
      'nobody',
    ],
    ['the last', { path: '$.w[*]', pick: 'last' }, { w: ['a', 'b'] }, 'b'],
    ['of nothing', { path: '$.w[*]', pick: 'first', default: '-' }, { w: [] }, '-'],
  ])('%s', (_, spec, payload, expected) => expect(run(spec, payload)).toEqual(expected));
});

describe('each', () => {
  test.each<[string, unknown, JsonValue, unknown]>([
    ['a code', { path: '$.s', map: { 6: 'Resolved', 7: 'Closed' }, default: 'Open' }, { s: 6 }, 'Resolved'],
    ['a code as text', { path: '$.s', map: { 6: 'Resolved' } }, { s: '6' }, 'Resolved'],
    ['a flag', { path: '$.s', map: { true: 'yes', false: 'no' } }, { s: false }, 'no'],
    ['another code', { path: '$.s', map: { 6: 'Resolved' }, default: 'Open' }, { s: 9 }, 'Open'],
    [
      'a code that nobody knows',
      { path: '$.s', map: { 6: 'a' } },
      { s: 9 },
      { held: expect.stringMatching('none of the codes') },
    ],
    ['what every object has', { path: '$.s', map: { 6: 'a' }, default: 'x' }, { s: 'toString' }, 'x'],
    [
      'after case',
      { path: '$.s', case: 'lower', map: { critical: 1, high: 3 }, default: 5 },
      { s: 'HIGH' },
      3,
    ],
    [
      'each of a list',
      { path: '$.s[*]', map: { a: 'A', b: 'B' }, default: '?', join: ',' },
      { s: ['a', 'z', 'b'] },
      'A,?,B',
    ],
    ['a list for a code', { path: '$.t', map: { ops: ['u1', 'u2'] } }, { t: 'ops' }, ['u1', 'u2']],
    [
      'bands',
      {
        path: '$.n',
        bands: [
          { from: 1000, is: 1 },
          { from: 0, is: 5 },
        ],
      },
      { n: '999.99' },
      5,
    ],
    [
      'the edge of a band',
      {
        path: '$.n',
        bands: [
          { from: 1000, is: 1 },
          { from: 0, is: 5 },
        ],
      },
      { n: 1000 },
      1,
    ],
    ['below all bands', { path: '$.n', bands: [{ from: 0, is: 5 }], default: 9 }, { n: -1 }, 9],
    ['cents', { path: '$.n', point: 2 }, { n: 4990 }, '49.90'],
    ['few cents', { path: '$.n', point: 2 }, { n: 5 }, '0.05'],
    ['below zero', { path: '$.n', point: 2 }, { n: '-5' }, '-0.05'],
    [
      'more digits than a number holds',
      { path: '$.n', point: 2 },
      { n: '123456789012345678901' },
      '1234567890123456789.01',
    ],
    ['euros', { path: '$.n', point: { currency: '$.c' } }, { n: 4990, c: 'eur' }, '49.90'],
    ['yen', { path: '$.n', point: { currency: '$.c' } }, { n: 4990, c: 'JPY' }, '4990'],
    ['dinars', { path: '$.n', point: { currency: '$.c' } }, { n: 4990, c: 'KWD' }, '4.990'],
    [
      'no such currency',
      { path: '$.n', point: { currency: '$.c' } },
      { n: 1, c: 'XQQ' },
      { held: expect.stringMatching('ISO 4217') },
    ],
    ['rounded away from zero', { path: '$.n', decimals: 2 }, { n: '1.005' }, '1.01'],
    ['and below zero', { path: '$.n', decimals: 0 }, { n: -2.5 }, '-3'],
    ['a whole number of euros', { path: '$.n', decimals: 2 }, { n: 49 }, '49.00'],
    ['no number', { path: '$.n', point: 2 }, { n: '1,000' }, { held: expect.stringMatching('not a number') }],
    ['a date', { path: '$.t', as: 'date' }, { t: '2026-01-04T23:30:00-05:00' }, '2026-01-05'],
    ['percent-encoded', { path: '$.t', as: 'url' }, { t: 'a b/ü' }, 'a%20b%2F%C3%BC'],
    [
      'two hours later',
      { path: '$.t', as: 'date-time', plus: 'PT2H' },
      { t: 1760000000 },
      '2025-10-09T10:53:20.000Z',
    ],
    [
      'a day before',
      { path: '$.t', minus: 'P1D' },
      { t: '2024-03-01T00:00:00Z' },
      '2024-02-29T00:00:00.000Z',
    ],
    [
      'a time that means never',
      { path: '$.t', as: 'date-time', default: 'open' },
      { t: '0001-01-01T00:00:00Z' },
      'open',
    ],
  ])('%s', (_, spec, payload, expected) => expect(run(spec, payload)).toEqual(expected));
});

describe('whole', () => {
  test.each<[string, unknown, JsonValue, unknown]>([
    [
      'labels',
      { path: '$.l[*].name', join: ', ' },
      { l: [{ name: 'bug' }, { name: 'urgent' }] },
      'bug, urgent',
    ],
    ['a list without a wildcard', { path: '$.l', join: ', ' }, { l: ['a', 1, true] }, 'a, 1, true'],
    ['nothing to join', { path: '$.l[*]', join: ', ', default: 'none' }, { l: [] }, 'none'],
    ['how many', { path: '$.l[*]', count: true }, { l: [1, 2, 3] }, 3],
    ['none', { path: '$.l[*]', count: true }, { l: [] }, 0],
    [
      'how many for which',
      { path: '$.l[*]', where: { path: '$.a', equals: 1 }, count: true },
      { l: [{ a: 1 }, { a: 2 }] },
      1,
    ],
    ['together', { path: '$.l[*].q', sum: true }, { l: [{ q: 1 }, { q: 2 }] }, 3],
    ['exactly', { path: '$.l[*]', sum: true }, { l: [0.1, 0.2] }, 0.3],
    ['texts keep their digits', { path: '$.l[*]', sum: true }, { l: ['0.10', '0.20'] }, '0.30'],
    ['amounts', { path: '$.l[*]', point: 2, sum: true }, { l: [990, 10] }, '10.00'],
    ['short enough', { path: '$.t', limit: 5 }, { t: 'abcde' }, 'abcde'],
    ['too long', { path: '$.t', limit: 5 }, { t: 'abcdef' }, 'abcd…'],
    ['as a reader counts', { path: '$.t', limit: 3 }, { t: '👩‍👩‍👧é🇩🇪x' }, '👩‍👩‍👧é…'],
  ])('%s', (_, spec, payload, expected) => expect(run(spec, payload)).toEqual(expected));
});

describe('named values, and the whole body', () => {
  const values = {
    price: { path: '$.amount', point: { currency: { use: 'currency' } } },
    currency: { path: '$.currency', case: 'upper' },
  };
  test('in a template', () => {
    expect(
      run({ template: '{{ price }} {{ currency }}' }, { amount: 4990, currency: 'eur' }, undefined, values),
    ).toBe('49.90 EUR');
  });
  test('missing, with another text', () => {
    expect(run({ template: '{{ currency ?? $.c ?? "?" }}' }, { c: 'x' }, undefined, values)).toBe('x');
  });
  test('a circle is refused', () => {
    const circle = { a: { use: 'b' }, b: { template: '{{ a }}' } };
    expect(run({ use: 'a' }, {}, undefined, circle)).toEqual({
      refused: expect.arrayContaining([expect.stringMatching('circle: a -> b -> a')]),
    });
  });
  test('the envelope', () => {
    expect(run({ template: '{{ $.id }} of {{ $$.owner }}' }, { id: 1 }, { owner: 'o' })).toBe('1 of o');
  });
  test('a lookup elsewhere in the body', () => {
    const spec = {
      path: '$.included[*]',
      where: { path: '$.id', equals: { path: '$$.author' } },
      get: '$.name',
      pick: 'first',
    };
    expect(
      run(spec, {
        author: 7,
        included: [
          { id: '6', name: 'x' },
          { id: '7', name: 'Ada' },
        ],
      }),
    ).toBe('Ada');
  });
  test('a lookup by something of the element', () => {
    const spec = {
      path: '$$.users[*]',
      where: { path: '$.id', equals: { use: 'owner' } },
      get: '$.name',
      pick: 'first',
    };
    const root = {
      users: [
        { id: 1, name: 'a' },
        { id: 2, name: 'b' },
      ],
    };
    expect(run(spec, { owner: 2 }, root, { owner: '$.owner' })).toBe('b');
  });
});

describe('what is refused', () => {
  test.each<[unknown, string]>([
    [{ path: '$.a', where: { path: '$.b' } }, 'a condition names one path'],
    [{ path: '$.a', where: { path: '$.b', equal: 1 } }, '"equal" is no part of a condition'],
    [{ template: 'x', where: { path: '$.b', equals: 1 } }, 'looks into a list'],
    [{ path: '$.a', join: ',', count: true }, 'keep one of them'],
    [{ path: '$.a', map: {} }, '`map` takes codes'],
    [{ path: '$.a', map: { a: { b: 1 } } }, 'not what a code can become'],
    [
      {
        path: '$.a',
        bands: [
          { from: 0, is: 1 },
          { from: 5, is: 2 },
        ],
      },
      'write the highest first',
    ],
    [{ path: '$.a', point: -1 }, 'a whole number from 0 to 20'],
    [{ path: '$.a', plus: 'P1M' }, 'months and years differ'],
    [{ path: '$.a', as: 'number', plus: 'PT1H' }, '`as` is date-time or date'],
    [{ path: '$.a', limit: 0 }, 'a whole number from 1'],
    [{ path: '$.a', default: '$.b' }, 'would be used as it is'],
    [{ path: '$.a', default: 'Hello {{ $.b }}' }, 'would be used as it is'],
    [{ path: '$.a', map: { x: '$.b' } }, 'would be used as it is'],
    [{ use: 'nothing' }, 'is no named value'],
    [{ template: '{{ nothing }}' }, 'is no named value'],
    [{ header: '$.total' }, 'is not the name of a header'],
    [{ path: '$.a', count: false }, 'takes true'],
  ])('%j', (spec, expected) => {
    expect(run(spec, {})).toEqual({ refused: expect.arrayContaining([expect.stringContaining(expected)]) });
  });
  test('a text that looks like a path may be meant', () => {
    expect(run({ path: '$.a', default: { value: '$0.00' } }, {})).toBe('$0.00');
  });
});
