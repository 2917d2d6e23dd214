// From a request that a running runtime caught to a whole connector.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { Workspace } from '../../acceptance/harness.ts';

const workspace = new Workspace();
afterAll(() => workspace.close());

test('a captured request begins a connector, its values replaced', async () => {
  const inbox = workspace.path('connectors/inbox');
  mkdirSync(inbox, { recursive: true });
  writeFileSync(
    `${inbox}/connector.yaml`,
    'apiVersion: sluice/v1\nid: inbox\nactionFlow: Any\nmapping: { targetUserIds: $.user_id }\n',
  );
  const server = await workspace.start('dev', 'connectors');
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
