import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { compileExpression } from '../../src/stages/mapping/expression.ts';
import { prepareExpression } from '../../src/stages/mapping/prepare-expression.ts';
import { Scope } from '../../src/stages/mapping/scope.ts';
import type { ExpressionPlan } from '../../src/stages/plans.ts';
import type { Problem } from '../../src/stages/problem.ts';
import { headersFromRaw } from '../../src/stages/request.ts';

const payload: JsonValue = {
  id: 7,
  name: 'Ada',
  empty: '',
  nothing: null,
  paid: true,
  big: 12345678901234567890n,
  created: 1760000000,
  customer: { id: 'c1', account: 99999999999999999999n },
  items: [{ sku: 'a', count: 1 }, { sku: null }, { sku: 'b', count: 2 }],
  none: [],
};
const headers = headersFromRaw(['X-Event', 'paid', 'X-Many', 'a', 'x-many', 'b']);

function prepare(spec: unknown) {
  const problems: Problem[] = [];
  const prepared = prepareExpression(spec, '/mapping/x', (problem) => problems.push(problem));
  return { prepared, problems };
}

function evaluate(spec: unknown, body: JsonValue = payload): unknown {
  const { prepared, problems } = prepare(spec);
  expect(problems).toEqual([]);
  if (prepared === null) throw new Error('nothing prepared');
  // As after a journey through a bundle.
  const plan = JSON.parse(JSON.stringify(prepared.plan)) as ExpressionPlan;
  const result = compileExpression(plan, 'variables.x')(new Scope(body, headers));
  return result.kind === 'value' ? result.value : result;
}

const absent = { kind: 'absent' };
const empty = { kind: 'empty' };

function failed(message: string): object {
  return { kind: 'failed', message: `variables.x: ${message}` };
}

describe('values', () => {
  test.each<[string, unknown, unknown]>([
    ['a path', '$.name', 'Ada'],
    ['a path, spelled out', { path: '$.customer.id' }, 'c1'],
    ['an empty text is a value', '$.empty', ''],
    ['false and 0 are values', { path: ['$.none[0]', '$.paid'] }, true],
    ['a missing path', '$.missing', absent],
    ['null is missing', '$.nothing', absent],
    ['a default for what is missing', { path: '$.missing', default: 'none' }, 'none'],
    ['a default for null', { path: '$.nothing', default: 0 }, 0],
    ['a default of null', { path: '$.nothing', default: null }, absent],
    ['a default is not converted', { path: '$.missing', as: 'string', default: 5 }, 5],
    ['the first path that resolves', { path: ['$.missing', '$.nothing', '$.name', '$.id'] }, 'Ada'],
    ['an object', '$.items[0]', { sku: 'a', count: 1 }],
    ['a big integer', '$.big', '12345678901234567890'],
    ['a big integer inside', '$.customer', { id: 'c1', account: '99999999999999999999' }],
    ['a path with a wildcard gives a list, without nulls', '$.items[*].sku', ['a', 'b']],
    ['a path with a wildcard, converted', { path: '$.items[*].count', as: 'string' }, ['1', '2']],
    ['a path with a wildcard, as JSON', { path: '$.items[*].count', as: 'json' }, '[1,2]'],
    ['an empty list', '$.none[*].id', empty],
    ['an empty list with a default', { path: '$.none[*].id', default: 'x' }, 'x'],
    ['missing members of a list', '$.items[*].missing', absent],
    ['a missing list', '$.missing[*].id', absent],
    ['a conversion', { path: '$.id', as: 'string' }, '7'],
    ['a time', { path: '$.created', as: 'date-time' }, '2025-10-09T08:53:20.000Z'],
    ['a header', { header: 'X-EVENT' }, 'paid'],
    ['a header sent twice', { header: 'x-many' }, 'a, b'],
    ['a missing header', { header: 'x-none' }, absent],
    ['a missing header with a default', { header: 'x-none', default: 'd' }, 'd'],
    ['a literal', 'text', 'text'],
    ['a number', 5, 5],
    ['null', null, null],
    ['a literal that looks like a path', { value: '$.name' }, '$.name'],
    ['a literal that looks like an expression', { value: { path: '$.name' } }, { path: '$.name' }],
    [
      'an object of expressions',
      { a: '$.id', b: { c: ['$.name', 'x', '$.missing'] }, d: '$.missing' },
      { a: 7, b: { c: ['Ada', 'x'] } },
    ],
    ['an inherited name', '$.toString', absent],
  ])('%s', (_, spec, expected) => {
    expect(evaluate(spec)).toEqual(expected);
  });
});

