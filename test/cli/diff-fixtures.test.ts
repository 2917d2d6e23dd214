// Each folder below test/fixtures/diff holds connectors before and after, and in expected.out what `diff --gate` prints
// of them and its exit code; in expected.md, where there is one, the Markdown. UPDATE_FIXTURES=1 writes them anew.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChangeKind, KINDS } from '../../src/workbench/diff/plans/kinds.ts';
import { GitRepository } from './git-repository.ts';

const fixtures = join(import.meta.dirname, '../fixtures/diff');
const names = readdirSync(fixtures).sort();
const repository = new GitRepository();

beforeAll(() => {
  for (const name of names) {
    // A history of its own: what was live in another one is nothing to it.
    repository.git('checkout', '--quiet', '--orphan', `root-of-${name}`);
    for (const side of ['before', 'after']) {
      repository.replaceConnectors(join(fixtures, name, side));
      repository.commit(`${name}/${side}`);
    }
  }
}, 600_000);
afterAll(() => repository.remove());

function expectFile(file: string, text: string): void {
  if (process.env.UPDATE_FIXTURES === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

test.each(names)(
  '%s',
  async (name) => {
    const diff = ['diff', `${name}/before`, `${name}/after`, '--gate'];
    const { code, stdout, stderr } = await repository.sluice(...diff);
    expectFile(join(fixtures, name, 'expected.out'), `${stdout}${stderr}exit ${code}\n`);
    const markdown = join(fixtures, name, 'expected.md');
    if (!existsSync(markdown)) return;
    expectFile(markdown, (await repository.sluice(...diff, '--format', 'markdown')).stdout);
  },
  60_000,
);

/** Kinds that no file leads to. */
const UNREACHABLE: readonly ChangeKind[] = [
  // What no rule explains: test/compiler/diff/diff-plan.test.ts makes such plans.
  'protection-changed',
  'plan-changed',
];

test('every kind of change has a fixture', () => {
  const titles = new Set(
    names.flatMap((name) =>
      [
        ...readFileSync(join(fixtures, name, 'expected.out'), 'utf8').matchAll(
          /^ {2}(?:breaking|risky {3}|safe {4}) {2}(.*?)(?: \/.*)?$/gm,
        ),
      ].map(([, title]) => title),
    ),
  );
  const missing = Object.entries(KINDS)
    .filter(([, { title }]) => !titles.has(title))
    .map(([kind]) => kind);
  expect(missing).toEqual(UNREACHABLE);
});

test('titles tell kinds apart', () => {
  const titles = Object.values(KINDS).map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});
