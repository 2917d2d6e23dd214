import { LogLevel, Paddle } from '@paddle/paddle-node-sdk';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NOW, planOf } from '../stages/signature/harness.ts';
import { expectGuarded, headerOf, signed, tampered } from './harness.ts';

const { webhooks } = new Paddle('key', { logLevel: LogLevel.none });
const plan = planOf({ preset: 'paddle' });
const secret = 'pdl_ntfset_01_hush';
const body = '{"event_id":"evt_01","event_type":"transaction.completed"}';

// The library looks at the clock of the process.
beforeEach(() => vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

test('Paddle lets in what we sign, and so do we', async () => {
  const sent = signed(plan, { body }, secret);
  // Paddle separates the parts by semicolons.
  const header = headerOf(sent, 'paddle-signature').replace(',', ';');
  expectGuarded(plan, { ...sent, headers: { 'paddle-signature': header } }, secret);
  expect(await webhooks.isSignatureValid(body, secret, header)).toBe(true);
  expect(await webhooks.isSignatureValid(tampered(body), secret, header)).toBe(false);
  vi.setSystemTime(NOW * 1000 + 6000);
  expect(await webhooks.isSignatureValid(body, secret, header)).toBe(false);
});
