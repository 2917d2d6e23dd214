import Stripe from 'stripe';
import { expect, test } from 'vitest';
import { NOW, planOf } from '../stages/signature/harness.ts';
import { expectGuarded, headerOf, signed, tampered } from './harness.ts';

const { webhooks } = new Stripe('sk_test_none');
const plan = planOf({ preset: 'stripe' });
const secret = 'whsec_test';
const body = '{"id":"evt_1","object":"event"}';

test('what Stripe signs is let in', () => {
  const header = webhooks.generateTestHeaderString({ payload: body, secret, timestamp: NOW });
  expectGuarded(plan, { headers: { 'stripe-signature': header }, body }, secret);
});

test('beside the signature of a secret that is being rolled', () => {
  const [mine, other] = [secret, 'whsec_other'].map((one) =>
    webhooks.generateTestHeaderString({ payload: body, secret: one, timestamp: NOW }),
  );
  const header = `${other},${mine?.split(',')[1]}`;
  expectGuarded(plan, { headers: { 'stripe-signature': header }, body }, secret);
});

test('Stripe lets in what we sign', () => {
  const header = headerOf(signed(plan, { body }, secret), 'stripe-signature');
  const construct = (payload: string) =>
    webhooks.constructEvent(payload, header, secret, 300, undefined, NOW * 1000).id;
  expect(construct(body)).toBe('evt_1');
  expect(() => construct(tampered(body))).toThrow(/signature/);
});
