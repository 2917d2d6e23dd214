/** Whatever stands in a file, and whatever is wanted: what is edited says it, and the rest of the file is as it was. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { setAt } from '../../../src/compiler/edit/edit-at.ts';
import type { JsonValue } from '../../../src/stages/json/json-value.ts';

const HEAD = '# head\n- note: first # why\n  want: { a: 1 }   # kept\n';
const TAIL = '# between\n- note: last # end\n';

const key = fc.string({ minLength: 1, maxLength: 6 }).filter((name) => !/^(__proto__|<<|\d+)$/.test(name));
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom('true', 'null', '1e3', '#', '- a', ': ', '@', "it's", 'a\nb'),
    fc.integer(),
    fc.boolean(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));
const members = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 });

test('only the place that is named changes, and it says what was wanted', () => {
  let edited = 0;
  let all = 0;
  const property = fc.property(members, value, fc.constantFrom('flow', 'any'), (before, other, style) => {
    const text = stringify([{ note: 'x', want: before }], { collectionStyle: style, lineWidth: 60 });
    const named = Object.keys(before);
    // One key is another value, one goes, the others stay.
    const wanted = Object.fromEntries(
      named.flatMap((name, index) =>
        index === 1 ? [] : [[name, index === 0 ? other : (before[name] ?? null)]],
      ),
    );
    const inFile = style === 'flow' ? `- ${text.slice(1).trim().replace(/\]$/, '').trim()}\n` : text;
    const result = setAt(HEAD + inFile + TAIL, '/1/want', wanted);
    all += 1;
    if (!result.ok) return;
    edited += 1;
    expect(result.text.startsWith(HEAD) && result.text.endsWith(TAIL)).toBe(true);
    expect(parse(result.text)[1]).toEqual({ note: 'x', want: wanted });
  });
  fc.assert(property, { numRuns: 500 });
  // What is done by hand is the exception, even among such values.
  expect(edited / all).toBeGreaterThan(0.6);
});
