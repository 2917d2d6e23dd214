// Times of a card: those that stand for none are left out, and a card that has expired before it is made is held.
import { expect, test } from 'vitest';
import { sampleInput } from '../../src/compiler/sample-input.ts';
import { materialiseEvaluator } from '../../src/stages/evaluate.ts';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { makeFolder, noScripts } from '../compiler/folder.ts';

const NOW = Date.UTC(2026, 10, 30);

/** What becomes of the event with this time, that arrives on 30 November 2026. */
async function judge(at: JsonValue, expires: string, isSample = false) {
  const folder = makeFolder({
    'one/connector.yaml': `apiVersion: sluice/v1
id: one
actionFlow: Flow1
samples: [a.json, b.json]
mapping:
  targetUserIds: $.user
  cardOptions: { priority: 2, expires: ${expires} }
idempotency: { path: $.id }
`,
    'one/a.json': JSON.stringify({
      id: 'e1',
      user: 'u1',
      at: typeof at === 'number' ? 1893456000 : '2031-01-01T00:00:00Z',
    }),
    'one/b.json': JSON.stringify({
      id: 'e2',
      user: 'u2',
      at: typeof at === 'number' ? 1893456001 : '2031-01-02T00:00:00Z',
    }),
  });
  const { connectors, diagnostics } = await folder.compile();
  expect(diagnostics).toEqual([]);
  const [sample] = connectors[0]?.samples ?? [];
  const plan = connectors[0]?.plan;
  if (plan == null || sample === undefined) throw new Error('it did not compile');
  const { isSample: _, ...arrived } = sampleInput(sample, plan);
  const input = { ...(isSample ? sampleInput(sample, plan) : arrived), body: { id: 'e3', user: 'u3', at } };
  const evaluation = await materialiseEvaluator(plan).evaluate(
    { ...input, receivedAt: NOW },
    'live',
    noScripts,
  );
  if (evaluation.kind !== 'judged') throw new Error(JSON.stringify(evaluation));
  return evaluation.elements[0];
}

const CONVERTED = '{ path: $.at, as: date-time, default: null }';
const PLAIN = '{ path: $.at, default: null }';

test.each([
  ['0001-01-01T00:00:00Z', PLAIN],
  ['1970-01-01T00:00:00Z', PLAIN],
  ['9999-12-31T23:59:59Z', PLAIN],
  ['0001-01-01T00:00:00Z', CONVERTED],
  ['0000-00-00 00:00:00', CONVERTED],
  [0, CONVERTED],
  [-62135596800, CONVERTED],
])('%j stands for no time: the card has none', async (at, expires) => {
  expect(await judge(at, expires)).toMatchObject({
    kind: 'mapped',
    trigger: { cardOptions: { priority: 2 } },
  });
  expect(JSON.stringify(await judge(at, expires))).not.toContain('expires');
});

test.each(['2026-11-29T23:59:59Z', '2026-11-30T00:00:00Z', '2024-01-01T00:00:00+02:00'])(
  'a card that expired at %s is held, and says why',
  async (at) => {
    const held = {
      kind: 'held',
      code: 'card-expired',
      message: expect.stringContaining('cardOptions.expires'),
    };
    expect(await judge(at, PLAIN)).toMatchObject(held);
  },
);

test('a card that is still to expire is made, and what a sample says expires never', async () => {
  expect(await judge('2026-11-30T00:00:01Z', PLAIN)).toMatchObject({ kind: 'mapped' });
  expect(await judge('2024-01-01T00:00:00Z', PLAIN, true)).toMatchObject({ kind: 'mapped' });
});