describe('templates', () => {
  test.each<[string, unknown]>([
    ['Hello {{ $.name }}', 'Hello Ada'],
    ['{{$.name}}{{$.id}}', 'Ada7'],
    ['{{ $.paid }} {{ $.big }} {{ $.created }}', 'true 12345678901234567890 1760000000'],
    ['[{{ $.empty }}]', '[]'],
    ["{{ $['name'] }} {{ $.items[0].sku }}", 'Ada a'],
    ['{{ $.missing ?? $.name }}', 'Ada'],
    ['Hello {{ $.missing ?? "there" }}', 'Hello there'],
    ["Hello {{ $.nothing ?? 'there, you' }}!", 'Hello there, you!'],
    ['{{ $.missing ?? "}}" }}{{ "{{" }}', '}}{{'],
    ['{{ $.missing ?? "" }}', ''],
    ['no fill } } { {', 'no fill } } { {'],
    ['', ''],
    ['{{ $.missing }}', failed('"$.missing" is missing, and the template has no default')],
    ['{{ $.a ?? $.b }}', failed('"$.a" or "$.b" is missing, and the template has no default')],
    ['{{ $.customer }}', failed('"$.customer" is a list or an object, which a template cannot write')],
    ['{{ $.items }}', failed('"$.items" is a list or an object, which a template cannot write')],
  ])('%s', (template, expected) => {
    expect(evaluate({ template })).toEqual(expected);
  });

  test('a default of the whole template', () => {
    expect(evaluate({ template: 'Hello {{ $.missing }}, {{ $.name }}', default: 'Hello' })).toBe('Hello');
    expect(evaluate({ template: 'Hello {{ $.missing ?? "you" }}', default: 'Hello' })).toBe('Hello you');
    expect(evaluate({ template: 'Hello {{ $.missing }}', default: null })).toEqual(absent);
  });

  test('a conversion of the whole template', () => {
    expect(evaluate({ template: '{{ $.id }}{{ $.id }}', as: 'integer' })).toBe(77);
    expect(evaluate({ template: '{{ $.name }}', as: 'integer' })).toEqual(
      failed('the template is not an integer that can be held exactly'),
    );
  });

  test('what a payload holds is never filled in a second time', () => {
    expect(evaluate({ template: '{{ $.a }}' }, { a: '{{ $.b }}$.b', b: 'secret' })).toBe('{{ $.b }}$.b');
  });
});

describe('failures name the field and the path, and no value', () => {
  test.each<[unknown, string]>([
    [{ path: '$.name', as: 'integer' }, '"$.name" is not an integer that can be held exactly'],
    [
      { path: ['$.missing', '$.name'], as: 'boolean' },
      '"$.missing" or "$.name" is not true, false, 1 or 0; other words take a `map`, such as { yes: true, no: false }',
    ],
    [{ path: '$.items', as: 'string' }, '"$.items" is not a text, number or boolean'],
    [{ path: '$.items[*].sku', as: 'number' }, '"$.items[*].sku" is not a number that can be held exactly'],
    [{ header: 'x-event', as: 'number' }, 'header "x-event" is not a number that can be held exactly'],
  ])('%j', (spec, message) => {
    expect(evaluate(spec)).toEqual(failed(message));
  });

  test('inside an object the member is named', () => {
    expect(evaluate({ a: { b: ['x', { path: '$.name', as: 'number' }] } })).toEqual({
      kind: 'failed',
      message: 'variables.x.a.b[1]: "$.name" is not a number that can be held exactly',
    });
  });

  test('a path that names too many values', () => {
    const many = { list: Array.from({ length: 10_001 }, (_, index) => index) };
    expect(evaluate('$.list[*]', many)).toEqual(failed('"$.list[*]" names more than 10000 values'));
  });
});

