import { describe, expect, test } from 'vitest';
import type { Condition } from '../../src/generated/connector.ts';
import { prepareCondition } from '../../src/stages/conditions/prepare-condition.ts';
import { parseJsonBody } from '../../src/stages/json/json-text.ts';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { materialiseConditions } from '../../src/stages/match-when.ts';
import type { ConditionPlan } from '../../src/stages/plans.ts';
import type { Problem } from '../../src/stages/problem.ts';
import { headersFromRaw } from '../../src/stages/request.ts';
import { type EvaluationSample, readSample } from '../../src/stages/sample.ts';

const sample = readSample('sample.json', {
  headers: { 'X-Event': 'paid' },
  body: { type: 'paid', count: 1, live: true, labels: [{ name: 'a' }], reason: null },
});

function judge(
  specs: readonly Condition[],
  body: JsonValue,
  raw: readonly string[] = [],
  samples: readonly EvaluationSample[] = [sample],
) {
  const problems: Problem[] = [];
  const plans = specs
    .map((spec, index) =>
      prepareCondition(spec, `/when/${index}`, samples, (problem) => problems.push(problem)),
    )
    .filter((plan) => plan !== null);
  expect(problems).toEqual([]);
  return materialiseConditions(JSON.parse(JSON.stringify(plans)))(body, headersFromRaw(raw));
}

const match = { kind: 'match' };
const differs = { kind: 'differs' };
function missing(path: string, found = 'missing', expected = 'a value'): object {
  return { kind: 'missing', differences: [{ path, expected, found }] };
}

describe('a value in the body', () => {
  test.each<[Condition, JsonValue, object]>([
    [{ path: '$.type', equals: 'paid' }, { type: 'paid' }, match],
    [{ path: '$.type', equals: 'paid' }, { type: 'other' }, differs],
    [{ path: '$.type', equals: 'paid' }, { type: { name: 'paid' } }, differs],
    [{ path: '$.type', equals: 'paid' }, {}, missing('$.type')],
    [{ path: '$.type', equals: 'paid' }, { type: null }, missing('$.type', 'null')],
    [{ path: '$.type', equals: 'paid' }, 'paid', missing('$.type')],
    [{ path: '$.other', equals: 'paid' }, {}, differs],
    [{ path: '$.other', equals: 'paid' }, { other: 'paid' }, match],
    [{ path: '$.reason', equals: 'x' }, { reason: null }, differs],
    [{ path: '$.reason', equals: null }, { reason: null }, match],
    [{ path: '$.reason', equals: null }, {}, differs],
    [{ path: '$.count', equals: 1 }, { count: 1 }, match],
    [{ path: '$.count', equals: 1 }, { count: '1' }, differs],
    [{ path: '$.count', equals: 1 }, { count: 1n }, match],
    [{ path: '$.count', equals: 1.5 }, { count: 1n }, differs],
    [{ path: '$.live', equals: false }, { live: 0 }, differs],
    [{ path: '$.live', equals: false }, { live: false }, match],
    [{ path: '$.type', in: ['a', 'b'] }, { type: 'b' }, match],
    [{ path: '$.type', in: ['a', 'b'] }, { type: 'c' }, differs],
    [{ path: '$.type', in: ['a', null] }, { type: null }, match],
    [{ path: '$.count', in: [1, 2] }, { count: 2n }, match],
    [{ path: '$.count', in: [1, 2] }, { count: 3n }, differs],
    [{ path: '$.type', in: ['a', 'b'] }, {}, missing('$.type')],
    [{ path: '$.type', prefix: 'invoice.' }, { type: 'invoice.paid' }, match],
    [{ path: '$.type', prefix: 'invoice.' }, { type: 'invoice' }, differs],
    [{ path: '$.type', prefix: '1' }, { type: 12 }, differs],
    [{ path: '$.type', exists: true }, { type: 0 }, match],
    [{ path: '$.type', exists: true }, {}, differs],
    [{ path: '$.type', exists: true }, { type: null }, differs],
    [
      { path: '$.type', exists: true },
      { kind: 'a' },
      missing('$.type', 'missing, beside a member that no sample has'),
    ],
    [{ path: '$.other', exists: true }, {}, differs],
    [{ path: '$.type', exists: false }, {}, match],
    [{ path: '$.type', exists: false }, { type: null }, match],
    [{ path: '$.type', exists: false }, { type: false }, differs],
    [{ path: '$.labels[*].name', equals: 'b' }, { labels: [{ name: 'a' }, { name: 'b' }] }, match],
    [{ path: '$.labels[*].name', equals: 'b' }, { labels: [{ name: 'a' }] }, differs],
    [{ path: '$.labels[*].name', equals: 'b' }, { labels: [] }, missing('$.labels[*].name')],
    [{ path: '$.labels[*].name', exists: true }, { labels: [{ name: null }, { name: 'x' }] }, match],
    [{ path: '$.labels[*].name', exists: false }, { labels: [{ name: null }] }, match],
    [{ path: '$.toString', exists: true }, {}, differs],
  ])('%o in %o', (condition, body, expected) => {
    expect(judge([condition], body)).toEqual(expected);
  });
});

