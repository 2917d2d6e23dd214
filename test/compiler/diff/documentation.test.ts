// docs/reviewing.md lists every kind of change as the table in the code has it. UPDATE_FIXTURES=1 writes the list anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KINDS, type KindEntry } from '../../../src/workbench/diff/plans/kinds.ts';

const file = join(import.meta.dirname, '../../../docs/reviewing.md');
const entries: readonly (readonly [string, KindEntry])[] = Object.entries(KINDS);

test('the documentation lists every kind', () => {
  const rows = entries.map(([kind, { title, meaning, weakens }]) => {
    const name = weakens ? `**\`${kind}\`**` : `\`${kind}\``;
    return `| ${name} | ${title}. ${meaning} |`;
  });
  const table = ['| kind | what it means |', '|---|---|', ...rows].join('\n');
  const text = readFileSync(file, 'utf8');
  const expected = text.replace(
    /(<!-- kinds:begin -->\n)[\s\S]*(<!-- kinds:end -->)/,
    (_, begin, end) => `${begin}\n${table}\n\n${end}`,
  );
  if (process.env.UPDATE_FIXTURES === '1') writeFileSync(file, expected);
  expect(readFileSync(file, 'utf8')).toBe(expected);
  expect(expected).toContain(table);
});

test.each(entries)('%s says what it is, and what it means', (kind, { title, meaning }) => {
  expect(kind).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(title).toMatch(/^[^A-Z].*[^.]$/);
  expect(meaning).toMatch(/^[A-Z].{10,}\.$/);
});
