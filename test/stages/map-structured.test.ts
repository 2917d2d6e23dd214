import { describe, expect, test } from 'vitest';
import { checkTrigger } from '../../src/stages/check-trigger.ts';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { materialiseMapping, prepareStructuredMapping } from '../../src/stages/mapping/map-structured.ts';
import type { StructuredMappingPlan } from '../../src/stages/plans.ts';
import type { Problem } from '../../src/stages/problem.ts';
import { headersFromObject } from '../../src/stages/request.ts';

function prepare(spec: unknown) {
  const problems: Problem[] = [];
  const prepared = prepareStructuredMapping(spec, '/mapping', (problem) => problems.push(problem));
  return { prepared, problems };
}

function map(spec: unknown, payload: JsonValue): unknown {
  const { prepared, problems } = prepare(spec);
  expect(problems).toEqual([]);
  const plan = JSON.parse(JSON.stringify(prepared?.plan)) as StructuredMappingPlan;
  return materialiseMapping(plan)(payload, headersFromObject({ 'x-id': 'h1' }));
}

function held(message: string): object {
  return { kind: 'held', code: 'mapping-failed', message, differences: [] };
}
const noTargets = { kind: 'ignored', code: 'no-targets' };
const ids = (...targetUserIds: string[]) => ({ kind: 'mapped', value: { targetUserIds } });

test.each([
  ['once', ['news'], 'news'],
  ['twice', ['news', 'sport'], 'news, sport'],
])(
  'a repeated field of a form that comes %s is one text where one value goes, and a list elsewhere',
  (_, topics, text) => {
    const path = "$['topics[]']";
    const spec = {
      targetUserIds: path,
      variables: { all: path, last: { path, pick: 'last' } },
      metadata: { path },
    };
    const around = { values: undefined, isBatch: false, isForm: true };
    const prepared = prepareStructuredMapping(spec, '/mapping', () => expect.unreachable(), around);
    const run = materialiseMapping(prepared?.plan as StructuredMappingPlan);
    expect(run({ 'topics[]': topics }, headersFromObject({}))).toEqual({
      kind: 'mapped',
      value: {
        targetUserIds: topics,
        variables: { all: text, last: topics.at(-1) },
        metadata: { path: topics },
      },
    });
  },
);

describe('targetUserIds', () => {
  test.each<[string, unknown, JsonValue, unknown]>([
    ['one value', '$.id', { id: 'u1' }, ids('u1')],
    ['a literal', 'u1', {}, ids('u1')],
    ['a number', '$.id', { id: 5 }, ids('5')],
    ['a big number', '$.id', { id: 12345678901234567890n }, ids('12345678901234567890')],
    ['a list in the payload', '$.ids', { ids: ['a', 1, 'a'] }, ids('a', '1')],
    ['a wildcard', '$.w[*].id', { w: [{ id: 'a' }, { id: null }, {}, { id: 'b' }] }, ids('a', 'b')],
    [
      'lists under a wildcard are one level too deep',
      '$.w[*]',
      { w: [['a']] },
      held('targetUserIds: "$.w[*]" gives something other than a text or a number'),
    ],
    [
      'several expressions, repeats dropped',
      ['$.a', '$.w[*]', 'ops'],
      { a: 'x', w: ['y', 'x'] },
      ids('x', 'y', 'ops'),
    ],
    ['a header', { header: 'x-id' }, {}, ids('h1')],
    ['a template', { template: 'user-{{ $.n }}' }, { n: 1 }, ids('user-1')],
    ['alternatives', { path: ['$.owner', '$.sender'] }, { sender: 's' }, ids('s')],
    ['an empty list under a wildcard', '$.w[*].id', { w: [] }, noTargets],
    ['an empty list', '$.ids', { ids: [] }, noTargets],
    ['whenMissing, missing', { path: '$.id', whenMissing: 'ignore' }, {}, noTargets],
    ['whenMissing, null', { path: '$.a.id', whenMissing: 'ignore' }, { a: null }, noTargets],
    ['whenMissing, blank', { path: '$.id', whenMissing: 'ignore' }, { id: ' ' }, noTargets],
    [
      'whenMissing, a list of nobody',
      { path: '$.ids', whenMissing: 'ignore' },
      { ids: [null, ''] },
      noTargets,
    ],
    ['whenMissing, there', { path: '$.id', whenMissing: 'ignore' }, { id: 'x' }, ids('x')],
    ['whenMissing, a template', { template: 'u{{ $.id }}', whenMissing: 'ignore' }, {}, noTargets],
    [
      'whenMissing beside one who must be there',
      [{ path: '$.a', whenMissing: 'ignore' }, '$.b'],
      {},
      held('targetUserIds: "$.a", "$.b" gives no id'),
    ],
    ['null and blank among others', '$.ids', { ids: ['x', null, '', ' ', 'y'] }, ids('x', 'y')],
    ['blank, and another path', { path: ['$.id', '$.owner'] }, { id: ' ', owner: 'o' }, ids('o')],
    [
      'a list of blanks, and another path',
      { path: ['$.ids[*]', '$.owner'] },
      { ids: ['', ' '], owner: 'o' },
      ids('o'),
    ],
    ['blank, and a default', { path: '$.id', default: 'team' }, { id: '' }, ids('team')],
    [
      'blank where other words are missing',
      { path: '$.id', missing: ['n/a'], default: 'team' },
      { id: ' ' },
      ids('team'),
    ],
    ['only blank', '$.id', { id: '  ' }, held('targetUserIds: "$.id" gives no id')],
    ['an empty list beside a value', ['$.a', '$.w[*]'], { a: 'x', w: [] }, ids('x')],
    [
      'an empty list beside a missing value',
      ['$.a', '$.w[*]'],
      { w: [] },
      held('targetUserIds: "$.a", "$.w[*]" gives no id'),
    ],
    ['a missing value beside a value', ['$.a', '$.b'], { b: 'x' }, ids('x')],
    ['a missing value', '$.id', {}, held('targetUserIds: "$.id" gives no id')],
    ['null', '$.id', { id: null }, held('targetUserIds: "$.id" gives no id')],
    ['a list of null', '$.ids', { ids: [null] }, held('targetUserIds: "$.ids" gives no id')],
    ['missing members', '$.w[*].id', { w: [{}] }, held('targetUserIds: "$.w[*].id" gives no id')],
    [
      'an object',
      '$.id',
      { id: { secret: 1 } },
      held('targetUserIds: "$.id" gives something other than a text or a number'),
    ],
    [
      'a boolean',
      '$.id',
      { id: true },
      held('targetUserIds: "$.id" gives something other than a text or a number'),
    ],
    [
      'a failed conversion',
      { path: '$.id', as: 'integer' },
      { id: 'x' },
      held('targetUserIds: "$.id" is not an integer that can be held exactly'),
    ],
  ])('%s', (_, targetUserIds, payload, expected) => {
    expect(map({ targetUserIds }, payload)).toEqual(expected);
  });
});

