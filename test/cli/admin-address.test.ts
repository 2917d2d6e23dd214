/** How the command line finds the runtime of a state folder, and what `dev` tells people to type. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { adminAddress, DEFAULT_ADMIN } from '../../src/cli/admin-address.ts';
import { ownCommand } from '../../src/cli/own-command.ts';
import { Folder } from '../runtime/running.ts';
import { makeOrders } from './orders-workspace.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

const REFUSED = 'note: unsigned\nrequest: { sample: paid.json }\nwant: { outcome: rejected }\n';

test('what dev says to type works as it stands', async () => {
  const orders = makeOrders(REFUSED);
  const argv = ['dev', '--state', 'elsewhere', '--port', '0', '--admin-port', '0', '--log-level', 'silent'];
  const child = spawn(process.execPath, [MAIN, ...argv], {
    cwd: orders.folder,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(async () => {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'close');
  });
  child.stdout.setEncoding('utf8');
  let output = '';
  for await (const text of child.stdout) {
    output += text;
    if (output.includes('Triggers are written')) break;
  }
  const hint = /try it: {2}npx sluice (.+)$/m.exec(output)?.[1];
  expect(hint).toBe('send orders --state elsewhere');
  expect(await orders.sluice(...(hint as string).split(' '))).toMatchObject({
    code: 0,
    out: expect.stringContaining('orders: delivered'),
  });
});

test('a runtime leaves its address for its owner alone, and takes it away', async () => {
  const folder = new Folder();
  onTestFinished(() => folder.remove());
  const { runtime } = await folder.start({ bundle: null });
  const file = join(folder.state, 'admin-address');
  expect(readFileSync(file, 'utf8')).toBe(`${runtime.adminUrl}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(adminAddress(folder.path, { state: 'state' })).toBe(runtime.adminUrl);
  expect(adminAddress(folder.path, { state: 'state', admin: 'http://other' })).toBe('http://other');
  await runtime.close();
  expect(existsSync(file)).toBe(false);
  expect(adminAddress(folder.path, { state: 'state' })).toBe(DEFAULT_ADMIN);
});

test.each([
  ['http://127.0.0.1:9', 0o600, 'http://127.0.0.1:9'],
  ['http://[::1]:9', 0o600, 'http://[::1]:9'],
  ['http://127.0.0.1:9', 0o644, DEFAULT_ADMIN],
  ['http://127.0.0.1.example.com:9', 0o600, DEFAULT_ADMIN],
  ['http://192.0.2.7:9', 0o600, DEFAULT_ADMIN],
  ['http://user@127.0.0.1:9', 0o600, DEFAULT_ADMIN],
  ['not a URL', 0o600, DEFAULT_ADMIN],
])('of an address "%s" with the mode %i, %s is called', (text, mode, called) => {
  const folder = new Folder();
  onTestFinished(() => folder.remove());
  mkdirSync(folder.state);
  writeFileSync(join(folder.state, 'admin-address'), `${text}\n`);
  chmodSync(join(folder.state, 'admin-address'), mode);
  expect(adminAddress(folder.path, { state: 'state' })).toBe(called);
});

test('a script named sluice is how people call it', () => {
  const folder = new Folder();
  onTestFinished(() => folder.remove());
  expect(ownCommand(folder.path)).toBe('npx sluice');
  writeFileSync(folder.file('package.json'), '{ "scripts": { "check": "sluice check" } }');
  expect(ownCommand(folder.path)).toBe('npx sluice');
  writeFileSync(folder.file('package.json'), '{ "scripts": { "sluice": "node main.ts" } }');
  expect(ownCommand(folder.path)).toBe('npm run sluice --');
});
