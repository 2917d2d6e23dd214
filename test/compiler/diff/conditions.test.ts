/** Which of two lists of conditions takes more requests: by the rules, and against requests that are tried. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { materialiseConditions } from '../../../src/stages/match-when.ts';
import type { ConditionPlan } from '../../../src/stages/plans.ts';
import { headersFromObject } from '../../../src/stages/request.ts';
import { compareConditions } from '../../../src/workbench/diff/plans/conditions.ts';

const at = (condition: Omit<ConditionPlan, 'inEverySample'>): ConditionPlan => ({
  path: '$.a',
  inEverySample: false,
  ...condition,
});

test.each([
  [
    'one more condition',
    [at({ equals: 'x' })],
    [at({ equals: 'x' }), at({ path: '$.b', exists: true })],
    'narrower',
  ],
  [
    'one condition less',
    [at({ equals: 'x' }), at({ path: '$.b', exists: true })],
    [at({ equals: 'x' })],
    'wider',
  ],
  ['one more value', [at({ equals: 'x' })], [at({ in: ['x', 'y'] })], 'wider'],
  ['a longer prefix', [at({ prefix: 'order.' })], [at({ prefix: 'order.paid' })], 'narrower'],
  ['a value with that prefix', [at({ prefix: 'order.' })], [at({ equals: 'order.paid' })], 'narrower'],
  ['only that it is there', [at({ equals: 'x' })], [at({ exists: true })], 'wider'],
  ['another value', [at({ equals: 'x' })], [at({ equals: 'y' })], 'other'],
  ['another path', [at({ equals: 'x' })], [at({ path: '$.b', equals: 'x' })], 'other'],
  ['null is not there', [at({ equals: null })], [at({ exists: true })], 'other'],
  ['the samples', [at({ equals: 'x' })], [{ ...at({ equals: 'x' }), inEverySample: true }], 'same'],
  [
    'another order',
    [at({ equals: 'x' }), at({ path: '$.b', exists: true })],
    [at({ path: '$.b', exists: true }), at({ equals: 'x' })],
    'same',
  ],
] as const)('%s', (_, before, after, comparison) => {
  expect(compareConditions(before, after)).toBe(comparison);
});

const value = fc.constantFrom('x', 'xy', 'y', 1, true, null);
const condition = fc
  .record({
    path: fc.constantFrom('$.a', '$.b'),
    test: fc.oneof(
      fc.record({ equals: value }),
      fc.record({ in: fc.uniqueArray(value, { minLength: 1, maxLength: 3 }) }),
      fc.record({ prefix: fc.constantFrom('x', 'xy') }),
      fc.record({ exists: fc.boolean() }),
    ),
  })
  .map(({ path, test: one }): ConditionPlan => ({ path, ...one, inEverySample: false }));
const conditions = fc.array(condition, { maxLength: 3 });
const payload = fc.record({ a: value, b: value }, { requiredKeys: [] });

test('what is said to take no more takes no more', () => {
  fc.assert(
    fc.property(
      conditions,
      conditions,
      fc.array(payload, { minLength: 30, maxLength: 30 }),
      (before, after, all) => {
        const comparison = compareConditions(before, after);
        const [was, is] = [materialiseConditions(before), materialiseConditions(after)];
        for (const body of all) {
          const takes = [was, is].map(
            (match) => match(body as never, headersFromObject({})).kind === 'match',
          );
          if (comparison === 'narrower' || comparison === 'same') expect(takes[1] && !takes[0]).toBe(false);
          if (comparison === 'wider' || comparison === 'same') expect(takes[0] && !takes[1]).toBe(false);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