describe('what is read', () => {
  test.each<[unknown, unknown]>([
    ['$.a', [{ paths: ['$.a'], required: false, optional: false, pointer: '/mapping/x' }]],
    [
      { path: '$.a', default: 1 },
      [{ paths: ['$.a'], required: false, optional: true, pointer: '/mapping/x/path' }],
    ],
    [
      { path: ['$.a', '$.b'] },
      [{ paths: ['$.a', '$.b'], required: false, optional: false, pointer: '/mapping/x/path' }],
    ],
    [
      { 'a/b': ['$.a'] },
      [{ paths: ['$.a'], required: false, optional: false, pointer: '/mapping/x/a~1b/0' }],
    ],
    [
      { template: 'Hi {{ $.a ?? $.b }} {{ $.c ?? "d" }}' },
      [
        {
          paths: ['$.a', '$.b'],
          required: false,
          optional: false,
          pointer: '/mapping/x/template',
          within: { offset: 6, length: 10 },
        },
        {
          paths: ['$.c'],
          required: false,
          optional: true,
          pointer: '/mapping/x/template',
          within: { offset: 23, length: 3 },
        },
      ],
    ],
    [
      { template: '{{ $.a }}', default: 'd' },
      [
        {
          paths: ['$.a'],
          required: false,
          optional: true,
          pointer: '/mapping/x/template',
          within: { offset: 3, length: 3 },
        },
      ],
    ],
    [{ header: 'x' }, []],
    [{ value: '$.a' }, []],
  ])('%j', (spec, reads) => {
    expect(prepare(spec).prepared?.reads).toEqual(reads);
  });
});

