// In: the working tree. Out: one line for each check, the output of those that fail, exit 1 if any did. Runs all of
// them, so that one run shows everything; the same for people and for CI. Changes no file.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findTool, POSTGRES_FOLDER } from './debian-tool.ts';

const root = join(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'sluice-check-'));
const testReport = join(scratch, 'tests.json');

const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['types', 'tsc', '--noEmit'],
  ['types of the page', 'tsc', '--noEmit', '-p', 'src/studio/page'],
  ['import rules', 'depcruise', 'src'],
  ['generated files', 'node', 'scripts/generate.ts', '--check'],
  ['tests', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${testReport}`],
  ['connectors', 'node', 'src/cli/main.ts', 'check', 'connectors'],
  ['connector cases', 'node', 'src/cli/main.ts', 'test', 'connectors'],
  ['deployment files', 'node', 'scripts/check-deploy.ts'],
  ['allocations', 'node', 'scripts/bench/guard.ts'],
  ['replicas that are killed', 'node', 'scripts/replicas-chaos.ts', '--seconds', '12'],
  ['a cluster of NATS', 'node', 'scripts/nats-failover.ts', '--seconds', '12'],
  ['packed and installed', 'node', 'scripts/check-packed.ts'],
  ['documentation examples', 'node', 'scripts/check-docs.ts'],
];

// Tests that run side by side would install them side by side, which apt refuses.
for (const name of ['chromium', 'nats-server', 'strace'])
  findTool({ command: name, package: name, by: 'install' });
findTool({ command: 'postgres', package: 'postgresql-15', by: 'install', folder: POSTGRES_FOLDER });

let failed = 0;
for (const [name, command, ...args] of checks) {
  const started = performance.now();
  const { ok, output } = await run(command, args);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`);
  for (const line of output.split('\n')) if (line.startsWith('skipped: ')) console.log(`     ${line}`);
  if (!ok) {
    failed += 1;
    console.log(`${[command, ...args].join(' ')}\n${output}`);
  }
}

const tests = readTestCounts();
if (tests !== undefined) console.log(`tests: ${tests}`);
console.log(`checks: ${checks.length - failed} passed, ${failed} failed`);
rmSync(scratch, { recursive: true });
process.exitCode = failed === 0 ? 0 : 1;

/** Commands come from node_modules/.bin first, which also holds the pinned Node. */
function run(command: string, args: string[]): Promise<{ ok: boolean; output: string }> {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      // Hundreds of command lines are started: each need not compile the program anew.
      env: { ...process.env, PATH: path, NODE_COMPILE_CACHE: join(scratch, 'compile-cache') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const append = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', append);
    child.stderr.setEncoding('utf8').on('data', append);
    child.on('error', (error) => resolve({ ok: false, output: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** undefined if the test run ended before it could report. */
function readTestCounts(): string | undefined {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(testReport, 'utf8'));
    return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
  } catch {
    return undefined;
  }
}
