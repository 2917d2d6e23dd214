import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NOW, planOf } from '../stages/signature/harness.ts';
import { expectGuarded, signed, tampered } from './harness.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const otherSecret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const body = '{"type":"contact.created","data":{"id":"1f81eb52"}}';
const time = new Date(NOW * 1000);

// Both libraries look at the clock of the process.
beforeEach(() => vi.useFakeTimers({ now: time, toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

describe.each([
  ['svix', 'svix', SvixWebhook],
  ['standard-webhooks', 'webhook', StandardWebhook],
  ['gitlab', 'webhook', StandardWebhook],
] as const)('preset %s', (preset, brand, Webhook) => {
  const plan = planOf({ preset });
  const library = new Webhook(secret);
  const sent = (signature: string) => ({
    headers: {
      [`${brand}-id`]: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      [`${brand}-timestamp`]: String(NOW),
      [`${brand}-signature`]: signature,
    },
    body,
  });

  test('lets in what the library signs', () => {
    const signature = library.sign('msg_p5jXN8AQM9LWM0D4loKWxJek', time, body);
    expectGuarded(plan, sent(signature), secret, otherSecret);
    const rolled = `${new Webhook(otherSecret).sign('msg_p5jXN8AQM9LWM0D4loKWxJek', time, body)} ${signature}`;
    expectGuarded(plan, sent(rolled), secret, `${otherSecret.slice(0, -4)}AAAA`);
  });

  test('signs what the library lets in', () => {
    const { headers } = signed(plan, { body }, secret);
    expect(() => library.verify(body, headers)).not.toThrow();
    expect(() => library.verify(tampered(body), headers)).toThrow('No matching signature found');
    expect(() => library.verify(body, { ...headers, [`${brand}-id`]: 'msg_other' })).toThrow();
  });
});
