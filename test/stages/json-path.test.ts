import fc from 'fast-check';
import { JSONPath } from 'jsonpath-plus';
import { describe, expect, test } from 'vitest';
import { compilePath, MAX_PATH_RESULTS } from '../../src/stages/json/compile-path.ts';
import { parsePath } from '../../src/stages/json/json-path.ts';
import { formatName, type Segment } from '../../src/stages/json/json-path-grammar.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../src/stages/json/json-value.ts';

const payload: JsonValue = JSON.parse(`{
  "type": "paid", "0": "zero", "a b": 1, "it's": 2, "tab\\t": 3, "": 4, "@type": 5, "x.y": 6, "(x)": 7, "$": 8, "*": 9,
  "nothing": null, "text": "abc",
  "items": [{ "id": 1, "tags": ["x", "y"] }, { "id": 2, "tags": [] }, { "tags": ["z"] }],
  "empty": [], "deep": { "id": 3, "inner": { "id": 4 } }, "length": 12
}`);

describe('paths that are taken', () => {
  test.each<[string, unknown[]]>([
    ['$', [payload]],
    ['$.type', ['paid']],
    ["$['type']", ['paid']],
    ['$["type"]', ['paid']],
    ["$[ 'type' ]", ['paid']],
    ["$['a b']", [1]],
    ["$['it\\'s']", [2]],
    ['$["it\'s"]', [2]],
    ["$['tab\\t']", [3]],
    ["$['tab\\u0009']", [3]],
    ["$['']", [4]],
    ["$['@type']", [5]],
    ["$['x.y']", [6]],
    ["$['(x)']", [7]],
    ['$.$', [8]],
    ["$['*']", [9]],
    ['$.nothing', [null]],
    ['$.length', [12]],
    ['$[0]', ['zero']],
    ['$.items[1].id', [2]],
    ['$.items.1.id', [2]],
    ['$.items[*].id', [1, 2]],
    ['$.items.*.id', [1, 2]],
    ['$.items[*].tags[*]', ['x', 'y', 'z']],
    ['$.items[0:2].id', [1, 2]],
    ['$.items[1:].id', [2]],
    ['$.items[-1:].tags', [['z']]],
    ['$.items[:-1].id', [1, 2]],
    ['$.items[::2].tags[*]', ['x', 'y', 'z']],
    ['$.items[2,0].tags[0]', ['z', 'x']],
    ["$.deep['inner','id']", [{ id: 4 }, 3]],
    ["$['it\\'s','x.y']", [2, 6]],
    ["$.deep.inner['id','constructive']", [4]],
    ['$.deep..id', [3, 4]],
    ["$.deep..['id']", [3, 4]],
    ['$..inner.id', [4]],
    ['$.deep..*', [3, { id: 4 }, 4]],
    ['$.items..[0]', [{ id: 1, tags: ['x', 'y'] }, 'x', 'z']],
    ['$.empty[*]', []],
    ['$.missing', []],
    ['$.nothing.more', []],
    ['$.type.more', []],
  ])('%s', (text, expected) => {
    const parsed = parsePath(text);
    expect(parsed).toMatchObject({ ok: true });
    const compiled = compilePath(text);
    expect(compiled.all(payload)).toEqual(expected);
    expect(compiled.first(payload)).toEqual(expected[0]);
    expect(compiled.plain).toBe(parsed.ok && parsed.plain);
  });
});

describe('what is not a member', () => {
  test.each([
    '$.toString',
    '$.hasOwnProperty',
    '$.items.length',
    '$.items.concat',
    '$.text.length',
    '$.text[0]',
    '$.items[*].toString',
    '$.items[*].id.toFixed',
    "$.items['length','map']",
    '$.text[0,1]',
    '$.text[*]',
    '$.items..length',
    '$..toString',
  ])('%s finds nothing', (text) => {
    expect(compilePath(text).all(payload)).toEqual([]);
  });

  test('descent finds members named length, but no length of a list', () => {
    expect(compilePath('$..length').all(payload)).toEqual([12]);
  });

  test('a member that is really there is found, even under the name of an inherited one', () => {
    expect(compilePath('$.a.toString').first(JSON.parse('{"a":{"toString":1}}'))).toBe(1);
    expect(compilePath('$.*.toString').first(JSON.parse('{"a":{"toString":1}}'))).toBe(1);
  });
});

