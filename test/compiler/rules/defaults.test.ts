// Whatever stands in a place that no sample takes (a default, behind ??, a code): the trigger is valid, or check says so.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sampleInput } from '../../../src/compiler/sample-input.ts';
import { materialiseEvaluator } from '../../../src/stages/evaluate.ts';
import { looksUnfilled } from '../../../src/stages/mapping/literal.ts';
import { makeFolder, noScripts } from '../folder.ts';

const SAMPLE = {
  id: 'e1',
  user: 'u1',
  gone: 'u2',
  at: '2031-01-01T00:00:00Z',
  long: 'PT1H',
  level: 3,
  name: 'Ada',
  tags: [{ n: 'a' }, { n: 'b' }],
};
/** The same event without what has a default. */
const LESS = { id: 'e2', user: 'u1', tags: [{ m: 1 }, { n: 'b' }], level: 4 };

/** Where a value may stand; each text is the mapping in JSON, which is YAML. */
const PLACES: readonly ((value: unknown) => object)[] = [
  (value) => ({ targetUserIds: { path: '$.gone', default: value } }),
  (value) => ({ targetUserIds: ['$.user', { path: '$.gone', default: value }] }),
  (value) => ({ targetUserIds: { list: ['$.user', { path: '$.gone', default: value }] } }),
  (value) => ({ targetUserIds: { template: `{{ $.gone ?? ${JSON.stringify(String(value))} }}` } }),
  (value) => ({ cardOptions: { targetStreamIds: { path: '$.gone', default: value } } }),
  (value) => ({ cardOptions: { priority: { path: '$.nothing', default: value } } }),
  (value) => ({ cardOptions: { priority: { path: '$.level', map: { 3: 1, 4: value } } } }),
  (value) => ({
    cardOptions: {
      priority: {
        path: '$.level',
        bands: [
          { from: 4, is: value },
          { from: 0, is: 1 },
        ],
      },
    },
  }),
  (value) => ({ cardOptions: { expires: { path: '$.at', as: 'date-time', default: value } } }),
  (value) => ({ cardOptions: { expiresInterval: { path: '$.long', default: value } } }),
  (value) => ({ cardOptions: { embargo: { template: `{{ $.at ?? ${JSON.stringify(String(value))} }}` } } }),
  (value) => ({ flowInvocationId: { path: '$.name', default: value } }),
  (value) => ({ variables: { name: { path: '$.name', default: value } } }),
  (value) => ({ variables: { name: { template: `Hi {{ $.name ?? ${JSON.stringify(String(value))} }}` } } }),
  (value) => ({
    variables: { tag: { path: '$.tags[*]', get: { path: '$.n', default: value }, pick: 'first' } },
  }),
  (value) => ({
    variables: { tag: { path: '$.tags[*]', get: { path: '$.n', default: value }, join: ', ' } },
  }),
  (value) => ({ notificationDetail: { data: { title: { path: '$.name', default: value } } } }),
  (value) => ({ metadata: { list: [{ path: '$.name', default: value }] } }),
];

const WORDS = [
  'now',
  'high',
  '',
  ' ',
  '$.user',
  '$',
  '$$.user',
  '$name',

  '{{ $.user }}',
  '{{name}}',
  'user',
];
const TIMES = ['2030-01-01T00:00:00Z', '2030-01-01', 'PT1H', '1H', 'P1X'];
const VALUES = fc.oneof(
  fc.constantFrom<unknown>(
    ...WORDS,
    ...TIMES,
    'x'.repeat(300),
    'u7',
    0,
    1,
    10,
    11,
    2.5,
    2 ** 60,
    true,
    false,
    null,
  ),
  fc.constantFrom<unknown>([], [''], ['u7', 'u8'], ['u7', null], [{ a: 1 }], [['u7']], {}, { a: '$.b' }),
  fc.jsonValue({ maxDepth: 2 }),
);

test('whatever a default, the trigger is valid, or check says so', { timeout: 120_000 }, async () => {
  const folder = makeFolder({
    'one/a.json': JSON.stringify(SAMPLE),
    'one/b.json': JSON.stringify({ ...SAMPLE, id: 'e0', nothing: 2 }),
  });
  const fates = { said: 0, mapped: 0 };
  const property = fc.asyncProperty(fc.constantFrom(...PLACES), VALUES, async (place, value) => {
    const mapping = { targetUserIds: '$.user', ...place(value) };
    const text = JSON.stringify({
      apiVersion: 'sluice/v1',
      id: 'one',
      actionFlow: 'Flow1',
      samples: ['a.json', 'b.json'],
      mapping,
      idempotency: { path: '$.id' },
    });
    folder.write('one/connector.yaml', text);
    const { connectors, diagnostics } = await folder.compile();
    if (diagnostics.some(({ severity }) => severity === 'error')) {
      fates.said += 1;
      return;
    }
    const [connector] = connectors;
    const [sample] = connector?.samples ?? [];
    const plan = connector?.plan;
    if (plan == null || sample === undefined) throw new Error('neither compiled nor reported');
    const input = { ...sampleInput(sample, plan), body: LESS };
    const evaluation = await materialiseEvaluator(plan).evaluate(input, 'test', noScripts);
    expect(evaluation).toMatchObject({ elements: [{ kind: 'mapped' }] });
    const { trigger } = (evaluation as { elements: readonly { trigger: object }[] }).elements[0] ?? {};
    expect(textsIn(trigger).filter(looksUnfilled)).toEqual([]);
    fates.mapped += 1;
  });
  await fc.assert(property, { numRuns: 250, endOnFailure: true });
  expect(Math.min(fates.said, fates.mapped)).toBeGreaterThan(20);
});

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
