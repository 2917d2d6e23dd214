import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('a script process that cannot be started costs its request a hold, and not the process', () => {
  const script = join(import.meta.dirname, 'full-table.ts');
  const { stdout, stderr, status } = spawnSync(
    '/bin/sh',
    ['-c', 'ulimit -n 60; exec "$0" "$1"', process.execPath, script],
    {
      encoding: 'utf8',
    },
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'script-unavailable' });
});