describe('what is refused', () => {
  const x = '/mapping/x';
  test.each<[unknown, Partial<Problem>[]]>([
    ['$.a[', [{ code: 'path-invalid', pointer: x, within: { offset: 3, length: 1 } }]],
    [
      '$5.00',
      [{ code: 'path-invalid', pointer: x, message: expect.stringContaining('write { value: ... }') }],
    ],
    [{ path: 'a' }, [{ code: 'path-invalid', pointer: `${x}/path` }]],
    [
      { path: '$.a[?(@.b)]' },
      [{ code: 'path-filter-refused', pointer: `${x}/path`, within: { offset: 4, length: 7 } }],
    ],
    [
      { path: ['$.a', '$.__proto__', 5] },
      [
        { code: 'path-key-forbidden', pointer: `${x}/path/1` },
        {
          code: 'expression-invalid',
          pointer: `${x}/path/2`,
          message: '5 is not a path; a path is a text such as "$.id"',
        },
      ],
    ],
    [{ path: [] }, [{ code: 'expression-invalid', pointer: `${x}/path` }]],
    [
      { path: '$.a', value: 1 },
      [
        {
          code: 'expression-invalid',
          pointer: x,
          message: 'the expression has "path" and "value"; keep one of them',
        },
      ],
    ],
    [
      { path: '$.a', method: 'GET' },
      [
        {
          code: 'expression-invalid',
          pointer: `${x}/method`,
          message:
            '"method" has no meaning beside "path", which makes this an expression; remove it, or wrap the object: { value: {...} }',
        },
      ],
    ],
    [{ value: 1, as: 'string' }, [{ code: 'expression-invalid', pointer: `${x}/as` }]],
    [
      { path: '$.a', as: 'text' },
      [
        {
          code: 'expression-invalid',
          pointer: `${x}/as`,
          message:
            '"text" is not a conversion; use one of string, number, integer, boolean, date-time, date, url, json',
        },
      ],
    ],
    [{ header: 'x y' }, [{ code: 'expression-invalid', pointer: `${x}/header` }]],
    [{ header: 5 }, [{ code: 'expression-invalid', pointer: `${x}/header` }]],
    [{ template: 5 }, [{ code: 'expression-invalid', pointer: `${x}/template` }]],
    [
      'Hello {{ $.name }}',
      [{ code: 'expression-invalid', pointer: x, message: expect.stringContaining('{ template: ') }],
    ],
    [
      { template: 'Hi {{ $.a' },
      [{ code: 'expression-invalid', pointer: `${x}/template`, within: { offset: 3, length: 6 } }],
    ],
    [{ template: 'Hi {{ }}' }, [{ code: 'expression-invalid', within: { offset: 3, length: 4 } }]],
    [{ template: 'Hi {{ name }}' }, [{ code: 'expression-invalid', within: { offset: 6, length: 4 } }]],
    [{ template: '{{ $.a | upper }}' }, [{ code: 'expression-invalid', within: { offset: 0, length: 8 } }]],
    [{ template: '{{ "x" ?? $.a }}' }, [{ code: 'expression-invalid', within: { offset: 0, length: 8 } }]],
    [
      { template: '{{ $.a[*] }} {{ $.b[?(@.c)] }}' },
      [
        { code: 'expression-invalid', within: { offset: 3, length: 6 } },
        { code: 'path-filter-refused', within: { offset: 20, length: 7 } },
      ],
    ],
    [
      { template: '{{ $.constructor }}' },
      [{ code: 'path-key-forbidden', within: { offset: 4, length: 12 } }],
    ],
    [
      { constructor: 1, ok: { prototype: '$.a' } },
      [
        { code: 'output-key-forbidden', pointer: `${x}/constructor` },
        { code: 'output-key-forbidden', pointer: `${x}/ok/prototype` },
      ],
    ],
    [
      JSON.parse('{"value":[{"__proto__":1}]}'),
      [{ code: 'output-key-forbidden', pointer: `${x}/value/0/__proto__` }],
    ],
    [
      JSON.parse('{"path":"$.a","default":{"__proto__":1}}'),
      [{ code: 'output-key-forbidden', pointer: `${x}/default/__proto__` }],
    ],
  ])('%j', (spec, expected) => {
    const { prepared, problems } = prepare(spec);
    expect(prepared).toBeNull();
    expect(problems).toMatchObject(expected);
    expect(problems).toHaveLength(expected.length);
  });
});

describe('properties', () => {
  test('any specification is compiled or reported, and what is compiled runs on any payload', () => {
    const texts = fc.constantFrom(
      '$',
      '$.a',
      '$.b[*]',
      '$..a',
      'x',
      '{{ $.a }}',
      '{{ $.a ?? "x" }}',
      '{{',
      'string',
      'json',
    );
    const spec = fc.letrec((tie) => ({
      any: fc.oneof(
        { depthSize: 'small' },
        texts,
        fc.jsonValue(),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom(
            'path',
            'template',
            'header',
            'value',
            'as',
            'default',
            'a',
            '__proto__',
            'constructor',
          ),
          tie('any'),
          { maxKeys: 3 },
        ),
      ),
    })).any;
    fc.assert(
      fc.property(spec, fc.jsonValue(), (one, body) => {
        const { prepared, problems } = prepare(one);
        expect(prepared === null).toBe(problems.length > 0);
        if (prepared === null) return;
        const result = compileExpression(prepared.plan, 'x')(new Scope(body as JsonValue, headers));
        expect(['value', 'absent', 'empty', 'failed']).toContain(result.kind);
        expect(JSON.stringify(result)).not.toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test('a template writes every text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, value) => {
        fc.pre(!before.includes('{'));
        expect(evaluate({ template: `${before}{{ $.v }}` }, { v: value })).toBe(before + value);
        expect(evaluate({ template: `{{ $.x ?? ${JSON.stringify(value)} }}` }, {})).toBe(value);
      }),
    );
  });
});
