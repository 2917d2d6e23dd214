import { validateSignature } from '@line/bot-sdk';
import { expect, test } from 'vitest';
import { planOf } from '../stages/signature/harness.ts';
import { changed, expectGuarded, headerOf, signed, tampered } from './harness.ts';

const plan = planOf({ preset: 'line' });
const secret = '8c570fa6dd201bb328f1c1eac23a96d8';
const body = '{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}';

test('LINE lets in what we sign, and so do we', () => {
  const sent = signed(plan, { body }, secret);
  expectGuarded(plan, sent, secret);
  const header = headerOf(sent, 'x-line-signature');
  expect(validateSignature(body, secret, header)).toBe(true);
  expect(validateSignature(tampered(body), secret, header)).toBe(false);
  expect(validateSignature(body, secret, changed(header))).toBe(false);
});
