// From a request that a running runtime caught to a whole connector.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { type Server, Workspace } from '../../acceptance/harness.ts';

const workspace = new Workspace();
afterAll(() => workspace.close());

let started: Promise<Server> | undefined;
const serve = (): Promise<Server> => {
  started ??= workspace.start('dev', 'connectors');
  return started;
};

test('a captured request begins a connector, its values replaced', async () => {
  const inbox = workspace.path('connectors/inbox');
  mkdirSync(inbox, { recursive: true });
  writeFileSync(
    `${inbox}/connector.yaml`,
    'apiVersion: sluice/v1\nid: inbox\nactionFlow: Any\nmapping: { targetUserIds: $.user_id }\n',
  );
  const server = await serve();
  const begin = [
    'new',
    'paid',
    '--capture',
    'inbox',
    '--url-key',
    '--action-flow',
    'F1',
    '--state',
    workspace.state,
  ];
  expect(await workspace.sluice(...begin)).toMatchObject({
    code: 1,
    stderr: 'nothing has been captured for "inbox"; run: sluice capture inbox\n',
  });

  const waiting = workspace.sluice('capture', 'inbox', '--seconds', '60');
  const isOpen = () => workspace.json<{ captureWindow: unknown }>('status', 'inbox');
  while (!(await isOpen()).captureWindow);
  await fetch(`${server.ingress}/c/inbox`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-shop-event': 'order' },
    body: '{"event_id":"e-4711","type":"order.paid","customer":{"id":"ada@firm.example","name":"Ada"},"total":12.5}',
  });
  const printed = await waiting;
  expect(printed.code).toBe(0);

  expect(await workspace.sluice(...begin)).toMatchObject({ code: 0 });
  const read = (id: string, file: string): string =>
    readFileSync(workspace.path('connectors', id, file), 'utf8');
  expect(JSON.parse(read('paid', 'samples/captured.json'))).toEqual({
    event_id: 's-1000',
    type: 'order.paid',
    customer: { id: 'user1@example.com', name: 'Robin' },
    total: 10.1,
  });
  expect(read('paid', 'connector.yaml')).toContain(
    'targetUserIds: { path: $.customer.id, whenMissing: ignore }',
  );
  expect(await workspace.sluice('test', '--connector', 'paid')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 passed, 0 failed'),
  });

  // Where nothing answers, that is said.
  const lost = [...begin.slice(0, 1), 'other', ...begin.slice(2), '--admin', 'http://127.0.0.1:1'];
  expect(await workspace.sluice(...lost)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('127.0.0.1:1'),
  });
  expect(existsSync(workspace.path('connectors/other'))).toBe(false);
}, 240_000);

test('a stub waits for its first request, which says who sent it; new writes the rest', async () => {
  const begin = ['new', 'hub', '--action-flow', 'F1', '--state', workspace.state];
  expect(await workspace.sluice(...begin)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(
      /a stub: it waits for its first request.*sluice capture hub.*sluice new hub again/s,
    ),
  });
  const again = ['new', 'hub', '--target', '$.sender.login', '--state', workspace.state];
  expect(await workspace.sluice(...again)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"hub" is a stub, and nothing was captured for it yet'),
  });
  const file = workspace.path('connectors/hub/connector.yaml');
  const stub = readFileSync(file, 'utf8');
  writeFileSync(file, stub.replace('$.user.id', '$.mine'));
  expect(await workspace.sluice(...again)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('exists, and nothing is replaced'),
  });
  writeFileSync(file, stub);

  const server = await serve();
  // It may have served before there was a stub.
  while ((await workspace.sluice('status', 'hub', '--json')).stdout === '');
  const waiting = workspace.sluice('capture', 'hub', '--seconds', '60');
  const isOpen = () => workspace.json<{ captureWindow: unknown }>('status', 'hub');
  while (!(await isOpen()).captureWindow);
  await fetch(`${server.ingress}/c/hub`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'star',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    },
    body: '{"action":"created","sender":{"login":"ada-l","id":77},"repository":{"full_name":"a/b"}}',
  });
  expect(await waiting).toMatchObject({ code: 0 });
  expect(await workspace.sluice(...again)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('wrote connectors/hub/connector.yaml'),
  });
  const written = readFileSync(file, 'utf8');
  expect(written).toContain('preset: github');
  expect(written).toContain('actionFlow: F1');
  expect(written).not.toContain('A stub');
  expect(await workspace.sluice('test', '--connector', 'hub')).toMatchObject({ code: 0 });
}, 120_000);