describe('a header', () => {
  test.each<[Condition, string[], object]>([
    [{ header: 'X-EVENT', equals: 'paid' }, ['x-Event', 'paid'], match],
    [{ header: 'x-event', equals: 'paid' }, ['x-event', 'Paid'], differs],
    [{ header: 'x-event', equals: 'paid' }, [], missing('header x-event')],
    [{ header: 'x-other', equals: 'paid' }, [], differs],
    [{ header: 'x-event', in: ['a', 'b'] }, ['x-event', 'b'], match],
    [{ header: 'x-event', prefix: 'p' }, ['x-event', 'paid'], match],
    [{ header: 'x-event', exists: true }, ['x-event', ''], match],
    [{ header: 'x-event', exists: true }, ['x-event', 'a', 'x-event', 'b'], match],
    [{ header: 'x-event', exists: true }, [], differs],
    [{ header: 'x-event', exists: false }, ['x-event', 'a'], differs],
    [{ header: 'x-event', exists: false }, [], match],
  ])('%j in %j', (condition, raw, expected) => {
    expect(judge([condition], {}, raw)).toEqual(expected);
  });

  test.each(['x-event', 'x-other'])('two copies of %s are neither ours nor somebody else’s', (header) => {
    const twice = [header, 'paid', header, 'paid'];
    const expected = missing(`header ${header}`, '2 values', 'one value');
    expect(judge([{ header, equals: 'paid' }], {}, twice)).toEqual(expected);
    expect(judge([{ header, equals: 'other' }], {}, twice)).toEqual(expected);
  });
});

describe('several conditions', () => {
  const specs: Condition[] = [
    { path: '$.type', equals: 'paid' },
    { path: '$.count', equals: 1 },
    { path: '$.other', exists: false },
  ];

  test.each<[string, JsonValue, object]>([
    ['all hold', { type: 'paid', count: 1 }, match],
    ['one differs', { type: 'paid', count: 2 }, differs],
    ['one is missing, a later one differs', { count: 2 }, differs],
    ['one is missing, the others hold', { count: 1 }, missing('$.type')],
    [
      'two are missing',
      {},
      {
        kind: 'missing',
        differences: [
          { path: '$.type', expected: 'a value', found: 'missing' },
          { path: '$.count', expected: 'a value', found: 'missing' },
        ],
      },
    ],
  ])('%s', (_, body, expected) => {
    expect(judge(specs, body)).toEqual(expected);
  });

  test('none: every event is ours', () => {
    expect(judge([], {})).toEqual(match);
  });
});

describe('what every sample has', () => {
  const other = readSample('other.json', { type: 'paid', reason: 'x' });
  const condition: Condition = { path: '$.count', equals: 1 };

  test.each<[string, readonly EvaluationSample[], object]>([
    ['no sample', [], differs],
    ['one sample that has it', [sample], missing('$.count')],
    ['one that has it, one that has not', [sample, other], differs],
  ])('%s', (_, samples, expected) => {
    expect(judge([condition], {}, [], samples)).toEqual(expected);
  });

  test('a sample with null does not have it', () => {
    expect(judge([{ path: '$.reason', equals: 'x' }], {}, [], [sample, other])).toEqual(differs);
    expect(judge([{ path: '$.reason', equals: 'x' }], {}, [], [other])).toEqual(missing('$.reason'));
  });
});

describe('above and below compare the digits that were sent', () => {
  test.each<[string, Condition, string, object]>([
    ['past 2^53', { path: '$.n', above: 9007199254740992n as never }, '9007199254740993', match],
    ['past 2^53, as text', { path: '$.n', above: '9007199254740993' }, '9007199254740993', differs],
    ['a text past 2^53', { path: '$.n', below: '9007199254740994' }, '"9007199254740993"', match],
    ['more digits than a number has', { path: '$.n', above: '0.3' }, '0.30000000000000000001', match],
    ['and below', { path: '$.n', below: '0.3' }, '0.29999999999999999999', match],
    ['the same number otherwise written', { path: '$.n', above: '49.9' }, '49.90', differs],
    ['an exponent', { path: '$.n', above: '999999999999999999999' }, '1e21', match],
    ['of a list', { path: '$.n[*]', above: '0.3' }, '[0.1, 0.30000000000000000001]', match],
    ['read elsewhere', { path: '$.n', above: { path: '$.m' } }, '0.30000000000000000001, "m": 0.3', match],
    [
      'read elsewhere, exactly',
      { path: '$.m', below: { path: '$.n' } },
      '0.30000000000000000001, "m": 0.3',
      match,
    ],
  ])('%s', (_, condition, digits, expected) => {
    const parsed = parseJsonBody(Buffer.from(`{ "n": ${digits} }`));
    if (!parsed.ok) throw new Error(parsed.detail);
    const plans = [{ ...condition, inEverySample: true }] as unknown as ConditionPlan[];
    expect(materialiseConditions(plans)(parsed.value, headersFromRaw([]))).toEqual(expected);
  });
});

test.each<[unknown, object]>([
  [
    { path: '$.a', above: 2 ** 60 },
    {
      code: 'value-invalid',
      pointer: '/testWhen/above',
      message: '1152921504606847000 is too large to be compared exactly as a number; write it in quotes',
    },
  ],
  [
    { path: '$.a[', equals: 1 },
    { code: 'path-invalid', pointer: '/testWhen/path', within: { offset: 3, length: 1 } },
  ],
  [
    { path: '$.a[?(1)]', equals: 1 },
    { code: 'path-filter-refused', pointer: '/testWhen/path' },
  ],
  [
    { header: 'x-a', equals: 5 },
    {
      code: 'value-invalid',
      pointer: '/testWhen/equals',
      message: '5 is not a text, but a header always is; put it in quotes',
    },
  ],
  [
    { header: 'x-a', in: ['a', true] },
    { code: 'value-invalid', pointer: '/testWhen/in/1' },
  ],
  [
    { path: '$.a', equals: 2 ** 60 },
    {
      code: 'value-invalid',
      pointer: '/testWhen/equals',
      message: '1152921504606847000 is too large to be compared exactly',
    },
  ],
])('%j is refused', (condition, problem) => {
  const problems: Problem[] = [];
  expect(prepareCondition(condition as Condition, '/testWhen', [], (one) => problems.push(one))).toBeNull();
  expect(problems).toMatchObject([problem]);
});
