import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';
import type { PathRead } from '../../../src/stages/plans.ts';
import type { Problem } from '../../../src/stages/problem.ts';
import { fingerprintShape } from '../../../src/stages/shape/fingerprint.ts';
import { learnShape } from '../../../src/stages/shape/learn.ts';
import { prepareShape, type ShapeSettings } from '../../../src/stages/shape/prepare.ts';

function prepare(
  samples: readonly JsonValue[],
  settings: Partial<ShapeSettings> = {},
  reads: readonly Partial<PathRead>[] = [],
) {
  const problems: Problem[] = [];
  const plan = prepareShape(
    {
      payloads: samples.map((payload, index) => ({ name: `${index}.json`, payload })),
      settings: { policy: 'mapped', pauseAfter: 3, required: [], optional: [], maps: [], ...settings },
      reads: reads.map((read) => ({ paths: ['$'], required: false, optional: false, ...read })),
    },
    '/shape',
    (problem) => problems.push(problem),
  );
  return { plan, problems };
}

describe('the plan', () => {
  test('is null without payloads', () => {
    expect(prepare([]).plan).toBeNull();
  });

  test('holds the merged shape, its fingerprint and those of the samples, and no values', () => {
    const samples = [{ id: 'secret-1', note: 'x' }, { id: 'secret-2' }, { id: 'secret-3', note: 'y' }];
    const { plan } = prepare(samples, { policy: 'superset', pauseAfter: 7 });
    const merged = learnShape(samples, []);
    expect(plan).toMatchObject({
      policy: 'superset',
      pauseAfter: 7,
      shape: merged,
      fingerprint: fingerprintShape(merged),
      sampleFingerprints: [
        fingerprintShape(learnShape([{ id: '' }], [])),
        fingerprintShape(learnShape([{ id: '', note: '' }], [])),
      ].sort(),
    });
    expect(JSON.stringify(plan)).not.toContain('secret');
  });

  test('does not depend on the order of the samples', () => {
    const samples = [{ id: 'a', note: 'x' }, { id: 'b' }, { id: null, more: [1] }];
    const reads = [{ paths: ['$.id'] }, { paths: ['$.note'] }];
    expect(prepare(samples.toReversed(), {}, reads).plan).toEqual(prepare(samples, {}, reads).plan);
  });

  test('keeps of a read what the contract has, once', () => {
    const read = { paths: ['$.id'], pointer: '/mapping/targetUserIds' };
    const { plan } = prepare([{ id: 1 }], {}, [read, read, { ...read, required: true }]);
    expect(plan?.reads).toEqual([
      { paths: ['$.id'], required: false, optional: false, inEverySample: true },
      { paths: ['$.id'], required: true, optional: false, inEverySample: true },
    ]);
  });

  test.each<[string, string[], boolean]>([
    ['there in all', ['$.id'], true],
    ['missing in one', ['$.note'], false],
    ['null in one', ['$.user.name'], false],
    ['one alternative here, the other there', ['$.note', '$.text'], true],
    ['neither alternative in one', ['$.note', '$.none'], false],
    ['a list that is empty in one', ['$.rows[*].id'], true],
    ['an element that one lacks', ['$.rows[0].id'], false],
    ['in none', ['$.none'], false],
    ['the payload itself', ['$'], true],
  ])('inEverySample: %s', (_, paths, expected) => {
    const samples = [
      { id: 1, note: 'x', user: { name: 'a' }, rows: [] },
      { id: 2, text: 'y', user: { name: null }, rows: [{ id: 1 }] },
    ];
    expect(prepare(samples, {}, [{ paths }]).plan?.reads).toMatchObject([{ inEverySample: expected }]);
  });
});

