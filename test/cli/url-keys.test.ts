import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { createUrlKeys } from '../../src/runtime/pipeline/url-keys.ts';
import { unpackFixture } from '../fixture-file.ts';

const CURRENT = 'the-current-key-of-this-deployment';
const PREVIOUS = 'the-previous-key-of-this-deployment';
const keys = createUrlKeys([CURRENT, PREVIOUS]);
const [current, previous] = keys.tokensOf('orders') as [string, string];
const OK = join(unpackFixture('ok/url-key', afterAll), 'connectors');

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-url-'));
  const folder = cwd;
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

async function sluice(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said) =>
    new Writable({
      write(text, _encoding, done) {
        said[name] += text;
        done();
      },
    });
  const context = { stdout: stream('stdout'), stderr: stream('stderr'), env, cwd };
  return { code: await runProgram(argv, context), ...said };
}

const url = (...argv: string[]) => [
  'url',
  'orders',
  '--public-url',
  'https://hooks.example.com/in/',
  ...argv,
];

test('url prints the secret URL, and both while a key is replaced', async () => {
  expect(await sluice(url(), { SLUICE_URL_KEYS: CURRENT })).toEqual({
    code: 0,
    stdout: `https://hooks.example.com/in/c/orders/${current}\n`,
    stderr: '',
  });
  const both = await sluice(url(), { SLUICE_URL_KEYS: `${CURRENT},${PREVIOUS}` });
  expect(both.stdout).toBe(
    [current, previous].map((token) => `https://hooks.example.com/in/c/orders/${token}\n`).join(''),
  );
});

test('url --json says by which name holds know each key', async () => {
  const { stdout } = await sluice(url('--json'), { SLUICE_URL_KEYS: `${CURRENT},${PREVIOUS}` });
  expect(JSON.parse(stdout)).toEqual({
    id: 'orders',
    urls: [current, previous].map((token) => ({
      url: `https://hooks.example.com/in/c/orders/${token}`,
      key: keys.match('orders', token),
    })),
  });
});

test.each<[string, string[], Record<string, string>, RegExp]>([
  ['keys', url(), {}, /SLUICE_URL_KEYS is not set/],
  ['usable keys', url(), { SLUICE_URL_KEYS: 'a-short-key' }, /SLUICE_URL_KEYS holds a key that is too short/],
  ['a public URL', ['url', 'orders'], { SLUICE_URL_KEYS: CURRENT }, /--public-url .* is not set/],
  [
    'a usable one',
    ['url', 'orders', '--public-url', 'hooks.example.com'],
    { SLUICE_URL_KEYS: CURRENT },
    /"hooks.example.com" is not a/,
  ],
  [
    'an id',
    ['url', '../orders', '--public-url', 'https://a.b'],
    { SLUICE_URL_KEYS: CURRENT },
    /is not the id/,
  ],
])('url needs %s', async (_, argv, env, message) => {
  const { code, stdout, stderr } = await sluice(argv, env);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('a-short-key');
  expect(stderr).not.toContain(CURRENT);
});

test('url warns of an id that the folder does not have', async () => {
  cpSync(OK, join(cwd, 'connectors'), { recursive: true });
  const env = { SLUICE_URL_KEYS: CURRENT };
  expect((await sluice(url(), env)).stderr).toBe('');
  const other = await sluice(['url', 'invoices', '--public-url', 'https://a.b'], env);
  expect(other).toMatchObject({ code: 0, stderr: expect.stringContaining('has no connector "invoices"') });
});

test('url of one that comes by the URL of another is that of the other, and says so', async () => {
  await mkdir(join(cwd, 'connectors'));
  writeFileSync(
    join(cwd, 'connectors/refunds.yaml'),
    'apiVersion: sluice/v1\nid: refunds\neventsOf: orders\n',
  );
  const env = { SLUICE_URL_KEYS: CURRENT };
  const member = ['url', 'refunds', '--public-url', 'https://a.b'];
  expect(await sluice(member, env)).toEqual({
    code: 0,
    stdout: `https://a.b/c/orders/${current}\n`,
    stderr: '"refunds" has no URL of its own: its events come by that of "orders" (eventsOf)\n',
  });
  expect(JSON.parse((await sluice([...member, '--json'], env)).stdout)).toMatchObject({
    id: 'refunds',
    eventsOf: 'orders',
    urls: [{ url: `https://a.b/c/orders/${current}` }],
  });
});

