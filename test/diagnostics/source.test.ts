import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceFile } from '../../src/diagnostics/source.ts';

test('lines and columns are 1-based and count characters, not UTF-16 units', () => {
  const source = new SourceFile('a.yaml', 'one\n👋 two: x\n');

  expect(source.span(0, 3)).toMatchObject({ line: 1, column: 1, endColumn: 4, offset: 0, length: 3 });
  expect(source.span(source.text.indexOf('x'), 1)).toMatchObject({ line: 2, column: 8, endColumn: 9 });
});

test('a line ends before its CRLF, and a span with its last character', () => {
  const source = new SourceFile('a.yaml', 'one\r\ntwo\r\nthree');

  expect([1, 2, 3, 4].map((line) => source.lineText(line))).toEqual(['one', 'two', 'three', '']);
  expect(source.span(5, 100)).toMatchObject({ line: 2, column: 1, endLine: 3, endColumn: 6, length: 10 });
  // Line breaks at its end are not on the next line.
  expect(source.span(0, 5)).toMatchObject({ line: 1, endLine: 1, endColumn: 4, length: 5 });
});

test('an empty file and offsets outside the text still have a place', () => {
  expect(new SourceFile('a', '').span(0, 0)).toMatchObject({ line: 1, column: 1, endColumn: 1 });
  expect(new SourceFile('a', 'x\n').span(99, 5)).toMatchObject({ line: 2, column: 1, offset: 2, length: 0 });
  expect(new SourceFile('a', 'x').span(-5, 1)).toMatchObject({ line: 1, column: 1 });
});

test('every offset is found again on its line', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', '👋', 'é', '\r') });
  fc.assert(
    fc.property(texts, fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }), (text, offsets) => {
      const source = new SourceFile('a', text);
      for (const offset of offsets) {
        const span = source.span(offset, 1);
        const before = text.slice(0, span.offset);
        expect(span.line).toBe(before.split('\n').length);
        expect(source.lineStart(span.line)).toBe(before.lastIndexOf('\n') + 1);
        expect(span.column).toBe(Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1);
      }
    }),
  );
});
