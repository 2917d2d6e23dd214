import fc from 'fast-check';
import { type Node, parseTree } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { digitsOf } from '../../src/stages/json/exact-number.ts';
import { listExactPlaces } from '../../src/stages/json/exact-places.ts';
import {
  MAX_DIGITS,
  MAX_MEMBERS,
  MAX_NESTING,
  parseJsonBody,
  stringifyJson,
} from '../../src/stages/json/json-text.ts';
import type { JsonValue } from '../../src/stages/json/json-value.ts';

function parse(text: string): unknown {
  return parseJsonBody(Buffer.from(text));
}

/** Every number as its digits. */
function withDigits(value: JsonValue, digits?: string): unknown {
  if (typeof value === 'bigint' || typeof value === 'number')
    return { digits: digits ?? (Object.is(value, -0) ? '-0' : String(value)) };
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => [
    key,
    withDigits(member as JsonValue, digitsOf(value, key)),
  ]);
  return Array.isArray(value) ? members.map(([, member]) => member) : { members };
}

/** The same as JavaScript's own parser tells it, member by member. */
/** The text of each number. JSON.parse also tells it, but not always where a name stands twice. */
function digitsOfEach(json: string): unknown {
  const read = ({ type, value, offset, length, children = [] }: Node): unknown => {
    if (type === 'number') return { digits: json.slice(offset, offset + length) };
    if (type === 'array') return children.map(read);
    if (type !== 'object') return value;
    const members = children.map(({ children: [name, member] = [] }) => [name?.value, read(member as Node)]);
    return { members: Object.entries(Object.fromEntries(members)) };
  };
  return read(parseTree(json) as Node);
}

describe('what is taken', () => {
  test.each<[string, unknown]>([
    ['{"a":[1,-2.5e3,true,null,"x"]}', { a: [1, -2500, true, null, 'x'] }],
    ['\ufeff{"a":1}', { a: 1 }],
    ['"text"', 'text'],
    [' 1 ', 1],
    ['{"a":1,"a":2}', { a: 2 }],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740993', 9007199254740993n],
    ['[-12345678901234567890]', [-12345678901234567890n]],
    ['{"id":1234567890123456789,"n":1,"f":1.5}', { id: 1234567890123456789n, n: 1, f: 1.5 }],
    ['1234567890123456789.5', Number('1234567890123456789.5')],
    ['0.12345678901234567890', Number('0.12345678901234567890')],
    ['"12345678901234567890"', '12345678901234567890'],
    ['1E3', 1000],
    ['{"größe":"\\ud83d\\ude00"}', { größe: '😀' }],
  ])('%s', (text, value) => {
    expect(parse(text)).toEqual({ ok: true, value });
  });

  test('nesting up to the limit, and brackets inside strings do not count', () => {
    const deepest = '['.repeat(MAX_NESTING) + ']'.repeat(MAX_NESTING);
    expect(parse(deepest)).toMatchObject({ ok: true });
    const wide = JSON.stringify(Array.from({ length: 100 }, () => [{}]));
    expect(parse(wide)).toMatchObject({ ok: true });
    const text = `${'[{'.repeat(100)}"\\`;
    expect(parse(JSON.stringify({ text }))).toEqual({ ok: true, value: { text } });
  });

  test.each(['{"__proto__":{"polluted":1}}', '{"__proto__":{"polluted":1},"n":12345678901234567890}'])(
    'a member named __proto__ is only data: %s',
    (text) => {
      const parsed = parseJsonBody(Buffer.from(text));
      if (!parsed.ok) throw new Error(parsed.detail);
      const value = parsed.value as object;
      expect(Object.hasOwn(value, '__proto__')).toBe(true);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect('polluted' in value).toBe(false);
      expect(stringifyJson(value)).toBe(text);
    },
  );
});

describe('what is refused', () => {
  test.each<[string, string]>([
    ['', 'the body is empty'],
    ['  ', 'the body is not valid JSON: it ends too early'],
    ['\ufeff', 'the body is not valid JSON: it ends too early'],
    ['\ufeff\ufeff1', 'the body is not valid JSON'],
    ['{"a":', 'the body is not valid JSON: it ends too early'],
    ['{a:1}', 'the body is not valid JSON (at character 2)'],
    ['{12345678901234567890:1}', 'the body is not valid JSON (at character 2)'],
    ['[012345678901234567890]', 'the body is not valid JSON (at character 3)'],
    ['[12345678901234567890', 'the body is not valid JSON (at character 22)'],
    [`{${'"a":1,'.repeat(MAX_MEMBERS)}"a":1}`, `the body has more than ${MAX_MEMBERS} members`],
    ['{"secret-value":1,}', 'the body is not valid JSON (at character 19)'],
    ['secret-value', 'the body is not valid JSON'],
    ['"secret-value at position 7"x', 'the body is not valid JSON (at character 29)'],
    ['[1,2,secret-value]', 'the body is not valid JSON'],
    ['NaN', 'the body is not valid JSON'],
    ["{'a':1}", 'the body is not valid JSON (at character 2)'],
    ['01', 'the body is not valid JSON (at character 2)'],
    ['1e999', 'the body has a number that is out of range'],
    ['{"a":[-1E400]}', 'the body has a number that is out of range'],
    ['1'.repeat(MAX_DIGITS + 1), `the body has a number of more than ${MAX_DIGITS} digits`],
    ['['.repeat(MAX_NESTING + 1), `the body is nested deeper than ${MAX_NESTING} levels`],
    ['{"a":'.repeat(MAX_NESTING + 1), `the body is nested deeper than ${MAX_NESTING} levels`],
    [`"\\"${'['.repeat(99)}`, 'the body is not valid JSON (at character 103)'],
  ])('%s', (text, detail) => {
    expect(parse(text)).toEqual({ ok: false, code: 'body-malformed', detail });
  });

  test.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong form', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0xff, 0xfe, 0x31, 0x00]],
  ])('%s is not UTF-8', (_, bytes) => {
    const detail = 'the body is not valid UTF-8';
    expect(parseJsonBody(Buffer.from(bytes))).toEqual({ ok: false, code: 'body-malformed', detail });
  });
});

