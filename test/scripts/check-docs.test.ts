import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';

/** Each page has a tree of its own, which takes its time on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const root = join(import.meta.dirname, '../..');

function check(...pages: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pages-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = pages.map((text, index) => {
    const file = join(folder, `page-${index}.md`);
    writeFileSync(file, text);
    return file;
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/check-docs.ts', ...files], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return { status, lines: stdout.trim().split('\n') };
}

const sh = (command: string, output?: string): string =>
  `Text.\n\n\`\`\`sh\n${command}\n\`\`\`\n${output === undefined ? '' : `\n\`\`\`text\n${output}\n\`\`\`\n`}\n`;

test('blocks run in order in a tree of their own, one for each page', () => {
  const { status, lines } = check(
    `${sh('test -f package.json\necho one > mine')}${sh('cat mine', 'o...')}`,
    sh('test ! -e mine'),
  );
  expect(lines.at(-1)).toBe('pages: 2, blocks: 3 passed, 0 failed');
  expect(status).toBe(0);
});

test('a block that fails fails the check, with its place and what it printed, and the next ones still run', () => {
  const { status, lines } = check(`${sh('echo before\nfalse\necho after')}${sh('true')}`);
  expect(lines[0]).toMatch(/^FAIL .*page-0\.md:4 echo before \(/);
  expect(lines.slice(1, 3)).toEqual(['     exit 1', '     before']);
  expect(lines.at(-1)).toBe('pages: 1, blocks: 1 passed, 1 failed');
  expect(status).toBe(1);
});

test('a block that prints something else than the page says fails the check', () => {
  const { status, lines } = check(sh('echo one', 'two'));
  expect(lines.join('\n')).toMatch(/FAIL[\s\S]*want[\s\S]*two[\s\S]*got[\s\S]*one/);
  expect(status).toBe(1);
});

test('a server that ends with an error when it is told to end fails the check', () => {
  const loop = `trap "exit 7" TERM; echo "serving: ingress"; while :; do sleep 0.05; done`;
  const { status, lines } = check(sh(`bash -c '${loop}' -- serve it`));
  expect(lines.join('\n')).toContain('exit 7 of a server after SIGTERM');
  expect(status).toBe(1);
});

test('what cannot run anywhere is not run, and no block at all is no success', () => {
  const { status, lines } = check('```console\n$ false\n```\n');
  expect(lines).toEqual(['pages: 0, blocks: 0 passed, 0 failed']);
  expect(status).toBe(1);
});
