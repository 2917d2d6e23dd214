import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '../../scripts/node.mjs');

test('passes arguments, output and the exit code on', () => {
  const script = 'console.log(process.argv.slice(1).join()); process.exit(3)';
  const { status, stdout } = spawnSync(process.execPath, [launcher, '-e', script, 'one', 'two'], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 3, stdout: 'one,two\n' });
});

test('hands SIGTERM to the script and waits for it', async () => {
  const script =
    "process.on('SIGTERM', () => process.exit(4)); setInterval(() => {}, 1000); console.log('up')";
  const child = spawn(process.execPath, [launcher, '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([4, null]);
});