describe('properties', () => {
  test('what JSON.parse takes is taken, with the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        const depth = Math.max(...Array.from(text.matchAll(/[[{]/g), (_, index) => index), 0);
        fc.pre(depth < MAX_NESTING && !/\d{16}/.test(text));
        expect(parse(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  test('beside a long integer everything else is as JSON.parse has it', () => {
    const long = 12345678901234567890n;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(text));
        const nested = `{"a":${text},"n":${long},"__proto__":{"1234567890123456":"${long}"}}`;
        const parsed = parseJsonBody(Buffer.from(nested));
        const { n, ...rest } = (parsed.ok ? parsed.value : {}) as Record<string, unknown>;
        expect(n).toBe(long);
        expect(rest).toEqual(JSON.parse(`{"a":${text},"__proto__":{"1234567890123456":"${long}"}}`));
      }),
    );
  });

  test('a long number among 90,000 members is found without asking what members there are', () => {
    const members = Array.from({ length: 90_000 }, (_, index) => `"${index}":1`);
    const text = `{"id":12345678901234567890,${members.join()}}`;
    const asked: string[] = [];
    const value = new Proxy(JSON.parse(text), {
      get: (target, key) => Reflect.get(target, key),
      ownKeys: (target) => {
        asked.push('names');
        return Reflect.ownKeys(target);
      },
    });
    const [place, ...others] = listExactPlaces(text, { '': value });
    expect(place).toMatchObject({ key: 'id', source: '12345678901234567890' });
    expect(place?.holder === value).toBe(true);
    expect(others).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('numbers keep their digits wherever they stand, also where a name stands twice', () => {
    const number = fc.oneof(
      fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
      fc.constantFrom(
        '1.50',
        '-0',
        '-0.0',
        '1e21',
        '9007199254740993',
        '1E2',
        '100000000000000000000.5',
        '7',
      ),
    );
    const text = fc
      .oneof(fc.string(), fc.constantFrom('a', 'b', '__proto__', 'a\\', '"', '12345678901234567890', ',{'))
      // V8 13.6 reads a name that ends in a quote as one that ends in a backslash, where it has seen that one before.
      .map((one) => JSON.stringify(one.replace(/"$/, '".')));
    const { document } = fc.letrec<{ document: string }>((tie) => ({
      document: fc.oneof(
        { depthSize: 'small' },
        number,
        text,
        fc.array(tie('document')).map((list) => `[ ${list.join(' ,\n')}]`),
        fc
          .array(fc.tuple(text, tie('document')))
          .map((list) => `{${list.map(([name, value]) => `${name} :${value}`).join(', ')} }`),
      ),
    }));
    fc.assert(
      fc.property(
        document.map((one) => `[${one}]`),
        (json) => {
          const parsed = parse(json) as { value: JsonValue };
          expect(withDigits(parsed.value)).toEqual(digitsOfEach(json));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('integers keep their digits through parsing and writing', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (id) => {
        const text = `{"id":${id},"list":[${id}]}`;
        const parsed = parseJsonBody(Buffer.from(text));
        expect(parsed.ok && stringifyJson(parsed.value)).toBe(text);
      }),
    );
  });

  test('no bytes make it throw, and no refusal says what the body holds', () => {
    const pieces = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      '"',
      '\\',
      ',',
      ':',
      '1',
      'e9',
      '.',
      '-',
      'true',
      ' ',
      'Zq',
    );
    const text = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      text.map((one) => Buffer.from(one)),
    );
    fc.assert(
      fc.property(bytes, (body) => {
        const parsed = parseJsonBody(Buffer.from(body));
        if (!parsed.ok) expect(parsed.detail).not.toContain('Zq');
        else
          expect(
            JSON.parse(
              Buffer.from(body)
                .toString()
                .replace(/^\ufeff/, ''),
            ),
          ).toBeDefined();
      }),
      { numRuns: 3000 },
    );
  });
});

test('stringifyJson writes bigints as numbers, and indents where asked', () => {
  expect(stringifyJson({ a: [12345678901234567890n] })).toBe('{"a":[12345678901234567890]}');
  expect(stringifyJson([1n], 2)).toBe('[\n  1\n]');
});
