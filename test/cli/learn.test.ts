/** From a held or captured request to a sample, through the command line and a runtime that serves. */
import { existsSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Server, Workspace } from '../acceptance/harness.ts';

const workspace = new Workspace();
let server: Server;

beforeAll(async () => {
  mkdirSync(path('orders', ''), { recursive: true });
  writeFileSync(
    path('orders', 'connector.yaml'),
    'apiVersion: sluice/v1\nid: orders\nactionFlow: Ord\nwhen:\n  - { path: $.kind, equals: order.paid }\nmapping: { targetUserIds: $.user }\n',
  );
  const sample = (id: string, office: string) =>
    JSON.stringify({ id, user: `u-${id}`, shop: 'Tea and Milk', office, version: 3, count: 9, amount: 5 });
  mkdirSync(path('constant', 'samples'), { recursive: true });
  writeFileSync(path('constant', 'samples/one.json'), sample('e1', 'Oslo'));
  writeFileSync(path('constant', 'samples/two.json'), sample('e2', 'Oslo'));
  writeFileSync(
    path('constant', 'connector.yaml'),
    'apiVersion: sluice/v1\nid: constant\nactionFlow: C1\nsamples: [samples/one.json, samples/two.json]\nmapping: { targetUserIds: $.user, variables: { amount: $.amount } }\nidempotency: { path: $.id }\nsecurity: { unauthenticated: only a test calls it }\n',
  );
  server = await workspace.start('dev', 'connectors');
}, 60_000);
afterAll(() => workspace.close());

const path = (connector: string, file: string) => workspace.path('connectors', connector, file);
const read = (connector: string, file: string) => readFileSync(path(connector, file), 'utf8');

/** Sends a sample with changes, which is held, and gives the hold's id. */
async function hold(connector: string, ...changes: string[]): Promise<string> {
  await workspace.json('send', connector, '--url', server.ingress, '--yes-live', ...changes);
  const list = ['held', 'list', '--connector', connector];
  const { holds } = await workspace.json<{ holds: { id: string }[] }>(...list);
  return holds.at(-1)?.id ?? '';
}

interface Learned {
  readonly file: string;
  readonly written: boolean;
  readonly kept: unknown;
  readonly sample: Record<string, unknown>;
  readonly shape: unknown;
  readonly diagnostics: { readonly code: string }[];
}

test('a held request becomes a sample without its values, listed with everything else as it was', async () => {
  const id = await hold('github-review-requested', '--set', '$.pull_request.title=null');
  const before = read('github-review-requested', 'connector.yaml');
  const learn = ['learn', id, '--name', 'untitled'];

  const dry = await workspace.json<Learned>(...learn, '--dry-run');
  expect(dry).toMatchObject({
    file: 'connectors/github-review-requested/samples/untitled.json',
    written: false,
    kept: expect.arrayContaining([
      { path: '$.action', by: 'when' },
      { path: 'header x-github-event', by: 'when' },
    ]),
    shape: [{ path: '$.pull_request.title', before: 'string', after: 'string or null' }],
    diagnostics: [{ code: 'variable-missing' }],
  });
  expect(read('github-review-requested', 'connector.yaml')).toBe(before);
  expect(existsSync(path('github-review-requested', 'samples/untitled.json'))).toBe(false);

  const { code, stdout } = await workspace.sluice(...learn);
  expect(code).toBe(0);
  expect(stdout).toContain('$.pull_request.title: string -> string or null');
  expect(stdout).toContain(`sluice held replay ${id}`);
  const sample = JSON.parse(read('github-review-requested', 'samples/untitled.json'));
  expect(sample).toEqual(dry.sample);
  expect(Object.keys(sample.headers).sort()).toEqual(['x-github-delivery', 'x-github-event']);
  expect(sample.body).toMatchObject({ action: 'review_requested', pull_request: { title: null } });
  const known = JSON.parse(read('github-review-requested', 'samples/user-requested.json'));
  expect(sample.body.pull_request.html_url).toBe('https://example.com/1');
  expect(JSON.stringify(sample)).not.toContain(known.body.pull_request.user.login);
  const after = read('github-review-requested', 'connector.yaml');
  const added = after.split('\n').filter((line) => !before.split('\n').includes(line));
  expect(added).toEqual([expect.stringContaining('samples/untitled.json')]);
  expect(await workspace.sluice('preview', 'orders', '--no-body')).toMatchObject({ code: 0 });

  const again = await workspace.sluice(...learn);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('exists already') });
  expect(read('github-review-requested', 'connector.yaml')).toBe(after);
}, 120_000);

