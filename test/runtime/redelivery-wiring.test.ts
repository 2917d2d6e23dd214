import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleOf, planOf } from './bundles.ts';
import { Folder, type Running, until } from './running.ts';

const folder = new Folder();
let running: Running;
let target: Server;
let isDown = true;
const received: string[] = [];

beforeAll(async () => {
  target = createServer((request, response) => {
    request.resume();
    if (!isDown) received.push(String(request.headers['webhook-id']));
    response.writeHead(isDown ? 503 : 204).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => target.once('listening', resolve));
  const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
  running = await folder.start({
    bundle: bundleOf([planOf({ id: 'one', status: 'live' })]),
    flags: { target: 'http', targetUrl: url },
    env: { SLUICE_TARGET_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}` },
  });
});
afterAll(async () => {
  await folder.remove();
  target.close();
});

test('what a target did not take is kept, and delivered by itself when the target is back', async () => {
  const answer = await running.post('one', { user: 'u1', amount: 1 });
  expect(answer).toMatchObject({
    status: 202,
    body: { outcome: 'held', code: 'undelivered', paused: false },
  });
  expect((await running.statusOf('one')).held).toMatchObject({ total: 1, byCode: { undelivered: 1 } });
  expect((await running.admin('GET', '/metrics')).body).toContain('sluice_redelivery_waiting 1');
  isDown = false;
  await until(async () => (await running.statusOf('one')).held.total === 0);
  expect(received).toHaveLength(1);
  expect((await running.admin('GET', '/metrics')).body).toContain(
    'sluice_deliveries_total{target="http",cause="redelivery",mode="live",result="acknowledged"} 1',
  );
});
