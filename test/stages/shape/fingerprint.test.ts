import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';
import { fingerprintShape } from '../../../src/stages/shape/fingerprint.ts';
import { learnShape } from '../../../src/stages/shape/learn.ts';
import { json } from './json-arbitrary.ts';

const fingerprintOf = (...samples: JsonValue[]) => fingerprintShape(learnShape(samples, []));

describe('fingerprints', () => {
  test('are SHA-256 in hex, the same in every release', () => {
    const shape = learnShape(
      [
        { id: 'x', list: [1, null], more: { deep: true } },
        { id: 'y', list: [] },
      ],
      [],
    );
    expect(fingerprintShape(shape)).toBe('a4c5ef7de83dd68fac14362b3ee0f626248707c085c0eb0e1fcf3bd4c9ae620d');
  });

  test.each<[string, JsonValue, JsonValue]>([
    ['values', { a: 1, b: 'x' }, { b: 'y', a: 2.5 }],
    ['how many elements a list has', { a: [1] }, { a: [1, 2, 3] }],
  ])('do not tell %s', (_, left, right) => {
    expect(fingerprintOf(left)).toBe(fingerprintOf(right));
  });

  test.each<[string, JsonValue[], JsonValue[]]>([
    ['a type', [{ a: 1 }], [{ a: '1' }]],
    ['null', [{ a: 1 }, { a: null }], [{ a: 1 }]],
    ['a name', [{ a: 1 }], [{ b: 1 }]],
    ['what is optional', [{ a: 1 }, {}], [{ a: 1 }]],
    ['an empty object', [{}], [[]]],
    ['an empty list', [[]], [[1]]],
    ['where a member stands', [{ a: { b: 1 } }], [{ a: {}, b: 1 }]],
    ['names that look like structure', [{ 'a","b': 1 }], [{ a: 1, b: 1 }]],
    ['a member called __proto__', [JSON.parse('{"__proto__": 1}')], [{}]],
  ])('tell %s', (_, left, right) => {
    expect(fingerprintOf(...left)).not.toBe(fingerprintOf(...right));
  });

  test('survive being stored as JSON', () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 3 }), (samples) => {
        const shape = learnShape(samples, []);
        expect(fingerprintShape(JSON.parse(JSON.stringify(shape)))).toBe(fingerprintShape(shape));
      }),
    );
  });

  test('do not depend on the order in which members or types are written', () => {
    expect(
      fingerprintShape({
        types: ['object'],
        members: { b: { types: ['string', 'number'] }, a: { types: [] } },
      }),
    ).toBe(
      fingerprintShape({
        types: ['object'],
        members: { a: { types: [] }, b: { types: ['number', 'string'] } },
      }),
    );
  });
});
