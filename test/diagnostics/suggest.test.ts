import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, suggest } from '../../src/diagnostics/suggest.ts';

test.for([
  ['custmer', ['customer', 'currency'], 'customer'],
  ['statsu', ['status', 'state'], 'status'],
  ['EventId', ['event_id', 'evented'], 'event_id'],
  ['uid', ['id', 'name'], 'id'],
  ['tilte', ['title', 'type'], 'title'],
  // Nothing near is no suggestion.
  ['title', ['type'], undefined],
  ['a', ['b'], undefined],
  ['zzz', ['id', 'type'], undefined],
  ['', ['id'], undefined],
] as const)('%s among %j', ([written, candidates, expected]) => {
  expect(suggest(written, candidates)).toBe(expected);
});

test('the nearest wins, the first of equals', () => {
  expect(suggest('sampel', ['samples', 'sample', 'simple'])).toBe('sample');
  expect(suggest('ab', ['ac', 'ad'])).toBe('ac');
});

test('the end of a message', () => {
  expect(didYouMean('custmer', ['customer'])).toBe('; did you mean "customer"?');
  expect(didYouMean('zzz', ['customer'])).toBe('');
});

test('long names and many candidates cost nothing', () => {
  expect(suggest('a'.repeat(100_000), ['a'.repeat(99_999)])).toBeUndefined();
  const many = (function* () {
    for (let index = 0; ; index += 1) yield `name${index}`;
  })();
  expect(suggest('customer', many)).toBeUndefined();
});

test('a suggestion is one of the candidates, and never what was written', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (written, candidates) => {
      const suggestion = suggest(written, candidates);
      if (suggestion === undefined) return;
      expect(candidates).toContain(suggestion);
      expect(suggestion).not.toBe(written);
    }),
  );
});
