import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, parseCanonicalJson } from '../../src/bundle/canonical-json.ts';

test('sorts members at every depth by code units, and leaves out undefined ones', () => {
  const value = { b: [{ z: 1, é: 2, Z: 3 }], a: undefined, ab: null, A: { '10': 1, '9': 2 } };
  expect(canonicalJson(value)).toBe('{"A":{"10":1,"9":2},"ab":null,"b":[{"Z":3,"z":1,"é":2}]}');
});

test('a member named __proto__ is only data', () => {
  const text = '{"__proto__":{"x":1},"a":2}';
  expect(canonicalJson(JSON.parse(text))).toBe(text);
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [() => 1], [Symbol('s')], [[undefined]]])(
  'refuses %s',
  (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  },
);

test('reads back what it wrote, and writes it the same again', () => {
  const value = fc.letrec((tie) => ({
    json: fc.oneof(
      fc.jsonValue(),
      fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }),
      fc.string({ unit: 'binary' }),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie('json'), { maxKeys: 3 }),
    ),
  })).json;
  fc.assert(
    fc.property(value, (one) => {
      const text = canonicalJson(one);
      expect(canonicalJson(parseCanonicalJson(text))).toBe(text);
    }),
  );
});

test('integers past 2^53 keep their digits, other numbers stay numbers', () => {
  const text = '[9007199254740993,-9007199254740993,1e300,0.1234567890123456]';
  expect(parseCanonicalJson(text)).toEqual([
    9007199254740993n,
    -9007199254740993n,
    1e300,
    0.1234567890123456,
  ]);
});
