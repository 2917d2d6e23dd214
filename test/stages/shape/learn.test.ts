import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';
import type { Shape } from '../../../src/stages/plans.ts';
import { fingerprintShape } from '../../../src/stages/shape/fingerprint.ts';
import { generateChecker } from '../../../src/stages/shape/generate.ts';
import { learnAlong, learnShape, MAX_SHAPE_DEPTH } from '../../../src/stages/shape/learn.ts';
import { MAX_SHAPE_NODES } from '../../../src/stages/shape/limit-shape.ts';
import { json, reversed } from './json-arbitrary.ts';

const number: Shape = { types: ['number'] };
const string: Shape = { types: ['string'] };

describe('what samples have in common', () => {
  test.each<[string, JsonValue[], Shape]>([
    ['a scalar', [1], number],
    ['integers, fractions and bigints are one type', [1, 2.5, 2n ** 60n], number],
    ['null is a type of its own', [null, 'x'], { types: ['string'], nullable: true }],
    ['only null says nothing about types', [null, null], { types: [], nullable: true }],
    ['several types', [true, 'x', 1], { types: ['boolean', 'number', 'string'] }],
    ['an empty object', [{}], { types: ['object'], members: {} }],
    ['an empty list', [[]], { types: ['array'] }],
    [
      'members that not every object has',
      [{ b: 1, a: 'x' }, { b: 2 }],
      { types: ['object'], members: { a: string, b: number }, optional: ['a'] },
    ],
    [
      'the elements of all lists together',
      [[1, { a: 1 }], [{ a: 1, b: 'x' }], []],
      {
        types: ['array'],
        items: {
          types: ['number', 'object'],
          members: { a: number, b: string },
          optional: ['b'],
        },
      },
    ],
    [
      'an object here, a text there: members are optional among the objects only',
      [{ a: { b: 1 } }, { a: 'x' }],
      { types: ['object'], members: { a: { types: ['object', 'string'], members: { b: number } } } },
    ],
  ])('%s', (_, samples, expected) => {
    expect(learnShape(samples, [])).toEqual(expected);
  });

  test('no samples: anything', () => {
    expect(learnShape([], [])).toEqual({ types: [] });
  });

  test('keys such as __proto__ are members like any other', () => {
    const sample = JSON.parse('{"__proto__": {"x": 1}, "constructor": "y"}');
    const { members } = learnShape([sample], []);
    expect(Object.keys(members ?? {})).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(members)).toBe(Object.prototype);
    expect(JSON.stringify(members)).toContain('"__proto__":{"types":["object"]');
  });
});

