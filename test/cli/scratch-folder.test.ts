/** What commands leave in the temporary folder: nothing, however they end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withScratchFolder } from '../../src/workbench/files/scratch-folder.ts';

const FILE = new URL('../../src/workbench/files/scratch-folder.ts', import.meta.url).href;

test('the folder is there for the work, and is gone after it, done or failed', async () => {
  const listening = () => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');
  const before = listening();
  const folder = await withScratchFolder('sluice-test-', (path) => {
    writeFileSync(join(path, 'file'), 'x');
    return path;
  });
  expect(existsSync(folder)).toBe(false);
  let failed = '';
  const failing = withScratchFolder('sluice-test-', (path) => {
    failed = path;
    throw new Error('it failed');
  });
  await expect(failing).rejects.toThrow('it failed');
  expect(existsSync(failed)).toBe(false);
  expect(listening()).toBe(before);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s removes it, and ends the process as it would have',
  async (name) => {
    const program = `
    import { withScratchFolder } from ${JSON.stringify(FILE)};
    await withScratchFolder('sluice-test-', (outer) =>
      withScratchFolder('sluice-test-', (inner) => {
        console.log(JSON.stringify([outer, inner]));
        return new Promise((resolve) => setTimeout(resolve, 60_000));
      }),
    );`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    const [line] = await once(child.stdout, 'data');
    const folders = JSON.parse(String(line)) as string[];
    expect(folders.map((folder) => existsSync(folder))).toEqual([true, true]);
    child.kill(name);
    const [code, signal] = await once(child, 'close');
    expect([code, signal]).toEqual([null, name]);
    expect(folders.map((folder) => existsSync(folder))).toEqual([false, false]);
  },
);
