/** 256 descriptors, 512 strangers who send nothing, one script connector: it lives, serves, and says what it has too little of. */
import { spawn } from 'node:child_process';
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, until } from './running.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
const LIMIT = 256;
const STRANGERS = 512;

test('a runtime with few descriptors', async () => {
  const folder = new Folder();
  const source = 'export default (request) => ({ targetUserIds: [request.body.user] });';
  const mapping = { kind: 'script', file: 'mapping.js', source, digest: hash('sha256', source) } as const;
  writeFileSync(folder.file('bundle.json'), bundleOf([planOf({ id: 'one', mapping })]));
  const flags = ['--port', '0', '--admin-port', '0', '--host', '127.0.0.1', '--state', folder.state];
  const command = ['serve', '--bundle', folder.file('bundle.json'), ...flags];
  const child = spawn(
    '/bin/sh',
    ['-c', `ulimit -n ${LIMIT}; exec "$0" "$@"`, process.execPath, MAIN, ...command],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await folder.remove();
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    said += chunk;
  });
  await until(() => /serving: ingress/.test(said));
  expect(said).toContain(`${LIMIT} descriptors may be open`);
  const url = /ingress (http:[^,\s]+)/.exec(said)?.[1] ?? '';
  const strangers = Array.from({ length: STRANGERS }, () => connect(Number(new URL(url).port), '127.0.0.1'));
  onTestFinished(() => strangers.forEach((socket) => void socket.destroy()));
  await Promise.all(
    strangers.map(
      (socket) =>
        new Promise<void>((resolve) => {
          socket
            .once('connect', () => resolve())
            .on('error', () => resolve())
            .on('close', () => resolve());
        }),
    ),
  );
  const answer = await fetch(`${url}/c/one`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"user":"u1","amount":1}',
  });
  expect(await answer.json()).toMatchObject({ outcome: 'delivered' });
  expect(child.exitCode).toBeNull();
}, 60_000);