describe('maps', () => {
  const languages = { en: { text: 'a' }, de: { text: 'b', draft: true } };

  test('declared ones take any key, and one shape for all values', () => {
    const texts = {
      types: ['object'],
      members: { text: string, draft: { types: ['boolean'] } },
      optional: ['draft'],
    };
    expect(learnShape([{ texts: languages }], ['$.texts'])).toEqual({
      types: ['object'],
      members: { texts: { types: ['object'], values: texts } },
    });
  });

  test.each<[string, JsonValue]>([
    ['$.lists[*].texts', { lists: [{ texts: languages }] }],
    ['$.lists[0].texts', { lists: [{ texts: languages }] }],
    ['$.*[*].texts', { lists: [{ texts: languages }] }],
    ['$..texts', { lists: [{ texts: languages }] }],
    ["$['a','lists'][:2].texts", { lists: [{ texts: languages }] }],
  ])('%s', (path, sample) => {
    const shape = learnShape([sample], [path]);
    expect(shape.members?.lists?.items?.members?.texts?.values).toBeDefined();
    expect(shape.members?.lists?.values).toBeUndefined();
  });

  test('a map inside a map', () => {
    const shape = learnShape([{ a: { x: { p: 1 }, y: { q: 2 } } }], ['$.a', '$.a[*]']);
    expect(shape.members?.a).toEqual({ types: ['object'], values: { types: ['object'], values: number } });
  });

  test('a map inside a map, named by one of its keys or by descent', () => {
    const sample = { m: { x: { m: { p: 1 } }, y: { m: { q: 2 } } } };
    const inner = { types: ['object'], values: number };
    const outer = { types: ['object'], values: { types: ['object'], members: { m: inner } } };
    expect(learnShape([sample], ['$.m', '$.m.x.m']).members?.m).toEqual(outer);
    expect(learnShape([sample], ['$..m']).members?.m).toEqual(outer);
  });

  test('a declared map without entries takes anything', () => {
    expect(learnShape([{ a: {} }], ['$.a']).members?.a).toEqual({ types: ['object'], values: { types: [] } });
  });

  test('recognised over all samples together, when the values are alike', () => {
    const days = (...names: string[]) => ({
      byDay: Object.fromEntries(names.map((name) => [name, { sum: 1 }])),
    });
    const map = { types: ['object'], values: { types: ['object'], members: { sum: number } } };
    expect(learnShape([days('2026-01-01'), days('2026-01-02', '2026-01-03')], []).members?.byDay).toEqual(
      map,
    );
    expect(learnShape([days('2026-01-01', '2026-01-02')], []).members?.byDay?.values).toBeUndefined();
  });

  test.each<[string, JsonValue]>([
    ['values of different types', { '1': 1, '2': 'x', '3': 1 }],
    ['objects with nothing in common', { '1': { a: 1 }, '2': { b: 1 }, '3': { c: 1 } }],
  ])('not recognised: %s', (_, sample) => {
    expect(learnShape([sample], []).values).toBeUndefined();
  });

  test('one payload alone is learned with the maps that all samples have together', () => {
    const merged = learnShape([{ byDay: { '2026-01-01': 1, '2026-01-02': 1, '2026-01-03': 1 } }], []);
    const one = learnAlong(merged, { byDay: { '2026-09-09': 1 } });
    expect(fingerprintShape(one)).toBe(fingerprintShape(merged));
  });
});

describe('order does not matter', () => {
  test('of samples, keys and list elements', () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 4 }), (samples) => {
        const shape = learnShape(samples, []);
        const other = learnShape(samples.map(reversed).reverse(), []);
        expect(JSON.stringify(other)).toBe(JSON.stringify(shape));
      }),
    );
  });

  test('and a sample given twice teaches nothing new', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), (samples) => {
        expect(learnShape([...samples, samples[0] as JsonValue], [])).toEqual(learnShape(samples, []));
      }),
    );
  });
});

describe('bounds', () => {
  test('what lies deeper than bodies may nest takes anything', () => {
    const nest = (depth: number, inner: JsonValue): JsonValue =>
      depth === 0 ? inner : { a: nest(depth - 1, inner) };
    const shape = learnShape([nest(MAX_SHAPE_DEPTH + 1, 'deep')], []);
    const fits = generateChecker(shape, { unknownMembers: 'refuse' });
    expect(fits(nest(MAX_SHAPE_DEPTH + 1, 7))).toBe(true);
    expect(fits(nest(MAX_SHAPE_DEPTH, 7))).toBe(false);
  });

  test('a shape with too many paths ends at one depth, whatever the order', () => {
    const wide = (name: string) =>
      Object.fromEntries(
        Array.from({ length: MAX_SHAPE_NODES / 2 }, (_, index) => [`${name}${index}`, index]),
      );
    const sample = { top: 1, left: wide('a'), right: wide('b') };
    const shape = learnShape([sample], []);
    expect(shape).toEqual({
      types: ['object'],
      members: { top: number, left: { types: ['object'] }, right: { types: ['object'] } },
    });
    expect(learnShape([reversed(sample)], [])).toEqual(shape);
    const fits = generateChecker(shape, { unknownMembers: 'refuse' });
    expect(fits({ top: 1, left: { anything: 'x' }, right: {} })).toBe(true);
    expect(fits({ top: 1, left: [], right: {} })).toBe(false);
  });
});
