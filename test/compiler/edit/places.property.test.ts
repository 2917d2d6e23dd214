/** Whatever a connector file looks like: an edit changes its place alone; comments, order and style elsewhere stay. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { insertAt, removeAt, setAt, type YamlEdit } from '../../../src/compiler/edit/edit-at.ts';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';

const KEYS = ['alpha', 'beta', 'gamma', 'delta'];
const scalar = fc.constantFrom(
  'one',
  '$.a.b',
  '"quoted"',
  "'single'",
  '12',
  'true',
  '"#no comment"',
  '[x, y]',
  '{ p: $.q, r: 1 }',
);
const comment = fc.constantFrom('', ' # why', '   # "as it is"');

/** Lines of a map two levels deep, with comments beside and between them, and a list. */
const file = fc
  .record({
    values: fc.array(fc.tuple(scalar, comment), { minLength: 4, maxLength: 4 }),
    entries: fc.array(fc.tuple(scalar, comment), { minLength: 2, maxLength: 4 }),
    indent: fc.constantFrom(2, 4),
    newline: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ values, entries, indent, newline }) => {
    const pad = ' '.repeat(indent);
    const [first, ...inner] = values;
    return [
      '# head',
      `top: ${first?.join('')}`,
      'map: # of the map',
      ...inner.flatMap(([text, remark], index) => [
        `${pad}# above ${index}`,
        `${pad}${KEYS[index]}: ${text}${remark}`,
      ]),
      'list:',
      ...entries.map(([text, remark]) => `${pad}- ${text}${remark}`),
      '# tail',
      'end: here',
      '',
    ].join(newline);
  });
const value = fc.constantFrom<JsonValue>('new', '$.x[0]', 3, false, null, { path: '$.y', default: '' }, [
  'a',
  'b',
]);

/** Whole lines that both have, in order: what is outside the edit. */
function expectRestKept(before: string, after: string, mayGo: (line: string) => boolean): void {
  const kept = before.split('\n').filter((line) => !mayGo(line));
  let at = 0;
  const lines = after.split('\n');
  for (const line of kept) {
    at = lines.indexOf(line, at) + 1;
    expect(at, `"${line}" is gone from:\n${after}`).toBeGreaterThan(0);
  }
}

function textOf(edit: YamlEdit): string {
  if (!edit.ok) throw new Error(edit.message);
  return edit.text;
}

test('setAt', () => {
  fc.assert(
    fc.property(file, fc.constantFrom(...KEYS), value, (text, key, wanted) => {
      const edited = textOf(setAt(text, `/map/${key}`, wanted));
      expectRestKept(text, edited, (line) => line.trim().startsWith(`${key}:`));
      const before = parse(text);
      expect(parse(edited)).toEqual({ ...before, map: { ...before.map, [key]: wanted } });
    }),
    { numRuns: 150 },
  );
});

test('removeAt', () => {
  fc.assert(
    fc.property(file, fc.constantFrom(...KEYS.slice(0, 3)), (text, key) => {
      const edited = textOf(removeAt(text, `/map/${key}`));
      expectRestKept(text, edited, (line) => line.trim().startsWith(`${key}:`));
      const { [key]: _, ...map } = parse(text).map;
      expect(parse(edited)).toEqual({ ...parse(text), map });
    }),
    { numRuns: 150 },
  );
});

test('insertAt', () => {
  fc.assert(
    fc.property(file, fc.nat(4), value, (text, at, wanted) => {
      const { list } = parse(text);
      const index = Math.min(at, list.length);
      const edited = textOf(insertAt(text, '/list', index, wanted));
      expectRestKept(text, edited, () => false);
      expect(parse(edited)).toEqual({ ...parse(text), list: list.toSpliced(index, 0, wanted) });
    }),
    { numRuns: 150 },
  );
});
