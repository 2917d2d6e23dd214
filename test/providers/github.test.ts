import { sign, verify } from '@octokit/webhooks-methods';
import { expect, test } from 'vitest';
import { planOf } from '../stages/signature/harness.ts';
import { expectGuarded, headerOf, signed, tampered } from './harness.ts';

const body = '{"action":"opened","number":1}';
const secret = "It's a Secret to Everybody";
const plan = planOf({ preset: 'github' });

test('what GitHub signs is let in', async () => {
  expectGuarded(plan, { headers: { 'x-hub-signature-256': await sign(secret, body) }, body }, secret);
});

test('GitHub lets in what we sign', async () => {
  const header = headerOf(signed(plan, { body }, secret), 'x-hub-signature-256');
  expect(await verify(secret, body, header)).toBe(true);
  expect(await verify(secret, tampered(body), header)).toBe(false);
});
