import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePath } from '../../../src/stages/json/compile-path.ts';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';
import { listProperties, MAX_EXAMPLE } from '../../../src/stages/shape/properties.ts';
import { json } from './json-arbitrary.ts';

describe('mappable properties', () => {
  test('in the order of the samples, with type and example, ready to paste', () => {
    const samples: JsonValue[] = [
      {
        zip: '00100',
        id: 2n ** 60n,
        customer: { 'first name': 'Ann', mail: null },
        items: [
          { sku: 'a', tags: ['x', 'y'] },
          { sku: 'b', price: 1.5 },
        ],
        none: null,
      },
      {
        zip: 7,
        id: 3,
        customer: { 'first name': 'Bob', mail: 'b@c.example' },
        items: [],
        extra: true,
        none: null,
      },
    ];
    const rows = listProperties(samples).map(({ path, type, example, optional }) =>
      [path, type, example, optional ? 'optional' : ''].join(' | ').trimEnd(),
    );
    expect(rows).toEqual([
      '$.zip | string or number | "00100" |',
      '$.id | number | 1152921504606846976 |',
      '$.customer | object | {"first name":"Ann","mail":null} |',
      '$.customer[\'first name\'] | string | "Ann" |',
      '$.customer.mail | string or null | "b@c.example" | optional',
      '$.items | list | [{"sku":"a","tags":["x","y"]},{"sku":"b","price":1.5}] |',
      '$.items[*] | object | {"sku":"a","tags":["x","y"]} |',
      '$.items[*].sku | string | "a" |',
      '$.items[*].tags | list | ["x","y"] | optional',
      '$.items[*].tags[*] | string | "x" | optional',
      '$.items[*].price | number | 1.5 | optional',
      '$.none | only null in the samples | null | optional',
      '$.extra | boolean | true | optional',
    ]);
  });

  test('the values of a map are shown once', () => {
    const sample = {
      byDay: { '2026-01-01': { sum: 1 }, '2026-01-02': { sum: 2 }, '2026-01-03': { sum: 3 } },
    };
    expect(listProperties([sample]).map(({ path }) => path)).toEqual([
      '$.byDay',
      '$.byDay[*]',
      '$.byDay[*].sum',
    ]);
    const declared = listProperties([{ texts: { a: 'x', b: 'y' } }], ['$.texts']);
    expect(declared.map(({ path }) => path)).toEqual(['$.texts', '$.texts[*]']);
  });

  test('what no path may name is left out', () => {
    const sample = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "ok": 3}');
    expect(listProperties([sample]).map(({ path }) => path)).toEqual(['$.ok']);
  });

  test('examples are cut', () => {
    const [text, list, nested] = listProperties([
      {
        text: 'x'.repeat(1000),
        list: Array.from({ length: 1000 }, (_, index) => index),
        nested: { a: { b: 'y'.repeat(90) } },
      },
    ]).filter(({ path }) => /^\$\.\w+$/.test(path));
    for (const property of [text, list, nested]) {
      expect(property?.example).toHaveLength(MAX_EXAMPLE);
      expect(property?.example.endsWith('...')).toBe(true);
    }
  });

  test('none without payloads or without members', () => {
    expect(listProperties([])).toEqual([]);
    expect(listProperties(['text', {}, []])).toEqual([]);
  });

  test('every path finds something in a sample', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 3 }), (samples) => {
        for (const { path } of listProperties(samples)) {
          const { first } = compilePath(path);
          expect(samples.some((sample) => first(sample) !== undefined)).toBe(true);
        }
      }),
    );
  });
});
