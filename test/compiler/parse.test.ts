import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseYaml } from '../../src/compiler/parse.ts';
import type { Span } from '../../src/diagnostics/diagnostic.ts';
import { SourceFile } from '../../src/diagnostics/source.ts';

function parse(text: string) {
  const source = new SourceFile('connector.yaml', text);
  const { document, diagnostics } = parseYaml(source);
  const textOf = ({ offset, length }: Span) => text.slice(offset, offset + length);
  return { document, diagnostics, textOf };
}

test('values are those of JSON, and big integers keep their digits', () => {
  const { document } = parse('a: 1.5\nb: [yes, "1", null, true, -3]\nc: 12345678901234567890\nd:\n');
  expect(document?.value).toEqual({
    a: 1.5,
    b: ['yes', '1', null, true, -3],
    c: 12345678901234567890n,
    d: null,
  });
});

test('the place of every key and value', () => {
  const { document, textOf } = parse('when:\n  - { path: $.type, in: [a, "b c"] }\nempty:\n"a/b~c": x\n');
  const at = (pointer: string, part?: 'key' | 'value') => textOf(document!.spanOf(pointer, part));
  expect(at('/when/0/path')).toBe('$.type');
  expect(at('/when/0/path', 'key')).toBe('path');
  expect(at('/when/0/in/1')).toBe('"b c"');
  expect(at('/a~1b~0c')).toBe('x');
  // What has no text of its own is pointed at by its key, what is missing by its parent.
  expect(at('/empty')).toBe('empty');
  expect(at('/when/0/equals', 'key')).toBe('{ path: $.type, in: [a, "b c"] }');
  expect(at('/nothing/at/all')).toMatch(/^when:/);
});

test.for([
  ['plain', 't: Hi {{ $.nme }}!', '$.nme'],
  ['single quotes', "t: 'Hi {{ $.nme }}!'", '$.nme'],
  ['double quotes', 't: "Hi {{ $.nme }}!"', '$.nme'],
  ['an escape before it', 't: "Hi\\t{{ $.nme }}!"', '$.nme'],
  ['a folded block', 't: >\n  Hi\n  {{ $.nme }}!\n', '$.nme'],
] as const)('a piece of a text: %s', ([, text, piece]) => {
  const { document, textOf } = parse(text);
  const { t: value } = document!.value as { t: string };
  expect(textOf(document!.spanWithin('/t', value.indexOf(piece), piece.length))).toBe(piece);
});

test('a piece that cannot be told apart is the whole text', () => {
  const { document, textOf } = parse('t: "\\u0061 a a"');
  expect(textOf(document!.spanWithin('/t', 0, 1))).toBe('"\\u0061 a a"');
});

test('a byte order mark and CRLF do not move places', () => {
  const { document, textOf } = parse('a: 1\r\nb: $.x\r\n');
  expect(textOf(document!.spanOf('/b'))).toBe('$.x');
  expect(document!.spanOf('/b')).toMatchObject({ line: 2, column: 4 });
});

test('broken text is reported, at most twenty times, and never thrown', () => {
  for (const hostile of [
    '[',
    '{a: ',
    '- ',
    '? ',
    '"',
    ': ',
    '&a ',
    '!a ',
    '*a ',
    '%a\n',
    '---\n',
    ']',
    '\t',
    '|\n',
  ]) {
    const { document, diagnostics } = parse(hostile.repeat(1000));
    expect(diagnostics.length).toBeLessThanOrEqual(40);
    expect(document !== null || diagnostics.length > 0).toBe(true);
  }
});

test('nothing that YAML resolves by itself is resolved', () => {
  const { diagnostics } = parse('a: &x [1]\nb: *x\nc: !!binary aGk=\n<<: *x\n');
  expect(diagnostics.map(({ code }) => code)).toEqual(Array(5).fill('yaml-feature-refused'));
});

test('keys that reach into objects never become members', () => {
  const { document } = parse(
    'a:\n  __proto__: { polluted: true }\n  "constructor": 1\n  "proto\\u0074ype": 2\n',
  );
  expect(document?.value).toEqual({ a: {} });
  expect(Object.getPrototypeOf((document!.value as { a: object }).a)).toBe(Object.prototype);
});

test('JSON data survives being written as YAML', () => {
  const key = fc.string().filter((text) => !['__proto__', 'constructor', 'prototype', '<<'].includes(text));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (data) => {
      const { document, diagnostics } = parse(stringify(data, { aliasDuplicateObjects: false }));
      expect(diagnostics).toEqual([]);
      expect(document?.value).toEqual(data);
    }),
  );
});

test('any text is parsed or reported', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(...'ab:- \n\t[]{}"\'#&*!|>%@`,?~<\r\u0000\ufeff👋') }),
      (text) => {
        const { document, diagnostics } = parse(text);
        expect(document !== null || diagnostics.length > 0).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
