// Any chain of words on any value: what runs agrees with a naive reference and nothing throws, whatever a request holds; what
// comes out is bounded by what went in. What the compiler refuses has no meaning that could be compared.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { materialiseMapping, prepareStructuredMapping } from '../../src/stages/mapping/map-structured.ts';
import type { StructuredMappingPlan } from '../../src/stages/plans.ts';
import { headersFromRaw } from '../../src/stages/request.ts';
import { evaluate, HELD, type Json, NOTHING, type Spec } from './words-reference.ts';

const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(null, true, false, 0, 6, -3, 4990, 77, 1.5, -0.05, 1893456000),
  fc.constantFrom(
    '',
    ' ',
    'a',
    'B',
    'a, b',
    'true',
    '6',
    '-12',
    '0.125',
    '99999999999999999999999.995',
    'n/a',
  ),
  fc.constantFrom('2030-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '2024-02-30T00:00:00Z', '👩‍👩‍👧 family x'),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.integer(),
);
const element: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  fc.record({ k: fc.constantFrom<Json>(1, 'a', null, true), x: scalar }, { requiredKeys: [] }),
);
const value: fc.Arbitrary<Json> = fc.oneof(
  scalar,
  element,
  fc.array(element, { maxLength: 5 }),
  fc.array(scalar, { maxLength: 5 }),
  fc.array(fc.record({ k: fc.constantFrom<Json>(1, 'a', true), x: scalar }), { maxLength: 5 }),
  fc.array(fc.array(scalar, { maxLength: 2 }), { maxLength: 2 }),
);

const WORDS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  where: fc.record({ path: fc.constant('$.k'), equals: fc.constantFrom<Json>(1, 'a', true) }),
  get: fc.constant('$.x'),
  missing: fc.subarray(['', '0', 'n/a', 'a'], { minLength: 1 }),
  separator: fc.constantFrom(',', ' ', ', '),
  case: fc.constantFrom('lower', 'upper'),
  except: fc.subarray(['a', 'B', 6], { minLength: 1 }),
  pick: fc.constantFrom('first', 'last'),
  map: fc.constantFrom({ '6': 'Resolved', a: 1 }, { true: false, b: null, '-3': '1.25' }),
  bands: fc.constantFrom(
    [
      { from: 100, is: 1 },
      { from: 0, is: '5' },
    ],
    [{ from: '0.5', is: 'x' }],
  ),
  point: fc.constantFrom(0, 2, 3),
  decimals: fc.constantFrom(0, 2),
  as: fc.constantFrom('string', 'integer', 'boolean', 'url', 'json', 'date-time', 'date'),
  plus: fc.constant('PT2H'),
  minus: fc.constant('PT30H'),
  join: fc.constantFrom('', ', '),
  count: fc.constant(true),
  sum: fc.constant(true),
  limit: fc.constantFrom(1, 3, 8),
  default: fc.constantFrom<unknown>('none', 7, null),
};

const chain: fc.Arbitrary<Spec> = fc
  .tuple(
    fc.constantFrom('$.v', '$.v[*]'),
    fc
      .subarray(Object.keys(WORDS), { maxLength: 6 })
      .chain((words) =>
        fc.record(Object.fromEntries(words.map((word) => [word, WORDS[word] as fc.Arbitrary<unknown>]))),
      ),
  )
  .map(([path, words]) => ({ path, ...words }));

const headers = headersFromRaw([]);

function compile(x: Spec): ((payload: Json) => unknown) | null {
  const spec = { targetUserIds: 'u', metadata: { x } };
  const prepared = prepareStructuredMapping(spec, '/mapping', () => {});
  if (prepared === null) return null;
  const run = materialiseMapping(JSON.parse(JSON.stringify(prepared.plan)) as StructuredMappingPlan);
  return (payload) => {
    const result = run(payload as never, headers);
    if (result.kind === 'held') return HELD;
    const { metadata } = (result as { value: { metadata?: { x?: unknown } } }).value;
    return metadata === undefined ? NOTHING : metadata.x;
  };
}

test('what runs agrees with the reference', () => {
  let compared = 0;
  fc.assert(
    fc.property(chain, fc.record({ v: value }, { requiredKeys: [] }), (spec, payload) => {
      const run = compile(spec);
      if (run === null) return;
      compared += 1;
      expect(run(payload as Json)).toEqual(evaluate(spec, payload as { v?: Json }));
    }),
    { numRuns: 20_000 },
  );
  expect(compared).toBeGreaterThan(10_000);
});

test('no chain throws, and what comes out is bounded by what went in', () => {
  fc.assert(
    fc.property(chain, fc.jsonValue({ maxDepth: 3 }), (spec, v) => {
      const payload = { v } as Json;
      const made = JSON.stringify(compile(spec)?.(payload) ?? null) ?? '';
      // A lookup, a default, a moved point, a separator or an escape each make at most so much of a character.
      expect(made.length).toBeLessThanOrEqual(JSON.stringify(payload).length * 60 + 100);
    }),
    { numRuns: 5_000 },
  );
});
