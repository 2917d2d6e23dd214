// The tables of what providers say: whole, small, and right about what their authors' own examples show.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { eventsOf, mayBeMissing } from '../../src/providers/missing-table.ts';
import { providersFolder, readMissingTable } from '../../src/providers/read-provider.ts';
import { PRESETS } from '../../src/stages/signature/presets.ts';

const folders = readdirSync(providersFolder());
const TABLES = folders.filter((name) => existsSync(`${providersFolder()}/${name}/may-be-missing.json`));

test('data is there for presets alone', () => {
  expect(folders.filter((name) => !PRESETS.has(name))).toEqual([]);
  expect(TABLES.length).toBeGreaterThanOrEqual(16);
});

test.each(TABLES)('the table of %s names its source and has no part that is missing or unused', (preset) => {
  const table = readMissingTable(preset)!;
  expect(table.source).toMatch(/ \d+\.\d+\.\d+, (MIT|Apache-2\.0)$/);
  const inside = table.parts.flatMap((part) => Object.values(part));
  expect(inside.filter((said) => !/^[?0*.]\d*$/.test(said) || said === '.')).toEqual([]);
  const used = [
    ...inside
      .map((said) => said.slice(1))
      .filter((index) => index !== '')
      .map(Number),
  ];
  used.push(...Object.values(table.events).filter((index) => index !== null));
  expect([...new Set(used)].sort((a, b) => a - b)).toEqual(table.parts.map((_, index) => index));
});

test("GitHub's table is small", () => {
  expect(gzipSync(JSON.stringify(readMissingTable('github'))).length).toBeLessThan(8_000);
});

// What GitHub calls required is in every example that its authors collected.
interface Example {
  readonly name: string;
  readonly examples: readonly Record<string, never>[];
}
const EXAMPLES = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Example[];

test('what an example of GitHub lacks, the table says may be missing', () => {
  const table = readMissingTable('github')!;
  const paths = [
    '$.assignee.login',
    '$.issue.assignee.login',
    '$.issue.body',
    '$.pull_request.assignee.login',
  ];
  const wrong: string[] = [];
  let looked = 0;
  for (const { name, examples } of EXAMPLES) {
    for (const body of examples) {
      const events = eventsOf(table, { body, header: () => [name] });
      for (const path of paths) {
        const steps = path.slice(2).split('.');
        const parents = steps.slice(0, -1).map((_, index) => steps.slice(0, index + 1));
        const at = (way: readonly string[]): unknown =>
          way.reduce<unknown>(
            (value, step) => (value as Record<string, unknown> | null | undefined)?.[step],
            body,
          );
        // Only where the event has the object at all.
        if (at(steps.slice(0, 1)) === undefined || at(steps) != null || parents.length === 0) continue;
        looked += 1;
        if (!events.some((event) => mayBeMissing(table, event, path))) wrong.push(`${name} ${path}`);
      }
    }
  }
  expect(looked).toBeGreaterThan(40);
  expect(wrong).toEqual([]);
});

test('an event that the table does not have, or no event at all, says nothing', () => {
  const table = readMissingTable('github')!;
  const named = (name: string, body: object) =>
    eventsOf(table, { body: body as never, header: () => [name] });
  expect(named('issues', { action: 'opened' })).toEqual(['issues.opened']);
  expect(named('issues', { action: 'not-known-yet' })).toEqual(['issues']);
  expect(named('constructor', {})).toEqual([]);
  expect(named('push', [])).toEqual(['push']);
  expect(mayBeMissing(table, 'issues', '$.constructor.name')).toBeNull();
  expect(mayBeMissing(table, 'issues', '$..login')).toBeNull();
  expect(readMissingTable('../../etc')).toBeNull();
});