test('every field, and what is absent is left out', () => {
  const spec = {
    targetUserIds: '$.user',
    cardOptions: {
      priority: { path: '$.priority', as: 'integer' },
      expires: { path: '$.until', as: 'date-time' },
      expiresInterval: '$.interval',
      targetStreamIds: ['$.stream', 'PAxrYyaO', '$.streams[*]'],
    },
    flowInvocationId: '$.event',
    variables: { amount: { path: '$.amount', as: 'string', default: '0' }, big: '$.big', gone: '$.gone' },
    notificationDetail: { title: { template: 'Hi {{ $.name }}' } },
    metadata: { source: 'shop', order: { lines: '$.lines', note: '$.gone' } },
  };
  const payload = {
    user: 1,
    priority: '3',
    until: 1893456000,
    stream: 7,
    streams: ['PAxrYyaO'],
    event: 900,
    big: 12345678901234567890n,
    name: 'Ada',
    lines: [{ id: 99999999999999999999n }],
  };
  const result = map(spec, payload) as { value: unknown };
  expect(checkTrigger(result.value).ok).toBe(true);
  expect(result).toEqual({
    kind: 'mapped',
    value: {
      targetUserIds: ['1'],
      cardOptions: {
        priority: 3,
        expires: '2030-01-01T00:00:00.000Z',
        targetStreamIds: ['7', 'PAxrYyaO'],
      },
      flowInvocationId: '900',
      variables: { amount: '0', big: '12345678901234567890' },
      notificationDetail: { title: 'Hi Ada' },
      metadata: { source: 'shop', order: { lines: [{ id: '99999999999999999999' }] } },
    },
  });
});

test('fields of which nothing is there are left out', () => {
  const spec = {
    targetUserIds: 'u',
    cardOptions: { embargo: '$.x', targetStreamIds: '$.streams[*]' },
    flowInvocationId: '$.x',
    variables: { a: '$.x' },
    metadata: {},
  };
  expect(map(spec, { streams: [] })).toEqual(ids('u'));
  expect(map({ targetUserIds: 'u', cardOptions: { targetStreamIds: 's' } }, {})).toEqual({
    kind: 'mapped',
    value: { targetUserIds: ['u'], cardOptions: { targetStreamIds: ['s'] } },
  });
});

