/** The main job from end to end, through the command line and HTTP alone. The steps build on one another. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Server, Workspace } from './harness.ts';

const CONNECTORS = [
  'github-review-requested',
  'hubspot-contact-changed',
  'pagerduty-incident',
  'servicenow-incident',
  'shopify-order-created',
  'slack-app-mention',
  'stripe-payment-failed',
  'zendesk-ticket-updated',
];

interface Status {
  readonly paused: { readonly reason: string } | null;
  readonly held: { readonly total: number };
}

describe('the main job', () => {
  const workspace = new Workspace();
  let server: Server;

  const stripe = (...args: string[]) =>
    workspace.json<{ status: number; body: string }>(
      'send',
      'stripe-payment-failed',
      '--url',
      server.ingress,
      '--yes-live',
      ...args,
    );
  const stripeStatus = () => workspace.json<Status>('status', 'stripe-payment-failed');

  beforeAll(async () => {
    server = await workspace.start('dev', 'connectors');
  });
  afterAll(() => workspace.close());

  test('a test card of every connector is delivered as one line', async () => {
    for (const id of CONNECTORS) {
      const before = workspace.triggers().length;
      const sent = await workspace.json<{ outcome: string; triggers: unknown[] }>('send', id);
      expect([id, sent.outcome]).toEqual([id, 'delivered']);
      const added = workspace.triggers().slice(before);
      expect(added).toHaveLength(sent.triggers.length);
      for (const line of added) expect(line).toMatchObject({ connector: id, mode: 'test' });
    }
  }, 120_000);

  test('a signed request to the public URL makes a live card', async () => {
    const answer = await stripe();
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.body)).toMatchObject({ outcome: 'delivered' });
    expect(workspace.triggers().at(-1)).toMatchObject({
      connector: 'stripe-payment-failed',
      mode: 'live',
      trigger: { targetUserIds: ['76DHG129387'] },
    });
  });

  test('a wrong signature gets 401 and pauses nothing', async () => {
    const response = await fetch(`${server.ingress}/c/stripe-payment-failed`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}`,
      },
      body: '{"type":"payment_intent.payment_failed"}',
    });
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await stripeStatus()).toMatchObject({ paused: null, held: { total: 0 } });
  });

  test('a signed request of another shape is held, and the connector pauses', async () => {
    const answer = await stripe('--set', '$.id="evt_broken"', '--set', '$.data.object.amount={"value":4200}');
    expect(answer.status).toBe(202);
    expect(JSON.parse(answer.body)).toMatchObject({ outcome: 'held', code: 'shape-changed', paused: true });
    const overlay = readFileSync(workspace.path('state', 'overlay.json'), 'utf8');
    expect(overlay).toContain('$.data.object.amount');
    expect(overlay).toMatch(/"expected": ?"number"/);
    expect(overlay).toMatch(/"found": ?"object"/);
    expect(overlay).not.toContain('4200');
  });

  test('while paused, good requests are held too', async () => {
    const answer = await stripe('--set', '$.id="evt_meanwhile"');
    expect(JSON.parse(answer.body)).toMatchObject({ outcome: 'held', code: 'paused' });
  });

  test('a restart keeps the pause', async () => {
    expect(await server.stop('SIGTERM')).toBe(0);
    server = await workspace.start('dev', 'connectors');
    expect(await stripeStatus()).toMatchObject({ paused: { kind: 'auto' }, held: { total: 2 } });
  });

  test('fixing the connector lifts the pause by itself', async () => {
    const file = workspace.path('connectors', 'stripe-payment-failed', 'connector.yaml');
    const source = readFileSync(file, 'utf8');
    const sample = JSON.parse(
      readFileSync(
        workspace.path('connectors', 'stripe-payment-failed', 'samples', 'card-declined.json'),
        'utf8',
      ),
    );
    sample.data.object.amount = { value: 4200 };
    writeFileSync(
      workspace.path('connectors', 'stripe-payment-failed', 'samples', 'amount-object.json'),
      JSON.stringify(sample),
    );
    writeFileSync(
      file,
      source
        .replace(
          '- samples/card-declined.json',
          '- samples/card-declined.json\n  - samples/amount-object.json',
        )
        .replace(
          '{ path: $.data.object.amount, as: string }',
          '{ path: [$.data.object.amount.value, $.data.object.amount], as: string }',
        ),
    );
    await server.says(/serving the change/);
    expect(await stripeStatus()).toMatchObject({ paused: null, held: { total: 2 } });
  });

  test('held requests are delivered once', async () => {
    const before = workspace.triggers().length;
    const dry = await workspace.json<{ results: { outcome: string }[] }>(
      'held',
      'replay',
      '--connector',
      'stripe-payment-failed',
      '--dry-run',
    );
    expect(dry.results.map((one) => one.outcome)).toEqual(['delivered', 'delivered']);
    expect(workspace.triggers()).toHaveLength(before);
    const replayed = await workspace.json<{ results: { outcome: string }[] }>(
      'held',
      'replay',
      '--connector',
      'stripe-payment-failed',
    );
    expect(replayed.results.map((one) => one.outcome)).toEqual(['delivered', 'delivered']);
    const added = workspace.triggers().slice(before);
    expect(added.map((line) => line.trigger.variables.amount_minor)).toEqual(['4200', '4200']);
    expect(new Set(added.map((line) => line.flowInvocationId)).size).toBe(2);
    const again = await workspace.json<{ results: unknown[] }>(
      'held',
      'replay',
      '--connector',
      'stripe-payment-failed',
    );
    expect(again.results).toEqual([]);
    expect(workspace.triggers()).toHaveLength(before + 2);
  });

  test('resume lifts a pause by hand, and the same body does not pause twice', async () => {
    const broken = ['--set', '$.id="evt_single"', '--set', '$.data.object.metadata.user_id={"id":1}'];
    expect(JSON.parse((await stripe(...broken)).body)).toMatchObject({ outcome: 'held', paused: true });
    expect((await workspace.sluice('resume', 'stripe-payment-failed')).code).toBe(0);
    expect(JSON.parse((await stripe(...broken)).body)).toMatchObject({ outcome: 'held', paused: false });
    expect(await stripeStatus()).toMatchObject({ paused: null });
  });

  test('an operator pauses and resumes, with and without a running runtime', async () => {
    expect((await workspace.sluice('pause', 'slack-app-mention', '--reason', 'migration')).code).toBe(0);
    expect(await workspace.json('status', 'slack-app-mention')).toMatchObject({
      paused: { kind: 'manual', reason: 'migration' },
    });
    expect(await server.stop('SIGTERM')).toBe(0);
    expect((await workspace.sluice('resume', 'slack-app-mention')).stdout).toContain('no runtime is running');
    expect((await workspace.sluice('pause', 'github-review-requested')).code).toBe(0);
    server = await workspace.start('dev', 'connectors');
    expect(await workspace.json('status', 'slack-app-mention')).toMatchObject({ paused: null });
    expect(await workspace.json('status', 'github-review-requested')).toMatchObject({
      paused: { kind: 'manual' },
    });
  });

  test('the next request becomes a sample, authenticated or not', async () => {
    const waiting = workspace.sluice(
      'capture',
      'zendesk-ticket-updated',
      '--seconds',
      '30',
      '--write',
      'caught',
      '--raw',
    );
    for (;;) {
      const { captureWindow } = await workspace.json<{ captureWindow: unknown }>(
        'status',
        'zendesk-ticket-updated',
      );
      if (captureWindow) break;
    }
    const response = await fetch(`${server.ingress}/c/zendesk-ticket-updated`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-kind': 'sample' },
      body: '{"id":"caught","account_id":12345678901234567890,"detail":{}}',
    });
    expect(response.status).toBe(202);
    expect((await waiting).code).toBe(0);
    const text = readFileSync(
      workspace.path('connectors', 'zendesk-ticket-updated', 'samples', 'caught.json'),
      'utf8',
    );
    expect(JSON.parse(text)).toMatchObject({ headers: { 'x-kind': 'sample' }, body: { id: 'caught' } });
    expect(text).toContain('"account_id": 12345678901234567890');
  });
});