describe('settings', () => {
  const sample = { id: 1, amount: 5, who: { name: 'a' }, rows: [{ a: 1 }], fields: { x: 1 }, none: null };

  test('required paths become reads', () => {
    const { plan, problems } = prepare([sample], { required: ['$.amount'] }, [{ paths: ['$.id'] }]);
    expect(problems).toEqual([]);
    expect(plan?.reads[1]).toEqual({
      paths: ['$.amount'],
      required: true,
      optional: false,
      inEverySample: true,
    });
  });

  test('optional paths become optional in the shape and for what is read at or below them', () => {
    const settings = { optional: ['$.who', '$.rows[*].a'] };
    const paths = [['$.who.name'], ['$.rows[0].a'], ['$.id'], ['$.who', '$.id']];
    const { plan, problems } = prepare(
      [sample],
      settings,
      paths.map((path) => ({ paths: path })),
    );
    expect(problems).toEqual([]);
    expect(plan?.reads.map(({ optional }) => optional)).toEqual([true, true, false, false]);
    expect(plan?.shape.optional).toEqual(['who']);
    expect(plan?.shape.members?.who?.nullable).toBe(true);
    expect(plan?.shape.members?.rows?.items?.optional).toEqual(['a']);
    expect(plan?.fingerprint).toBe(fingerprintShape(plan?.shape ?? { types: [] }));
  });

  test('an optional path that no sample has changes nothing: a script may read what no sample shows', () => {
    const { plan, problems } = prepare([sample], { optional: ['$.extra.deep'] });
    expect(problems).toEqual([]);
    expect(plan).toEqual(prepare([sample]).plan);
  });

  test('maps are learned as maps', () => {
    expect(prepare([sample], { maps: ['$.fields'] }).plan?.shape.members?.fields?.values).toEqual({
      types: ['number'],
    });
  });

  test.each<[string, JsonValue[], Partial<ShapeSettings>, Partial<Problem>]>([
    [
      'a required path that one sample lacks',
      [sample, { ...sample, amount: null }],
      { required: ['$.id', '$.amount'] },
      {
        code: 'path-not-in-sample',
        pointer: '/shape/required/1',
        message:
          '"$.amount" is missing or null in the sample "1.json", which would be held; remove it here, or correct the sample',
      },
    ],
    [
      'a required path that is only ever null',
      [sample],
      { required: ['$.none'] },
      {
        code: 'path-not-in-sample',
        pointer: '/shape/required/0',
        message:
          '"$.none" is missing or null in the sample "0.json", which would be held; remove it here, or correct the sample',
      },
    ],
    [
      'a map that is no object',
      [sample],
      { maps: ['$.rows'] },
      {
        code: 'path-not-in-sample',
        pointer: '/shape/maps/0',
        message: '"$.rows" is no object in any sample; list only objects whose keys are data',
      },
    ],
    [
      'required and optional at once',
      [sample],
      { required: ['$.id'], optional: ['$.who', '$.id'] },
      {
        code: 'value-invalid',
        pointer: '/shape/optional/1',
        message: '"$.id" is also listed as required; keep one of them',
      },
    ],
    ['not a path', [sample], { required: ['$.'] }, { code: 'path-invalid', pointer: '/shape/required/0' }],
    [
      'a filter',
      [sample],
      { optional: ['$.rows[?(@.a)]'] },
      { code: 'path-filter-refused', pointer: '/shape/optional/0', within: { offset: 7, length: 7 } },
    ],
    [
      'a forbidden key',
      [sample],
      { maps: ['$.__proto__'] },
      { code: 'path-key-forbidden', pointer: '/shape/maps/0' },
    ],
  ])('reported: %s', (_, samples, settings, expected) => {
    const { plan, problems } = prepare(samples, settings);
    expect(problems).toMatchObject([expected]);
    expect(plan).not.toBeNull();
  });

  test('a required wildcard over a list that is empty in a sample is fine', () => {
    const samples = [{ to: [] }, { to: [{ id: 1 }] }];
    expect(prepare(samples, { required: ['$.to[*].id'] }).problems).toEqual([]);
  });

  test('a required path that no sample has is left to the rule for paths, and never forgotten', () => {
    const { plan, problems } = prepare([sample], { required: ['$.nowhere'] });
    expect(problems).toEqual([]);
    expect(plan?.reads).toMatchObject([{ paths: ['$.nowhere'], required: true }]);
  });
});
