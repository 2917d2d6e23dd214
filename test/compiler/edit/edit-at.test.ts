/** Files are edited where they differ and nowhere else; what cannot be edited so is left, and said. */
import { describe, expect, test } from 'vitest';
import { insertAt, removeAt, setAt } from '../../../src/compiler/edit/edit-at.ts';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';

const BY_HAND = 'it is written in a way that is not edited here; change it by hand';

function rewrite(text: string, wanted: JsonValue, pointer = '/want'): string {
  const edited = setAt(text, pointer, wanted);
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

  test('the first of a list entry leaves its line to the next', () => {
    expect(rewrite('want:\n  - a: 1\n    b: 2\n', [{ b: 2 }])).toBe('want:\n  - b: 2\n');
  });
});

test('only the place that was named is touched', () => {
  const text = '- note: one\n  want: { a: 1 }\n- note: two\n  # here\n  want: { a: 1 }\n';
  expect(rewrite(text, { a: 2 }, '/1/want')).toBe(text.replace(/1 \}\n$/, '2 }\n'));
});

test('what cannot be read is left', () => {
  expect(rewrite('want: {', { a: 1 })).toBe(BY_HAND);
});

describe('setAt', () => {
  const at = (text: string, pointer: string, value: JsonValue): string => {
    const edited = setAt(text, pointer, value);
    return edited.ok ? edited.text : edited.message;
  };
  const FILE = `# top
id: shop # its name
actionFlow: F
mapping: # who and what
  targetUserIds: $.user
  variables:
    amount: $.total # in cents
    # the last one
# checked by hand
idempotency: { path: $.id }
`;

  test('a new key stands where people look for it, and remarks stay where they were', () => {
    expect(at(FILE, '/status', 'live')).toBe(
      FILE.replace('actionFlow: F\n', 'actionFlow: F\nstatus: live\n'),
    );
    expect(at(FILE, '/mapping/cardOptions/priority', 3)).toBe(
      FILE.replace('$.user\n', '$.user\n  cardOptions:\n    priority: 3\n'),
    );
    expect(at(FILE, '/mapping/variables/currency', { path: '$.currency', default: 'EUR' })).toBe(
      FILE.replace('cents\n', 'cents\n    currency: { path: $.currency, default: EUR }\n'),
    );
    expect(at(FILE, '/mapping/metadata/source', 'shop')).toBe(
      FILE.replace('last one\n', 'last one\n  metadata:\n    source: shop\n'),
    );
  });

  test('a key before all others', () => {
    expect(at('mapping:\n  variables: { a: 1 }\n', '/mapping/targetUserIds', '$.u')).toBe(
      'mapping:\n  targetUserIds: $.u\n  variables: { a: 1 }\n',
    );
  });

  test('a key without a value gets one', () => {
    expect(at('mapping:\n  targetUserIds: # who\nid: a\n', '/mapping/targetUserIds', '$.u')).toBe(
      'mapping:\n  targetUserIds: $.u # who\nid: a\n',
    );
    expect(at('id: a\nmapping:\n', '/mapping/variables/a', 1)).toBe(
      'id: a\nmapping:\n  variables:\n    a: 1\n',
    );
  });

  test('a path becomes an expression with words, and one more word', () => {
    const withWord = at(FILE, '/mapping/variables/amount', { path: '$.total', as: 'string' });
    expect(withWord).toBe(FILE.replace('$.total #', '{ path: $.total, as: string } #'));
    expect(at(withWord, '/mapping/variables/amount/default', '0')).toBe(
      FILE.replace('$.total #', '{ path: $.total, as: string, default: "0" } #'),
    );
  });

  test('a condition stands on a line of its own', () => {
    expect(at(FILE, '/when', [{ path: '$.type', equals: 'paid' }])).toBe(
      FILE.replace('mapping:', 'when:\n  - { path: $.type, equals: paid }\nmapping:'),
    );
  });

  test('what is no map or list gets no members', () => {
    expect(at('id: a\n', '/id/x', 1)).toBe(BY_HAND);
    expect(at('when: [a]\n', '/when/3', 'b')).toBe(BY_HAND);
  });
});

describe('insertAt', () => {
  const insert = (text: string, pointer: string, index: number, value: JsonValue): string => {
    const edited = insertAt(text, pointer, index, value);
    return edited.ok ? edited.text : edited.message;
  };

  test.each([
    ['before the first', 'a:\n  - x # one\n  - y\n', 0, 'a:\n  - new\n  - x # one\n  - y\n'],
    ['between', 'a:\n  - x # one\n  - y\n', 1, 'a:\n  - x # one\n  - new\n  - y\n'],
    ['at the end', 'a:\n  - x # one\n  - y # two\n# b\n', 2, 'a:\n  - x # one\n  - y # two\n  - new\n# b\n'],
    ['in brackets', 'a: [ x, y ] # z\n', 1, 'a: [ x, new, y ] # z\n'],
    ['at their end', 'a: [ x, y ] # z\n', 2, 'a: [ x, y, new ] # z\n'],
    ['in empty ones', 'a: [] # z\n', 0, 'a: [new] # z\n'],
    ['into nothing', 'b: 1 # z\n', 0, 'b: 1 # z\na: [new]\n'],
  ])('%s', (_, text, index, expected) => {
    expect(insert(text, '/a', index, 'new')).toBe(expected);
  });

  test('a condition after one over several lines', () => {
    const text = 'when:\n  - path: $.a\n    equals: 1 # why\n';
    expect(insert(text, '/when', 1, { path: '$.b', exists: true })).toBe(
      `${text}  - { path: $.b, exists: true }\n`,
    );
  });
});

describe('removeAt', () => {
  const remove = (text: string, pointer: string): string => {
    const edited = removeAt(text, pointer);
    return edited.ok ? edited.text : edited.message;
  };

  test('the comment on its line goes with a key, those above it stay', () => {
    expect(remove('v:\n  # above\n  a: 1 # beside\n  b: 2\n', '/v/a')).toBe('v:\n  # above\n  b: 2\n');
  });

  test('a map or list that is left empty goes too, the file does not', () => {
    expect(remove('id: a\nwhen:\n  - { path: $.a, exists: true }\n', '/when/0')).toBe('id: a\n');
    expect(remove('m: { v: { a: 1 }, w: 2 } # x\n', '/m/v/a')).toBe('m: { w: 2 } # x\n');
    expect(remove('id: a\n', '/id')).toBe('{}\n');
  });

  test('entries', () => {
    expect(remove('a:\n  - x # one\n  - k: 1\n    l: 2\n  - y\n', '/a/1')).toBe('a:\n  - x # one\n  - y\n');
    expect(remove('a: [x, y, z]\n', '/a/2')).toBe('a: [x, y]\n');
    expect(remove('a:\n  - - x\n    - y\n', '/a/0/1')).toBe('a:\n  - - x\n');
  });

  test('what is not there', () => {
    expect(remove('a: 1\n', '/b')).toBe(BY_HAND);
    expect(remove('a: 1\n', '/a/b/c')).toBe(BY_HAND);
  });
});
