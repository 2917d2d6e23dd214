// In: README.md and the pages under docs/, or the pages that are named. Runs every ```sh block of each page in order, in a
// copy of the tree of its own, as its reader would; pages run two at a time. Out: one line per block, in the order of the
// pages; exit 1 if one fails. Pages without such blocks are read and need nothing.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Block, readBlocks } from './docs/read-blocks.ts';
import { Reader } from './docs/reader.ts';

const root = join(import.meta.dirname, '..');
/** CI machines are small. */
const AT_A_TIME = 2;

interface Page {
  readonly name: string;
  readonly blocks: readonly Block[];
}

const named = process.argv.slice(2);
const pages: Page[] = (named.length > 0 ? named : listPages())
  .map((file) => ({ name: relative(root, file), blocks: readBlocks(readFileSync(file, 'utf8')) }))
  .filter(({ blocks }) => blocks.length > 0);
let failed = 0;
let passed = 0;

// The longest first: it decides how long all of them take.
const waiting = pages.toSorted((a, b) => b.blocks.length - a.blocks.length);
const results = new Map<Page, Promise<readonly string[]>>();
await Promise.all(Array.from({ length: AT_A_TIME }, runWaiting));
for (const page of pages) for (const line of (await results.get(page)) ?? []) console.log(line);
console.log(`pages: ${pages.length}, blocks: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && pages.length > 0 ? 0 : 1;

async function runWaiting(): Promise<void> {
  for (let page = waiting.shift(); page !== undefined; page = waiting.shift()) {
    const result = runPage(page);
    results.set(page, result);
    await result;
  }
}

async function runPage({ name, blocks }: Page): Promise<string[]> {
  const lines: string[] = [];
  const report = (problem: string | null, what: string): void => {
    lines.push(`${problem === null ? 'ok  ' : 'FAIL'} ${what}`);
    if (problem === null) passed += 1;
    else {
      failed += 1;
      lines.push(problem.replace(/^/gm, '     '));
    }
  };
  const reader = await Reader.open();
  for (const block of blocks) {
    const started = performance.now();
    const problem = await reader.run(block).catch((error: Error) => error.message);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    report(problem, `${name}:${block.line} ${block.command.trim().split('\n')[0]} (${seconds} s)`);
  }
  const problem = await reader.close();
  if (problem !== null) report(problem, `${name}: its servers`);
  return lines;
}

function listPages(): string[] {
  const files = execFileSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', 'README.md', 'docs/**/*.md', 'docs/*.md'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  return [...new Set(files.trim().split('\n'))].map((file) => join(root, file));
}
