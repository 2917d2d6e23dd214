import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { planOf } from '../stages/signature/harness.ts';
import { expectGuarded, headerOf, signed, tampered } from './harness.ts';

// Only this one file of the package, which is large.
const twilio: typeof import('twilio/lib/webhooks/webhooks.js') = createRequire(import.meta.url)(
  'twilio/lib/webhooks/webhooks.js',
);
const secret = '12345';
const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
const fields = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
  Body: 'caffè & more = 1+1',
  Empty: '',
};
const form = new URLSearchParams(fields).toString();

test('the form requests that Twilio signs are let in', () => {
  const signature = twilio.getExpectedTwilioSignature(secret, url, fields);
  const plan = planOf({ preset: 'twilio' });
  const sent = { publicUrl: url, headers: { 'x-twilio-signature': signature }, body: form };
  expectGuarded(plan, sent, secret);
});

test('with a field that comes twice', () => {
  const signature = twilio.getExpectedTwilioSignature(secret, url, { MediaUrl: ['b', 'a', 'b'] });
  const sent = {
    publicUrl: url,
    headers: { 'x-twilio-signature': signature },
    body: 'MediaUrl=b&MediaUrl=a&MediaUrl=b',
  };
  expectGuarded(planOf({ preset: 'twilio' }), sent, secret);
});

test('Twilio lets in the form requests that we sign', () => {
  const plan = planOf({ preset: 'twilio' });
  const header = headerOf(signed(plan, { publicUrl: url, body: form }, secret), 'x-twilio-signature');
  expect(twilio.validateRequest(secret, header, url, fields)).toBe(true);
  expect(twilio.validateRequest(secret, header, url, { ...fields, Digits: '12345' })).toBe(false);
  expect(twilio.validateRequest(secret, header, tampered(url), fields)).toBe(false);
});

const json = '{"property":"value","boolean":true}';
const jsonUrl = `https://mycompany.com/hook?bodySHA256=${twilio.getExpectedBodyHash(json)}`;

test('the JSON requests that Twilio signs are let in', () => {
  const signature = twilio.getExpectedTwilioSignature(secret, jsonUrl, {});
  const sent = { publicUrl: jsonUrl, headers: { 'x-twilio-signature': signature }, body: json };
  expectGuarded(planOf({ preset: 'twilio-json' }), sent, secret);
});

test('Twilio lets in the JSON requests that we sign', () => {
  const plan = planOf({ preset: 'twilio-json' });
  const header = headerOf(signed(plan, { publicUrl: jsonUrl, body: json }, secret), 'x-twilio-signature');
  expect(twilio.validateRequestWithBody(secret, header, jsonUrl, json)).toBe(true);
  expect(twilio.validateRequestWithBody(secret, header, jsonUrl, tampered(json))).toBe(false);
});