test.each<[object, string]>([
  [
    { variables: { a: { path: '$.a', as: 'number' } } },
    'variables.a: "$.a" is not a number that can be held exactly',
  ],
  [
    { metadata: { a: { b: { template: '{{ $.c }}' } } } },
    'metadata.a.b: "$.c" is missing, and the template has no default',
  ],
  [
    { cardOptions: { targetStreamIds: '$.o' } },
    'cardOptions.targetStreamIds: "$.o" gives something other than a text or a number',
  ],
  [
    { flowInvocationId: { path: '$.a', as: 'integer' } },
    'flowInvocationId: "$.a" is not an integer that can be held exactly',
  ],
])('%j fails the mapping', (fields, message) => {
  expect(map({ targetUserIds: 'u', ...fields }, { a: 'secret', o: {} })).toEqual(held(message));
});

test('big integers in the connector file keep their digits', () => {
  const spec = {
    targetUserIds: [12345678901234567890n],
    variables: { a: 12345678901234567890n, b: { path: '$.x', default: 12345678901234567891n } },
    metadata: { c: { value: [12345678901234567892n] } },
  };
  const { prepared } = prepare(spec);
  expect(materialiseMapping(prepared?.plan as StructuredMappingPlan)({}, headersFromObject({}))).toEqual({
    kind: 'mapped',
    value: {
      targetUserIds: ['12345678901234567890'],
      variables: { a: '12345678901234567890', b: '12345678901234567891' },
      metadata: { c: ['12345678901234567892'] },
    },
  });
  const { problems } = prepare({ targetUserIds: { path: 12345678901234567890n } });
  expect(problems).toMatchObject([{ message: expect.stringMatching(/^12345678901234567890 is not a path/) }]);
});

test('what feeds targetUserIds is required, unless it has a default', () => {
  const { prepared } = prepare({
    targetUserIds: ['$.a', { path: '$.b', default: 'x' }, { template: 'u{{ $.c }}' }, 'literal'],
    cardOptions: { priority: '$.d', targetStreamIds: ['$.e'] },
    flowInvocationId: '$.f',
    variables: { g: '$.g' },
  });
  const reads = prepared?.reads.map(({ paths, required, optional, pointer }) => [
    paths[0],
    required,
    optional,
    pointer,
  ]);
  expect(reads).toEqual([
    ['$.a', true, false, '/mapping/targetUserIds/0'],
    ['$.b', false, true, '/mapping/targetUserIds/1/path'],
    ['$.c', true, false, '/mapping/targetUserIds/2/template'],
    ['$.e', false, false, '/mapping/cardOptions/targetStreamIds/0'],
    ['$.f', false, false, '/mapping/flowInvocationId'],
    ['$.d', false, false, '/mapping/cardOptions/priority'],
    ['$.g', false, false, '/mapping/variables/g'],
  ]);
});

test.each<[unknown, string, string]>([
  [[], 'expression-invalid', '/mapping'],
  [{ variables: {} }, 'expression-invalid', '/mapping/targetUserIds'],
  [{ targetUserIds: [] }, 'expression-invalid', '/mapping/targetUserIds'],
  [{ targetUserIds: null }, 'expression-invalid', '/mapping/targetUserIds'],
  [{ targetUserIds: true }, 'expression-invalid', '/mapping/targetUserIds'],
  [{ targetUserIds: { id: '$.id' } }, 'expression-invalid', '/mapping/targetUserIds'],
  [{ targetUserIds: ['$.a', ['$.b']] }, 'expression-invalid', '/mapping/targetUserIds/1'],
  [{ targetUserIds: ['$.a', '$.b['] }, 'path-invalid', '/mapping/targetUserIds/1'],
  [
    { targetUserIds: 'u', variables: { constructor: 1 } },
    'output-key-forbidden',
    '/mapping/variables/constructor',
  ],
  [
    { targetUserIds: 'u', metadata: JSON.parse('{"__proto__":1}') },
    'output-key-forbidden',
    '/mapping/metadata/__proto__',
  ],
  [
    { targetUserIds: 'u', cardOptions: { targetStreamIds: {} } },
    'expression-invalid',
    '/mapping/cardOptions/targetStreamIds',
  ],
])('%j is refused', (spec, code, pointer) => {
  const { prepared, problems } = prepare(spec);
  expect(prepared).toBeNull();
  expect(problems).toMatchObject([{ code, pointer }]);
});

test('all that is wrong is reported in one go', () => {
  const { problems } = prepare({
    targetUserIds: '$.a[',
    variables: { a: '$.b[', b: '$.c[' },
    metadata: { c: '$.(' },
  });
  expect(problems.map(({ pointer }) => pointer)).toEqual([
    '/mapping/targetUserIds',
    '/mapping/variables/a',
    '/mapping/variables/b',
    '/mapping/metadata/c',
  ]);
});
