import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_FORM_FIELDS, parseFormBody } from '../../../src/stages/body/form-body.ts';

function parse(text: string): unknown {
  return parseFormBody(Buffer.from(text));
}

describe('what is taken', () => {
  test.each<[string, object]>([
    ['a=1&b=two', { a: '1', b: 'two' }],
    ['a=1&a=2&a=3', { a: ['1', '2', '3'] }],
    ['name=Ren%C3%A9e+Zellweger&x%20y=1%2B1', { name: 'Renée Zellweger', 'x y': '1+1' }],
    ['a&b=&&c==', { a: '', b: '', c: '=' }],
    ['n=größe', { n: 'größe' }],
    ['toString=1', { toString: '1' }],
  ])('%s', (text, value) => {
    expect(parse(text)).toEqual({ ok: true, value });
  });

  test('a field named __proto__ is only data', () => {
    const parsed = parseFormBody(Buffer.from('__proto__=a&__proto__=b&__proto__[x]=1'));
    if (!parsed.ok) throw new Error(parsed.detail);
    expect(Object.entries(parsed.value)).toEqual([
      ['__proto__', ['a', 'b']],
      ['__proto__[x]', '1'],
    ]);
    expect(Object.getPrototypeOf(parsed.value)).toBe(Object.prototype);
  });

  test('it reads what URLSearchParams writes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), { minLength: 1 }),
        (pairs) => {
          const text = new URLSearchParams(pairs).toString();
          const fields = Object.groupBy(new URLSearchParams(text), ([name]) => name);
          const value = Object.fromEntries(
            Object.entries(fields).map(([name, entries = []]) => {
              const values = entries.map(([, one]) => one);
              return [name, values.length === 1 ? values[0] : values];
            }),
          );
          fc.pre(text !== '' && !pairs.some(([name]) => name.endsWith('[]')));
          expect(parse(text)).toEqual({ ok: true, value });
        },
      ),
    );
  });
});

describe('what is refused', () => {
  const badEscape = 'the form has a percent escape that is not valid UTF-8';
  test.each([
    ['', 'the body is empty'],
    ['a=%', badEscape],
    ['a=%zz', badEscape],
    ['%ff=1', badEscape],
    ['a=%C3%28', badEscape],
    [`${'a&'.repeat(MAX_FORM_FIELDS)}a`, `the form has more than ${MAX_FORM_FIELDS} fields`],
  ])('%s', (text, detail) => {
    expect(parse(text)).toEqual({ ok: false, code: 'body-malformed', detail });
  });

  test('bytes that are not UTF-8', () => {
    const body = Buffer.from([0x61, 0x3d, 0xff]);
    expect(parseFormBody(body)).toMatchObject({ ok: false, detail: 'the body is not valid UTF-8' });
  });
});
