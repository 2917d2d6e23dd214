import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';
import type { Shape } from '../../../src/stages/plans.ts';
import { compareShape, type Mismatch } from '../../../src/stages/shape/compare.ts';
import { generateChecker, generateSource } from '../../../src/stages/shape/generate.ts';
import { learnShape } from '../../../src/stages/shape/learn.ts';
import { json, key } from './json-arbitrary.ts';

const refuse = { unknownMembers: 'refuse' } as const;
const allow = { unknownMembers: 'allow' } as const;

function mismatchesOf(shape: Shape, payload: JsonValue, options = {}): Mismatch[] {
  const mismatches: Mismatch[] = [];
  compareShape(shape, payload, (mismatch) => mismatches.push(mismatch) < 0, options);
  return mismatches;
}

describe('the generated checker', () => {
  test('takes every sample of its shape', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 4 }), (samples) => {
        const fits = generateChecker(learnShape(samples, []), refuse);
        for (const sample of samples) expect(fits(sample)).toBe(true);
      }),
    );
  });

  test('agrees with the slow walk about any payload', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 3 }), json, (samples, payload) => {
        const shape = learnShape(samples, []);
        const mismatches = mismatchesOf(shape, payload);
        expect(generateChecker(shape, refuse)(payload)).toBe(mismatches.length === 0);
        const isOnlyUnknown = mismatches.every(({ kind }) => kind === 'unknown');
        expect(generateChecker(shape, allow)(payload)).toBe(isOnlyUnknown);
      }),
      { numRuns: 1000 },
    );
  });

  test('agrees with it about samples in which one thing was changed', () => {
    fc.assert(
      fc.property(
        fc.array(json, { minLength: 1, maxLength: 2 }),
        fc.nat(),
        key,
        json,
        (samples, at, name, value) => {
          const shape = learnShape(samples, []);
          const payload = changed(samples[0] as JsonValue, at, name, value);
          expect(generateChecker(shape, refuse)(payload)).toBe(mismatchesOf(shape, payload).length === 0);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('agrees with it about maps', () => {
    fc.assert(
      fc.property(json, json, (sample, payload) => {
        const shape = learnShape([{ map: sample }], ['$.map', '$.map[*]']);
        expect(generateChecker(shape, refuse)({ map: sample })).toBe(true);
        expect(generateChecker(shape, refuse)({ map: payload })).toBe(
          mismatchesOf(shape, { map: payload }).length === 0,
        );
      }),
    );
  });

  test('sees own members only', () => {
    const shape = learnShape([JSON.parse('{"toString": {}, "__proto__": {}, "valueOf": 1}')], []);
    const fits = generateChecker(shape, refuse);
    expect(fits(JSON.parse('{"valueOf": 2, "__proto__": {}, "toString": {}}'))).toBe(true);
    expect(fits(JSON.parse('{"valueOf": 2, "toString": {}}'))).toBe(false);
    expect(fits({})).toBe(false);
    expect(generateChecker(learnShape([{}], []), refuse)(JSON.parse('{"__proto__": {}}'))).toBe(false);
  });

  test('takes objects without a prototype, as forms give them', () => {
    const fits = generateChecker(learnShape([{ a: 'x', constructor: 'y' }], []), refuse);
    expect(fits(Object.assign(Object.create(null), { a: 'x', constructor: 'y' }))).toBe(true);
    expect(fits(Object.assign(Object.create(null), { a: 'x' }))).toBe(false);
  });
});

describe('hostile keys are only data', () => {
  const hostile = [
    '"',
    "'",
    '`',
    '\\',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: meant to be evaluated by nobody.
    '${globalThis.hacked = true}',
    '"]; globalThis.hacked = true; o["',
    "'); globalThis.hacked = true; ('",
    '\u2028globalThis.hacked = true',
    '\u2029globalThis.hacked = true',
    '\n globalThis.hacked = true //',
    '*/ globalThis.hacked = true /*',
    '</script>',
    '\0',
    '\ud800',
    '__proto__',
    'constructor',
    'prototype',
    'hasOwnProperty',
    'o',
    'v',
    'n',
    'k',
    'f0',
    'return',
    '',
  ];

  test.each(hostile.map((name) => [JSON.stringify(name), name]))('%s', (_, name) => {
    const sample: JsonValue = Object.fromEntries([[name, Object.fromEntries([[name, 1]])]]);
    const fits = generateChecker(learnShape([sample], []), refuse);
    expect(fits(sample)).toBe(true);
    expect(fits({})).toBe(false);
    expect(fits(Object.fromEntries([[name, Object.fromEntries([[name, 'x']])]]))).toBe(false);
    expect(fits(Object.fromEntries([[`${name}x`, {}]]))).toBe(false);
    expect(globalThis).not.toHaveProperty('hacked');
  });

  test('outside its string literals the source is the same for all keys', () => {
    const withoutStrings = (source: string) => source.replace(/"(?:[^"\\\n\u2028\u2029]|\\.)*"/g, '""');
    const sourceOf = (name: string) =>
      generateSource(learnShape([Object.fromEntries([[name, 1]]) as JsonValue], []), refuse);
    const plain = withoutStrings(sourceOf('plain'));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile)), (name) => {
        fc.pre(!Object.hasOwn(Object.prototype, name));
        expect(withoutStrings(sourceOf(name))).toBe(plain);
      }),
    );
  });

  test('values never get into the source', () => {
    const source = generateSource(learnShape([{ a: 'topsecret', b: [12345678] }], []), refuse);
    expect(source).not.toMatch(/topsecret|12345678/);
  });
});

/** The value with one of its members or elements, the `at`th, set to another value or, where it is a scalar, replaced. */
function changed(value: JsonValue, at: number, name: string, to: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.length === 0 ? [to] : value.with(at % value.length, to);
  if (typeof value !== 'object' || value === null) return to;
  const entries = Object.entries(value) as [string, JsonValue][];
  const index = at % (entries.length + 2);
  const entry = entries[index];
  if (entry === undefined) return Object.fromEntries([...entries, [name, to]]);
  if (at % 3 === 0) return Object.fromEntries(entries.toSpliced(index, 1));
  const inner = at % 3 === 1 ? to : changed(entry[1], at >> 2, name, to);
  return Object.fromEntries(entries.with(index, [entry[0], inner]));
}