describe('paths that are refused', () => {
  test.each<[string, string, number, number]>([
    ['', 'path-invalid', 0, 0],
    ['type', 'path-invalid', 0, 4],
    ['$type', 'path-invalid', 1, 1],
    ['$.', 'path-invalid', 1, 1],
    ['$.a.', 'path-invalid', 3, 1],
    ['$..', 'path-invalid', 2, 1],
    ['$.a b', 'path-invalid', 3, 1],
    ['$.a.@b', 'path-invalid', 4, 1],
    ['$[', 'path-invalid', 1, 1],
    ['$[]', 'path-invalid', 2, 1],
    ['$[a]', 'path-invalid', 2, 1],
    ["$['a", 'path-invalid', 2, 1],
    ["$['a\\q']", 'path-invalid', 2, 5],
    ['$[0', 'path-invalid', 2, 1],
    ['$[01]', 'path-invalid', 2, 1],
    ['$[12345678]', 'path-invalid', 2, 1],
    ['$[::0]', 'path-invalid', 1, 5],
    ['$[0,0]', 'path-invalid', 1, 5],
    ["$[0,'a']", 'path-invalid', 1, 7],
    ["$['(a)','b']", 'path-invalid', 1, 11],
    ['$.a^', 'path-invalid', 3, 1],
    ['$.a~', 'path-invalid', 3, 1],
    ['$..a..b', 'path-invalid', 0, 7],
    ['$..$', 'path-invalid', 3, 1],
    ["$..['a b']", 'path-invalid', 3, 7],
    ['$.a[?(@.b == 1)].c', 'path-filter-refused', 4, 14],
    ['$.a[?@.b]', 'path-filter-refused', 4, 5],
    ['$.a[(@.length-1)]', 'path-filter-refused', 4, 13],
    ['$..?(@.b)', 'path-filter-refused', 3, 6],
    ['$.a.__proto__.b', 'path-key-forbidden', 3, 10],
    ["$['constructor']", 'path-key-forbidden', 1, 15],
    ["$['\\u0070rototype']", 'path-key-forbidden', 1, 18],
    ["$['a','__proto__']", 'path-key-forbidden', 1, 17],
    ['$..prototype', 'path-key-forbidden', 3, 9],
    ['$.a.'.repeat(200), 'path-invalid', 0, 800],
    [`$${'.a'.repeat(66)}`, 'path-invalid', 0, 133],
  ])('%s', (text, code, offset, length) => {
    expect(parsePath(text)).toMatchObject({ ok: false, code, offset, length });
    expect(() => compilePath(text)).toThrow('a path was used unchecked');
  });

  test('the message quotes the path and says what to do', () => {
    const parsed = parsePath('$.a || $.b');
    expect(parsed).toMatchObject({
      message:
        '"$.a || $.b" has an operator; the first that resolves is a list of paths: path: [$.first, $.second]',
    });
  });

  test('an index below zero counts from the end', () => {
    const { first, all } = compilePath('$.a[-1].b');
    expect(first({ a: [{ b: 1 }, { b: 2 }] })).toBe(2);
    expect(first({ a: [] })).toBeUndefined();
    expect(all({ a: [{ b: 3 }] })).toEqual([3]);
    expect(compilePath('$.a[*][-2]').all({ a: [[1, 2, 3], [4]] })).toEqual([2]);
  });
});

