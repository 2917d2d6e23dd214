import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valuesAfter } from '../../../src/stages/signature/header-values.ts';

test.each([
  ['v1=', 't=1,v1=a,v1=b,v0=c', ['a', 'b']],
  ['t=', 't=1,v1=a', ['1']],
  ['v1=', 'v1=a, t=1', ['a']],
  ['h1=', 'ts=1;h1=a', ['a']],
  ['v1,', 'v1,a v1,b v1a,c', ['a', 'b']],
  ['t=', 'ts=1,at=2,t=3', ['3']],
  ['v1=', 'xv1=a', []],
  ['v1=', 'v1=v1=a', ['v1=a']],
  ['v1=', 'v1=', ['']],
  ['v1=', 'v1=,v1=a', ['', 'a']],
  ['v1=', 'V1=a', []],
  ['v1=', '', []],
  ['sha256=', '\tsha256=a\tb', ['a']],
  ['Bearer ', 'Bearer a', ['a']],
])('behind %j in %j stands %j', (prefix, text, values) => {
  expect(valuesAfter(prefix, text, 8)).toEqual(values);
});

test('no more values than asked for', () => {
  expect(valuesAfter('t=', 't=1,t=2,t=3', 2)).toEqual(['1', '2']);
});

test('never throws, and finds only what stands there', () => {
  const noisy = fc.string({
    unit: fc.constantFrom('t', '=', ',', ';', ' ', '1', 'v', 'é', '\u0000', '\ud800'),
  });
  fc.assert(
    fc.property(noisy, noisy.filter(Boolean), fc.nat(9), (text, prefix, limit) => {
      const values = valuesAfter(prefix, text, limit);
      expect(values.length).toBeLessThanOrEqual(limit);
      for (const value of values) expect(text).toContain(prefix + value);
    }),
  );
});
