import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findJsonProblem, locateInJson } from '../../src/compiler/json-position.ts';

function pointedAt(text: string, pointer: string, part?: 'key' | 'value'): string {
  const { offset, length } = locateInJson(text)(pointer, part);
  return text.slice(offset, offset + length);
}

test('keys and values by pointer', () => {
  const text = '{ "a": [1, {"b/c": "x"}], "d": {}, "d": null }';
  expect(pointedAt(text, '/a/1/b~1c')).toBe('"x"');
  expect(pointedAt(text, '/a/1/b~1c', 'key')).toBe('"b/c"');
  expect(pointedAt(text, '/a/0')).toBe('1');
  // Of members with the same name the last one counts, as when parsing.
  expect(pointedAt(text, '/d')).toBe('null');
  expect(pointedAt(text, '/a/7/x')).toBe('[1, {"b/c": "x"}]');
  expect(pointedAt('not json', '/a')).toBe('');
});

test.for([
  ['{"a": 1,}', 8, '"}" follows a comma; remove the comma'],
  ['[1, 2,]', 6, '"]" follows a comma; remove the comma'],
  ['{a: 1}', 1, '"a" is no key; keys stand in double quotes'],
  ['{"a" 1}', 5, '"1" stands where a colon belongs'],
  ['{"a": 1 "b": 2}', 8, '"\\"b\\"" stands where a comma or } belongs'],
  ['[1 2]', 3, '"2" stands where a comma or ] belongs'],
  ["{'a': 1}", 1, '"\'a\'" is no key; keys stand in double quotes'],
  ['[undefined]', 1, '"undefined" is not a JSON value; text stands in double quotes'],
  ['[01]', 2, '"1" stands where a comma or ] belongs'],
  ['{"a": 1} x', 9, '"x" stands after the end of the JSON value; remove it'],
  ['[1, // one\n]', 4, '"//" is a comment, which JSON does not have; remove it'],
  ['["a\nb"]', 1, '"\\"a" begins a text that does not end on its line, or has an unknown escape'],
  ['{"a": [1, 2', 10, 'the JSON text ends too early'],
  ['', 0, 'the JSON text ends too early'],
] as const)('%s', ([text, offset, message]) => {
  const problem = findJsonProblem(text);
  expect(problem?.offset).toBe(offset);
  expect(problem?.message.replaceAll('""', '"\\""')).toBe(
    message.replaceAll('\\"b\\"', '"b"').replaceAll('\\"a', '"a').replaceAll('""', '"\\""'),
  );
});

test('finds a problem exactly where JSON.parse does', () => {
  const pieces = fc.string({
    unit: fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      'a',
      '1',
      '-',
      '.',
      'e',
      ' ',
      'true',
      '"k":',
      '\\n',
      '\\',
    ),
  });
  fc.assert(
    fc.property(
      fc.oneof(
        pieces,
        fc.json(),
        fc.json().map((text) => text.slice(1)),
      ),
      (text) => {
        const isValid = (() => {
          try {
            JSON.parse(text);
            return true;
          } catch {
            return false;
          }
        })();
        expect(findJsonProblem(text) === null).toBe(isValid);
      },
    ),
    { numRuns: 1000 },
  );
});

test('every value of a document is found at its pointer', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = JSON.stringify(value);
      const visit = (part: unknown, pointer: string): void => {
        expect(JSON.parse(pointedAt(text, pointer))).toEqual(JSON.parse(JSON.stringify(part)));
        if (typeof part !== 'object' || part === null) return;
        for (const [key, member] of Object.entries(part)) {
          visit(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
        }
      };
      visit(value, '');
    }),
  );
});