test('url without keys is that of a runtime without keys, where the connector needs none', async () => {
  await mkdir(join(cwd, 'connectors'));
  const write = (id: string, more: string) =>
    writeFileSync(join(cwd, `connectors/${id}.yaml`), `apiVersion: sluice/v1\nid: ${id}\n${more}`);
  write('plain', 'actionFlow: F1\n');
  write('refunds', 'eventsOf: plain\n');
  write('secret', 'security: { urlKey: true }\n');
  const of = (id: string) => sluice(['url', id, '--public-url', 'https://a.b']);
  expect(await of('plain')).toMatchObject({
    code: 0,
    stdout: 'https://a.b/c/plain\n',
    stderr: expect.stringContaining('for a runtime that has no URL keys either'),
  });
  expect((await of('refunds')).stdout).toBe('https://a.b/c/plain\n');
  expect(await of('secret')).toMatchObject({ code: 2, stdout: '' });
});

test('url without an id prints each', async () => {
  await mkdir(join(cwd, 'connectors'));
  for (const id of ['orders', 'invoices'])
    writeFileSync(join(cwd, `connectors/${id}.yaml`), `apiVersion: sluice/v1\nid: ${id}\nactionFlow: F1\n`);
  const all = ['url', '--public-url', 'https://a.b'];
  const [token] = keys.tokensOf('invoices');
  expect(await sluice(all, { SLUICE_URL_KEYS: `${CURRENT},${PREVIOUS}` })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`invoices  https://a.b/c/invoices/${token}\n`),
  });
  expect((await sluice(all)).stdout).toBe('invoices  https://a.b/c/invoices\norders  https://a.b/c/orders\n');
  const listed = JSON.parse((await sluice([...all, '--json'])).stdout);
  expect(listed.connectors.map(({ id }: { id: string }) => id)).toEqual(['invoices', 'orders']);
  writeFileSync(join(cwd, 'connectors/orders.yaml'), 'id: orders\nsecurity: { urlKey: true }\n');
  expect(await sluice(all)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is not set.* for orders/),
  });
});

test('send --url goes to the secret URL, and says so when it cannot', async () => {
  cpSync(OK, join(cwd, 'connectors'), { recursive: true });
  const called: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    called.push(request.url);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const argv = ['send', 'orders', '--url', origin, '--yes-live'];
  expect((await sluice(argv, { SLUICE_URL_KEYS: `${CURRENT},${PREVIOUS}` })).code).toBe(0);
  expect(called).toEqual([`/c/orders/${current}`]);
  expect(await sluice(argv)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('set SLUICE_URL_KEYS'),
  });
  expect(called).toHaveLength(1);
});

test('cases say whether the URL is the right one', async () => {
  cpSync(OK, join(cwd, 'connectors'), { recursive: true });
  await mkdir(join(cwd, 'connectors/orders/cases'));
  const cases = [
    { note: 'the URL', request: { sign: 'genuine' }, want: { outcome: 'delivered', mode: 'live' } },
    {
      note: 'another',
      request: { sign: 'wrong' },
      want: { outcome: 'rejected', code: 'connector-unknown', status: 404 },
    },
    { note: 'none', request: {}, want: { outcome: 'rejected', code: 'connector-unknown' } },
  ];
  const write = (more: readonly object[] = []) =>
    writeFileSync(join(cwd, 'connectors/orders/cases/url.yaml'), JSON.stringify([...cases, ...more]));
  write();
  expect(await sluice(['test'])).toMatchObject({ code: 0, stderr: '' });
  write([{ note: 'an old one', request: { sign: 'stale' }, want: { outcome: 'rejected' } }]);
  const stale = await sluice(['test']);
  expect(stale.code).toBe(1);
  expect(stale.stdout + stale.stderr).toContain('a URL key knows no time');
});

test('preview says that the URL proves who calls, and nothing more', async () => {
  cpSync(OK, join(cwd, 'connectors'), { recursive: true });
  const { stdout } = await sluice(['preview', 'orders', '--no-body']);
  expect(stdout).toContain('proved: that the sender knows the secret, nothing about the request');
});
