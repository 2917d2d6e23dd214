import { expect, test } from 'vitest';
import { Pace } from '../../../src/runtime/script-host/pace.ts';

test('quick ones come first, then those that have never run, then slow ones', () => {
  const pace = new Pace();
  pace.note('quick', 0.2);
  pace.note('steady', 5);
  pace.note('slow', 200);
  expect(['quick', 'steady', 'new', 'slow'].map((connector) => pace.rank(connector))).toEqual([0, 0, 1, 2]);
  expect(['quick', 'steady', 'new', 'slow'].filter((connector) => pace.isInstant(connector))).toEqual([
    'quick',
  ]);
});

test('one slow run in four is enough to be slow; a slow one that has become quick is believed after a while', () => {
  const pace = new Pace();
  for (let run = 0; run < 12; run += 1) pace.note('mixed', run % 4 === 0 ? 400 : 0.1);
  expect(pace.isQuick('mixed')).toBe(false);
  let runs = 0;
  for (; !pace.isQuick('mixed'); runs += 1) pace.note('mixed', 0.1);
  expect(runs).toBeGreaterThan(3);
  expect(runs).toBeLessThan(20);
});
