import { isValidSlackRequest } from '@slack/bolt';
import { expect, test } from 'vitest';
import { NOW, planOf } from '../stages/signature/harness.ts';
import { expectGuarded, headerOf, signed, tampered } from './harness.ts';

const plan = planOf({ preset: 'slack' });
const secret = '8f742231b10e8888abcd99yyyzzz85a5';

test.each([
  ['an event', '{"type":"event_callback","event_id":"Ev1"}'],
  ['a slash command', 'token=x&command=%2Fweather&text=94070'],
])('Slack lets in %s that we sign, and so do we', (_, body) => {
  const sent = signed(plan, { body }, secret);
  expectGuarded(plan, sent, secret);
  const isValid = (text: string, now = NOW) =>
    isValidSlackRequest({
      signingSecret: secret,
      body: text,
      headers: {
        'x-slack-signature': headerOf(sent, 'x-slack-signature'),
        'x-slack-request-timestamp': Number(headerOf(sent, 'x-slack-request-timestamp')),
      },
      nowMilliseconds: now * 1000,
    });
  expect(isValid(body)).toBe(true);
  expect(isValid(tampered(body))).toBe(false);
  expect(isValid(body, NOW + 301)).toBe(false);
});
