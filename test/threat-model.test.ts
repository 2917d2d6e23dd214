// Each line of docs/threat-model.md names the tests that show it: they must be there, under that title.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const here = import.meta.dirname;
const text = readFileSync(join(here, '../docs/threat-model.md'), 'utf8');
const [claimed = ''] = text.split('\n## What remains\n');
/** The tables with a column of tests. */
const lines = claimed
  .split('\n## ')
  .filter((section) => section.includes('| shown by |'))
  .flatMap((section) => section.split('\n').filter((line) => line.startsWith('| ')))
  .filter((line) => !line.endsWith('| shown by |'));

test('there are lines', () => {
  expect(lines.length).toBeGreaterThan(40);
});

test.each(lines.map((line) => [line.split('|')[1]?.trim() ?? '', line]))('%s', (_, line) => {
  const shown = line.split(' | ').at(-1) ?? '';
  const references = [...shown.matchAll(/`([\w/.-]+)`(?:: ((?:"[^"]+"(?:, )?)+))?/g)];
  expect(references).not.toEqual([]);
  for (const [, path = '', titles = ''] of references) {
    expect(existsSync(join(here, path)), `test/${path}`).toBe(true);
    if (path.startsWith('fixtures/')) continue;
    const source = readFileSync(join(here, path), 'utf8');
    const quoted = [...titles.matchAll(/"([^"]+)"/g)].map(([, title]) => title as string);
    expect(quoted, path).not.toEqual([]);
    for (const title of quoted)
      expect(source.includes(`'${title}`) || source.includes(`\`${title}`), title).toBe(true);
  }
});
