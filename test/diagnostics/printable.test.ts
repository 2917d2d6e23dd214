/** Text that nobody vouches for, printed: what is not seen or moves other text is spelled out. */
import { expect, test } from 'vitest';
import { escapeControls } from '../../src/diagnostics/printable.ts';
import { escapeForJson } from '../../src/diagnostics/reporters/json-text.ts';

test.each([
  ['a colour', '\u001b[31m', '\\u{1b}[31m'],
  ['a line break', 'a\nb', 'a\\nb'],
  ['right to left', 'a\u202eb', 'a\\u{202e}b'],
  ['a zero-width space', 'a\u200bb', 'a\\u{200b}b'],
  ['a joiner', 'a\u200db', 'a\\u{200d}b'],
  ['a soft hyphen', 'a\u00adb', 'a\\u{ad}b'],
  ['a word joiner', 'a\u2060b', 'a\\u{2060}b'],
  ['a tag', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ['half a character', 'a\ud800b', 'a\\u{d800}b'],
  ['letters, signs and pictures', 'Zürich → 日本 ✓ 🙂', 'Zürich → 日本 ✓ 🙂'],
])('%s can be seen for what it is', (_, text, printed) => {
  expect(escapeControls(text)).toBe(printed);
  // In JSON it stays the same value.
  const json = escapeForJson(text);
  expect(JSON.parse(json)).toBe(text);
  expect(json).not.toMatch(/\p{Cf}/u);
});