describe('a path that finds nothing', () => {
  test.each<[string, string, boolean]>([
    ['$.items[*].id', '{"items":[]}', true],
    ['$.items.*', '{"items":{}}', true],
    ['$.items[*].id', '{"items":[{}]}', false],
    ['$.items[*].id', '{"items":null}', false],
    ['$.items[*].id', '{}', false],
    ['$.teams[*].members[*].id', '{"teams":[{"members":[]},{"members":[]}]}', true],
    ['$.teams[*].members[*].id', '{"teams":[{"members":[]},{}]}', false],
    ['$.items[1:]', '{"items":[1]}', true],
    ['$.items[::2].id', '{"items":[]}', true],
    ['$.items[::2].tags[*]', '{"items":[{"tags":[]},{}]}', true],
    ['$.items[0,1]', '{"items":[]}', true],
    ['$.items[0,1].id', '{"items":[{}]}', false],
    ['$.items[0,1]', '{"items":{}}', false],
    ['$..id', '{"items":[]}', false],
    ['$.items', '{}', false],
  ])('%s in %s: empty is %s', (text, body, empty) => {
    expect(compilePath(text).all(JSON.parse(body))).toEqual([]);
    expect(compilePath(text).isEmpty(JSON.parse(body))).toBe(empty);
  });
});

test('withoutLastWildcard tells a missing list from an empty one', () => {
  const { withoutLastWildcard } = compilePath('$.events[*]');
  expect(withoutLastWildcard?.({ events: [] })).toEqual([]);
  expect(withoutLastWildcard?.({})).toBeUndefined();
  expect(compilePath('$[*]').withoutLastWildcard?.([1])).toEqual([1]);
  expect(compilePath('$.events.*').withoutLastWildcard?.({ events: 1 })).toBe(1);
  for (const text of ['$', '$.events', '$.events[*].id', '$.a[*].b[*]', '$..*', '$.a[1:]']) {
    expect(compilePath(text).withoutLastWildcard).toBeUndefined();
  }
});

test('the number of results is bounded, one more showing that there were more', () => {
  const many = Array.from({ length: MAX_PATH_RESULTS + 50 }, (_, index) => ({ id: index }));
  expect(compilePath('$[*].id').all(many)).toHaveLength(MAX_PATH_RESULTS + 1);
  expect(compilePath('$..id').all(many)).toHaveLength(MAX_PATH_RESULTS + 1);
  expect(compilePath('$[*].id').all(many.slice(0, MAX_PATH_RESULTS))).toHaveLength(MAX_PATH_RESULTS);
});

test('the digits of a big integer are handed on', () => {
  expect(compilePath('$.a[*]').all({ a: [12345678901234567890n] })).toEqual([12345678901234567890n]);
});

const keys = ['a', 'b', 'toString', 'valueOf', 'x-y', '0', '1', 'größe', '$'];
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom<JsonValue>(null, true, 0, 7n, '', 'text'),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...keys), tie('json'), { maxKeys: 5 }),
  ),
}));
const plainSegment = fc.oneof(
  fc.constantFrom(...keys.filter((key) => key !== '$')).map((name) => ({ kind: 'name', name }) as const),
  fc.nat(3).map((index) => ({ kind: 'index', index }) as const),
);
const bound = fc.option(fc.integer({ min: -4, max: 4 }), { nil: undefined });
const selector = fc.oneof(
  fc.constant({ kind: 'wildcard' } as const),
  fc
    .tuple(bound, bound, fc.integer({ min: 1, max: 3 }))
    .map(([start, end, step]) => ({ kind: 'slice', start, end, step }) as const),
  fc
    .uniqueArray(fc.constantFrom(...keys, 'length'), { minLength: 2, maxLength: 3 })
    .map((members) => ({ kind: 'union', members }) as const),
  fc
    .uniqueArray(fc.nat(3), { minLength: 2, maxLength: 3 })
    .map((members) => ({ kind: 'union', members }) as const),
);
type Loose = { kind: Segment['kind'] } & Record<string, unknown>;

function write(segments: readonly Loose[]): string {
  const text = segments.map((segment) => {
    if (segment.kind === 'descent') return '..';
    if (segment.kind === 'name') return formatName(segment.name as string);
    if (segment.kind === 'index') return `[${segment.index}]`;
    if (segment.kind === 'wildcard') return '[*]';
    if (segment.kind === 'slice') return `[${segment.start ?? ''}:${segment.end ?? ''}:${segment.step}]`;
    return `[${(segment.members as unknown[]).map((one) => JSON.stringify(one)).join(', ')}]`;
  });
  return `$${text.join('').replaceAll(/\.\.\.(?=[^.])/g, '..')}`;
}

