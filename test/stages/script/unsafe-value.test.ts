import { expect, test } from 'vitest';
import { findUnsafeValue } from '../../../src/stages/script/unsafe-value.ts';

test.each([
  ['a key that is a prototype', '{"variables":{"__proto__":"x"}}', 'the trigger has a key named __proto__'],
  ['one below', '{"metadata":{"a":{"constructor":1}}}', 'the trigger has a key named constructor'],
  [
    'half of a character',
    '{"variables":{"a":"\\ud800"}}',
    'a text of the trigger has half of a character (a lone surrogate)',
  ],
  ['NUL', '{"variables":{"a":"\\u0000"}}', 'a text of the trigger has a NUL or an ESC'],
  ['ESC in a key', '{"variables":{"\\u001b[2J":1}}', 'a text of the trigger has a NUL or an ESC'],
  ['ESC in a user', '{"targetUserIds":["\\u001b[2J"]}', 'a text of the trigger has a NUL or an ESC'],
])('%s is found', (_, json, problem) => {
  expect(findUnsafeValue(JSON.parse(json))).toBe(problem);
});

test('lines, tabs, emoji and what else cards show is fine', () => {
  expect(
    findUnsafeValue({ targetUserIds: ['u'], variables: { a: 'Zeile 1\n\t👋 é 日本', b: 1, c: null } }),
  ).toBeNull();
});
