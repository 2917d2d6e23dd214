import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { invocationId, materialiseIdempotency, prepareIdempotency } from '../../src/stages/idempotency.ts';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import type { Problem } from '../../src/stages/problem.ts';
import { headersFromRaw } from '../../src/stages/request.ts';

const body = Buffer.from('{"id":1}');

function read(
  spec: Parameters<typeof prepareIdempotency>[0],
  payload: JsonValue,
  raw: string[] = [],
): string | null {
  const plan = prepareIdempotency(spec, undefined, '/idempotency', () => expect.unreachable());
  return materialiseIdempotency(plan)(payload, headersFromRaw(raw), () => body);
}

describe('the id in the payload', () => {
  test.each<[JsonValue, string | null]>([
    ['evt_1', 'evt_1'],
    [7, '7'],
    [12345678901234567890n, '12345678901234567890'],
    [null, null],
    ['', null],
    [true, null],
    [['a'], null],
    [{}, null],
    ['\ud800', null],
  ])('%s', (id, expected) => {
    expect(read({ path: '$.id' }, { id })).toBe(expected);
  });

  test('missing', () => {
    expect(read({ path: '$.id' }, {})).toBeNull();
    expect(read({ path: '$.constructed.toString' }, { constructed: {} })).toBeNull();
  });
});

test.each<[string[], string | null]>([
  [['X-Delivery', 'd1'], 'd1'],
  [[], null],
  [['x-delivery', ''], null],
  [['x-delivery', 'd1', 'x-delivery', 'd1'], null],
])('the id in a header: %j', (raw, expected) => {
  expect(read({ header: 'X-DELIVERY' }, {}, raw)).toBe(expected);
});

test('the digest of the body, and none', () => {
  expect(read('body', {})).toBe(createHash('sha256').update(body).digest('hex'));
  expect(read('none', { id: 1 })).toBeNull();
});

describe('what the connector file says', () => {
  const preset = { kind: 'header', header: 'x-delivery' } as const;
  const unexpected = () => expect.unreachable();

  test.each([
    [undefined, preset, preset],
    [undefined, undefined, { kind: 'none' }],
    ['none', preset, { kind: 'none' }],
    [{ path: '$.id' }, preset, { kind: 'path', path: '$.id' }],
  ] as const)('%j with the preset %j', (spec, presetDefault, plan) => {
    expect(prepareIdempotency(spec, presetDefault, '/idempotency', unexpected)).toEqual(plan);
  });

  test.each([
    ['$.id[', 'path-invalid'],
    ['$.events[*].id', 'path-invalid'],
    ['$.e[?(@.id)]', 'path-filter-refused'],
  ])('%s is refused', (path, code) => {
    const problems: Problem[] = [];
    prepareIdempotency({ path }, undefined, '/idempotency', (problem) => problems.push(problem));
    expect(problems).toMatchObject([{ code, pointer: '/idempotency/path' }]);
  });
});

describe('the invocation id', () => {
  test('is the same for the same parts, for ever', () => {
    const parts = ['stripe', 'BkX2pQ', 'live', 'evt_1', ''];
    const text = '6:stripe,6:BkX2pQ,4:live,5:evt_1,0:,';
    expect(invocationId(parts)).toBe(createHash('sha256').update(text).digest('hex'));
    expect(invocationId(['größe'])).toBe(createHash('sha256').update('7:größe,').digest('hex'));
  });

  test('differs for different parts, however they are cut', () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', '1', ':', ',', 'é') }), { maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (left, right) => {
        const isSame = JSON.stringify(left) === JSON.stringify(right);
        expect(invocationId(left) === invocationId(right)).toBe(isSame);
      }),
    );
    expect(invocationId(['a', 'b'])).not.toBe(invocationId(['ab', '']));
  });
});
