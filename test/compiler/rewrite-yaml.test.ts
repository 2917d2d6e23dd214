/** Files are edited where they differ and nowhere else; what cannot be edited so is left, and said. */
import { describe, expect, test } from 'vitest';
import { rewriteYaml } from '../../src/compiler/rewrite-yaml.ts';
import type { JsonValue } from '../../src/stages/json/json-value.ts';

const BY_HAND = 'it is written in a way that is not edited here; change it by hand';

function rewrite(text: string, wanted: JsonValue, pointer = '/want'): string {
  const edited = rewriteYaml(text, pointer, wanted);
  return edited.ok ? edited.text : edited.message;
}

describe('values', () => {
  test.each([
    ['plain', 'want: { code: a, x: 1 } # why\n', { code: 'b-c', x: 1 }, 'want: { code: b-c, x: 1 } # why\n'],
    ['in single quotes', "want: { a: 'it' }\n", { a: "it's" }, "want: { a: 'it''s' }\n"],
    ['in double quotes', 'want: { a: "1" }\n', { a: 'b' }, 'want: { a: "b" }\n'],
    ['that must be quoted', 'want: { a: x }\n', { a: 'a: b' }, 'want: { a: "a: b" }\n'],
    ['that look like numbers', 'want: { a: x }\n', { a: '12' }, 'want: { a: "12" }\n'],
    ['that look like words of YAML', 'want: { a: x }\n', { a: 'null' }, 'want: { a: "null" }\n'],
    ['that nobody sees', 'want: { a: x }\n', { a: 'a\u{e0041}b' }, 'want: { a: "a\\udb40\\udc41b" }\n'],
    ['that are empty', 'want: { a: x }\n', { a: '' }, 'want: { a: "" }\n'],
    [
      'of other types',
      'want: { a: x, b: 1 }\n',
      { a: 1.5, b: [true, null] },
      'want: { a: 1.5, b: [true, null] }\n',
    ],
    ['past 2^53', 'want: { a: x }\n', { a: 123456789012345678901n }, 'want: { a: 123456789012345678901 }\n'],
    [
      'that are objects',
      'want: { a: x }\n',
      { a: { b: ['c d'], 'e f': {} } },
      'want: { a: { b: [c d], e f: {} } }\n',
    ],
    ['of JSON', '{"want": {"a": ["x"]}}', { a: ['y', { b: 'c' }] }, '{"want": {"a": ["y", { "b": "c" }]}}'],
    [
      'over several lines',
      'want:\n  a: |\n    one\n    two\n  b: 1\n',
      { a: 'x', b: 1 },
      'want:\n  a: x\n  b: 1\n',
    ],
    ['at the end of a file without a line break', 'want:\n  a: x', { a: 'y' }, 'want:\n  a: y'],
    [
      'with Windows line ends',
      'want:\r\n  a:\r\n    - x\r\n  b: 1\r\n',
      { a: ['y', 'z'], b: 1 },
      'want:\r\n  a:\r\n    - y\r\n    - z\r\n  b: 1\r\n',
    ],
    [
      'that would move the cursor',
      'want: { a: x }\n',
      { a: '\u001b[2J\u202e' },
      'want: { a: "\\u001b[2J\\u202e" }\n',
    ],
  ] as const)('%s', (_, text, wanted, expected) => {
    expect(rewrite(text, wanted as JsonValue)).toBe(expected);
  });
});

describe('lists', () => {
  const BLOCK = 'want:\n  list:\n    - a # first\n    - b\n  rest: 1 # kept\n';

  test('of the same length keep what stands beside their entries', () => {
    expect(rewrite(BLOCK, { list: ['x', 'b'], rest: 1 })).toBe(BLOCK.replace('- a #', '- x #'));
  });

  test('of another length are written anew, unless a comment would go', () => {
    expect(rewrite(BLOCK.replace(' # first', ''), { list: ['x'], rest: 1 })).toBe(
      'want:\n  list:\n    - x\n  rest: 1 # kept\n',
    );
    expect(rewrite(BLOCK, { list: ['x'], rest: 1 })).toBe(BY_HAND);
    expect(rewrite('want: { list: ["#1", b] } # kept\n', { list: ['c'] })).toBe(
      'want: { list: ["c"] } # kept\n',
    );
  });

  test('may become empty', () => {
    expect(rewrite('want:\n  list:\n  - a\n', { list: [] })).toBe('want:\n  list: []\n');
  });
});

describe('keys that go', () => {
  test.each([
    ['first of a line', 'want: { a: 1, b: 2 }\n', { b: 2 }, 'want: { b: 2 }\n'],
    ['last of a line', 'want: { a: 1, b: 2 }\n', { a: 1 }, 'want: { a: 1 }\n'],
    ['in the middle', 'want: { a: 1, b: 2, c: 3 }\n', { a: 1, c: 3 }, 'want: { a: 1, c: 3 }\n'],
    ['two of three', 'want: { a: 1, b: 2, c: 3 }\n', { a: 1 }, 'want: { a: 1 }\n'],
    [
      'on lines of their own',
      'want:\n  a: 1 # one\n  b:\n    c: 2\n  d: 3\n',
      { a: 1, d: 3 },
      'want:\n  a: 1 # one\n  d: 3\n',
    ],
    ['at the end', 'want:\n  a: 1\n  b: { c: 2 }\n', { a: 1 }, 'want:\n  a: 1\n'],
    ['all that an object has', 'want: { a: { b: 1 }, c: 2 }\n', { a: {}, c: 2 }, 'want: { a: {}, c: 2 }\n'],
    ['over several lines in braces', 'want: {\n  a: 1,\n  b: 2,\n}\n', { a: 1 }, 'want: {\n  a: 1,\n  }\n'],
  ] as const)('%s', (_, text, wanted, expected) => {
    expect(rewrite(text, wanted)).toBe(expected);
  });

  test('a comment beside one stays for its author to judge', () => {
    expect(rewrite('want:\n  a: 1\n  b: 2 # why\n', { a: 1 })).toBe(BY_HAND);
  });

  test('the first of a list entry shares its line with the dash', () => {
    expect(rewrite('want:\n  - a: 1\n    b: 2\n', [{ b: 2 }])).toBe(BY_HAND);
  });
});

test('only the place that was named is touched', () => {
  const text = '- note: one\n  want: { a: 1 }\n- note: two\n  # here\n  want: { a: 1 }\n';
  expect(rewrite(text, { a: 2 }, '/1/want')).toBe(text.replace(/1 \}\n$/, '2 }\n'));
});

test('what cannot be read is left', () => {
  expect(rewrite('want: {', { a: 1 })).toBe(BY_HAND);
  expect(rewrite('want:\nother: 1\n', { a: 1 })).toBe(BY_HAND);
});
