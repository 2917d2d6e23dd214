// Every code has an example: its wrong side is reported with the code, its right side with nothing.
import { afterAll, describe, expect, test } from 'vitest';
import { checkSide } from '../../scripts/generate/check-example.ts';
import { CODES, type Code } from '../../src/diagnostics/codes.ts';
import { type Example, showSide } from '../../src/diagnostics/examples/example.ts';
import { EXAMPLES } from '../../src/diagnostics/examples/examples.ts';
import { createScriptHost } from '../../src/runtime/script-host/host.ts';

const scripts = createScriptHost({});
afterAll(() => scripts.close());

const examples = Object.entries(EXAMPLES).filter(
  (entry): entry is [Code, Example] => typeof entry[1] !== 'string',
);

test('they stand in the order of the codes, and only what no file can lead to has none', () => {
  expect(Object.keys(EXAMPLES)).toEqual(Object.keys(CODES));
  const without = Object.entries(EXAMPLES).filter(([, example]) => typeof example === 'string');
  expect(without.map(([code]) => code)).toEqual([
    'target-unknown',
    'output-key-forbidden',
    'script-compiler-missing',
  ]);
});

describe.for(examples)('%s', ([code, { wrong, right }]) => {
  test('the wrong side leads to this code alone', async () => {
    const { diagnostics } = await checkSide(wrong, scripts);
    const active = diagnostics.filter(({ silenced }) => silenced === undefined);
    expect([...new Set(active.map((one) => one.code))]).toEqual([code]);
  });

  test('the right side leads to nothing', async () => {
    const { diagnostics } = await checkSide(right, scripts);
    expect(diagnostics.filter(({ silenced }) => silenced === undefined)).toEqual([]);
  });

  test('both are short enough to be read at a glance', () => {
    for (const side of [wrong, right]) {
      const lines = showSide(side).split('\n');
      expect(lines.length).toBeLessThanOrEqual(14);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(140);
    }
  });
});