test('what all samples and the hold have in common stays, and what one of them has otherwise does not', async () => {
  const id = await hold(
    'constant',
    '--set',
    '$.amount=null',
    '--set',
    '$.office="Bergen"',
    '--set',
    '$.count=8',
  );
  const learned = await workspace.json<Learned>('learn', id, '--dry-run');
  expect(learned.sample).toMatchObject({ shop: 'Tea and Milk', version: 3, amount: null });
  expect(learned.sample.office).not.toBe('Bergen');
  expect(learned.sample.user).not.toBe('u-e1');
  expect(JSON.stringify(learned.kept)).toContain('$.shop');
}, 120_000);

test('where the mapping does not fit, nothing is written, and what helps is said', async () => {
  const before = read('hubspot-contact-changed', 'connector.yaml');
  const id = await hold('hubspot-contact-changed', '--set', '$[1].objectId={"serial":4711}');
  const { code, stdout, stderr } = await workspace.sluice('learn', id, '--keep', '$.propertyName');
  expect(code).toBe(1);
  expect(stdout).toContain('$.objectId: number -> number or object');
  expect(stdout).toContain('nothing is written');
  expect(stdout).toContain('next: correct connectors/hubspot-contact-changed/connector.yaml');
  expect(stderr).toContain('[trigger-invalid]');
  expect(read('hubspot-contact-changed', 'connector.yaml')).toBe(before);
  expect(
    existsSync(workspace.path('connectors/hubspot-contact-changed/samples', `held-${id.slice(-8)}.json`)),
  ).toBe(false);
}, 120_000);

test('nothing is written where it cannot be right', async () => {
  const id = await hold('zendesk-ticket-updated', '--set', '$.detail=null');
  const before = read('zendesk-ticket-updated', 'connector.yaml');
  const refuse = async (args: string[], code: number, message: RegExp): Promise<void> => {
    expect(await workspace.sluice('learn', ...args)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
    expect(read('zendesk-ticket-updated', 'connector.yaml')).toBe(before);
  };
  await refuse(['no-such-hold'], 1, /nothing is held/);
  await refuse([id, '--keep', '$.nothing'], 2, /nothing is at "\$\.nothing"/);
  await refuse([id, '--keep', '$[?(@.a)]'], 2, /--keep: /);
  await refuse([id, '--name', '../escape'], 2, /not a plain file name/);
  const samples = path('zendesk-ticket-updated', 'samples');
  const elsewhere = workspace.path('elsewhere');
  renameSync(samples, elsewhere);
  symlinkSync(elsewhere, samples);
  await refuse([id], 1, /is a symbolic link/);
}, 120_000);

test('a captured request is written without its values, unless they are asked for', async () => {
  const capture = async (...args: string[]): Promise<Record<string, unknown>> => {
    const waiting = workspace.sluice('capture', 'orders', '--seconds', '30', ...args);
    const isOpen = () => workspace.json<{ captureWindow: unknown }>('status', 'orders');
    while (!(await isOpen()).captureWindow);
    await fetch(`${server.ingress}/c/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-shop': 'north' },
      body: '{"kind":"order.paid","user":"ada@firm.example","note":"Gate code 4711"}',
    });
    expect(await waiting).toMatchObject({ code: 0 });
    return JSON.parse(read('orders', `samples/${args[1]}.json`));
  };
  expect(await capture('--write', 'redacted', '--keep', '$.nothing')).toEqual({
    kind: 'order.paid',
    user: 'user1@example.com',
    note: 'Samp samp 1000',
  });
  // The sample fits the connector, and is listed where the others are.
  expect(read('orders', 'connector.yaml')).toContain('samples/redacted.json');
  expect(await workspace.sluice('preview', 'orders', '--no-body')).toMatchObject({ code: 0 });
  expect(await capture('--write', 'raw', '--raw')).toMatchObject({
    headers: { 'x-shop': 'north' },
    body: { kind: 'order.paid', user: 'ada@firm.example', note: 'Gate code 4711' },
  });
  expect((await workspace.sluice('capture', 'orders', '--raw')).code).toBe(2);
  expect(await workspace.sluice('capture', 'orders', '--write', 'raw')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('exists already'),
  });
}, 120_000);

test('what a runtime holds becomes one change', async () => {
  const connector = 'shopify-order-created';
  const id = await hold(connector, '--set', '$.total_price=null');
  const drifted = await workspace.json<{
    judged: number;
    held: Record<string, number>;
    change: { steps: string[]; patch: string; after: { held: object } } | null;
  }>('drift', connector);
  expect(drifted).toMatchObject({ judged: 1, held: { 'shape-changed': 1 } });
  expect(drifted.change?.after.held).toEqual({});
  expect(drifted.change?.patch).toContain(`connectors/${connector}/`);
  const said = await workspace.sluice('drift', connector);
  expect(said).toMatchObject({ code: 1, stdout: expect.stringContaining('this change would let them pass') });
  await workspace.sluice('held', 'discard', id);
  expect(await workspace.sluice('drift', connector)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nothing is held'),
  });
}, 120_000);
