// Each file below test/fixtures/diff holds connectors before and after, and in its part expected.out what `diff --gate`
// prints of them and its exit code; in expected.md, where there is one, the Markdown. UPDATE_FIXTURES=1 writes them anew.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ChangeKind, KINDS } from '../../src/workbench/diff/plans/kinds.ts';
import { listFixtures, readParts, unpackFixture, updatePart } from '../fixture-file.ts';
import { GitRepository } from './git-repository.ts';

const names = listFixtures('diff');
const repository = new GitRepository();

beforeAll(() => {
  for (const name of names) {
    const folder = unpackFixture(`diff/${name}`, afterAll);
    // A history of its own: what was live in another one is nothing to it.
    repository.git('checkout', '--quiet', '--orphan', `root-of-${name}`);
    for (const side of ['before', 'after']) {
      repository.replaceConnectors(join(folder, side));
      repository.commit(`${name}/${side}`);
    }
  }
}, 600_000);
afterAll(() => repository.remove());

function expectPart(name: string, part: string, text: string): void {
  if (process.env.UPDATE_FIXTURES === '1') updatePart(`diff/${name}`, part, text);
  expect(text).toBe(readParts(`diff/${name}`).get(part));
}

test.each(names)(
  '%s',
  async (name) => {
    const diff = ['diff', `${name}/before`, `${name}/after`, '--gate'];
    const { code, stdout, stderr } = await repository.sluice(...diff);
    expectPart(name, 'expected.out', `${stdout}${stderr}exit ${code}\n`);
    if (!readParts(`diff/${name}`).has('expected.md')) return;
    expectPart(name, 'expected.md', (await repository.sluice(...diff, '--format', 'markdown')).stdout);
  },
  60_000,
);

/** Kinds that no file leads to. */
const UNREACHABLE: readonly ChangeKind[] = [
  // What takes a history: test/cli/diff-detours.test.ts makes one.
  'live-before-unknown',
  // What no rule explains: test/compiler/diff/diff-plan.test.ts makes such plans.
  'protection-changed',
  'plan-changed',
];

test('every kind of change has a fixture', () => {
  const titles = new Set(
    names.flatMap((name) =>
      [
        ...(readParts(`diff/${name}`).get('expected.out') ?? '').matchAll(
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
