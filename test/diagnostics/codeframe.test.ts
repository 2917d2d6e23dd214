import { expect, test } from 'vitest';
import { renderCodeFrame } from '../../src/diagnostics/codeframe.ts';
import { SourceFile } from '../../src/diagnostics/source.ts';

function frameOf(text: string, marked: string, masked?: string): string {
  const source = new SourceFile('a.yaml', text);
  const rangeOf = (piece: string) => ({ offset: text.indexOf(piece), length: piece.length });
  const { offset, length } = rangeOf(marked);
  const ranges = masked === undefined ? [] : [rangeOf(masked)];
  return `\n${renderCodeFrame(source, source.span(offset, length), ranges).lines.join('\n')}\n`;
}

test('marks what is meant, under the line with its number', () => {
  expect(frameOf('id: a\nmapping: $.custmer\n', '$.custmer')).toBe(`
  |
2 | mapping: $.custmer
  |          ^~~~~~~~~
`);
});

test('marks stand under wide characters, tabs and combining marks as a terminal shows them', () => {
  expect(frameOf('\t"名前": é x', 'x')).toBe(`
  |
1 |   "名前": é x
  |             ^
`);
});

test('controls and bidirectional overrides are text', () => {
  expect(frameOf('a: \u001b[31m\u202e x', 'x')).toBe(`
  |
1 | a: \\u{1b}[31m\\u{202e} x
  |                       ^
`);
});

test('a long line is cut on both sides', () => {
  const [, line, marks] = frameOf(`${'a'.repeat(500)} here ${'b'.repeat(500)}`, 'here')
    .trim()
    .split('\n');
  expect(line).toMatch(/^1 \| …a{39} here b{73,}…$/);
  expect(marks).toBe(`  | ${' '.repeat(41)}^~~~`);
});

test('of a very long line only what is around the place is looked at, and no character is cut in two', () => {
  for (const length of [499, 500, 1001, 1002, 100_000]) {
    const text = `${'é'.repeat(length % 2)}${'\u{1f600}'.repeat(length)} here ${'\u{1f600}'.repeat(length)}`;
    const [, line] = frameOf(text, 'here').trim().split('\n');
    expect(line).toMatch(/^1 \| …\u{1f600}{19} here \u{1f600}{38}…$/u);
  }
  const source = new SourceFile('a.json', 'x'.repeat(300_000));
  for (let offset = 0; offset < 300_000; offset += 100) {
    expect(renderCodeFrame(source, source.span(offset, 4)).lines[1]).toMatch(/^1 \| …?x+…?$/);
  }
});

test('a place that goes on to further lines is marked to the end of its first line', () => {
  expect(frameOf('a: |\n  one\n  two\n', '|\n  one\n')).toBe(`
  |
1 | a: |
  |    ^
`);
});

test('masked ranges are never shown, whatever is marked', () => {
  expect(frameOf('preset: strpe, sharedSecret: hunter2', 'strpe', 'hunter2')).toBe(`
  |
1 | preset: strpe, sharedSecret: *******
  |         ^~~~~
`);
});