/** RFC 9535 in the most literal way, apart from names and indexes, which both take members and elements. */
function walk(segments: readonly Loose[], value: JsonValue): JsonValue[] {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [value];
  const children: [string, JsonValue][] =
    Array.isArray(value) || isJsonObject(value) ? Object.entries(value) : [];
  const pick = (key: unknown) => children.filter(([own]) => own === String(key));
  const chosen = {
    name: () => pick(segment.name),
    index: () => pick(segment.index),
    wildcard: () => children,
    slice: () =>
      Array.isArray(value)
        ? children
            .slice(segment.start as number | undefined, segment.end as number | undefined)
            .filter((_, index) => index % (segment.step as number) === 0)
        : [],
    union: () => (segment.members as unknown[]).flatMap(pick),
    descent: () => [],
  }[segment.kind]();
  if (segment.kind === 'descent') {
    return [...walk(rest, value), ...children.flatMap(([, child]) => walk(segments, child))];
  }
  return chosen.flatMap(([, child]) => walk(rest, child));
}

interface Found {
  parent: unknown;
  value: JsonValue;
}

describe('properties', () => {
  test('plain access agrees with jsonpath-plus, on members and elements', () => {
    fc.assert(
      fc.property(json, fc.array(plainSegment, { minLength: 1, maxLength: 4 }), (value, segments) => {
        const path = write(segments);
        const found = (JSONPath({ path, json: value as object, eval: false, resultType: 'all' }) ??
          []) as Found[];
        const inside = found.filter(({ parent }) => typeof parent === 'object');
        expect(compilePath(path).all(value)).toEqual(inside.map(({ value }) => value));
      }),
      { numRuns: 2000 },
    );
  });

  test('every kind of path agrees with a literal reading of RFC 9535', () => {
    const step = fc.oneof(plainSegment, selector) as fc.Arbitrary<Loose>;
    const path = fc.tuple(
      fc.array(step, { maxLength: 3 }),
      fc.option(fc.tuple(fc.constant<Loose>({ kind: 'descent' }), step), { nil: [] as Loose[] }),
      fc.array(step, { maxLength: 3 }),
    );
    fc.assert(
      fc.property(json, path, (value, parts) => {
        const segments = parts.flat();
        expect(compilePath(write(segments)).all(value)).toEqual(walk(segments, value));
      }),
      { numRuns: 3000 },
    );
  });

  test('parsePath never throws, and what it takes can be run', () => {
    const pieces = fc.constantFrom(
      ...[
        '$',
        '.',
        '..',
        '[',
        ']',
        '*',
        "'",
        '"',
        ',',
        ':',
        '?',
        '(',
        ')',
        '@',
        '^',
        '~',
        '`',
        '#0',
        ';',
        '%@%',
      ],
      ...[
        '0',
        '-1',
        'a',
        'é',
        '\\',
        '\\u0041',
        ' ',
        '__proto__',
        'constructor',
        '@string()',
        '\u0000',
        '\ud800',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(pieces, { maxLength: 12 }).map((parts) => `$${parts.join('')}`),
    );
    fc.assert(
      fc.property(text, json, (path, value) => {
        const parsed = parsePath(path);
        if (!parsed.ok) {
          expect(parsed.offset + parsed.length).toBeLessThanOrEqual(path.length);
          return;
        }
        expect(parsed.segments.reduce((end, { length }) => end + length, 1)).toBe(path.length);
        const found = compilePath(path).all(value);
        expect(found).toEqual(walk(parsed.segments as unknown as Loose[], value));
      }),
      { numRuns: 20_000 },
    );
  });

  test('a formatted name is read back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const body: JsonObject = Object.fromEntries([[name, 1]]);
        const text = `$${formatName(name)}`;
        fc.pre(text.length <= 500 && !['__proto__', 'constructor', 'prototype'].includes(name));
        expect(compilePath(text).first(body)).toBe(1);
      }),
    );
  });
});
