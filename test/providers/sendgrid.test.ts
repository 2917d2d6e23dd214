import { generateKeyPairSync } from 'node:crypto';
import { EventWebhook } from '@sendgrid/eventwebhook';
import { expect, test } from 'vitest';
import { planOf } from '../stages/signature/harness.ts';
import { expectGuarded, headerOf, signed, tampered } from './harness.ts';

const plan = planOf({ preset: 'sendgrid' });
const body = '[{"email":"hello@world.com","event":"dropped","sg_event_id":"ZHJvcC0xMDk5"}]\r\n';

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    // As the settings page shows it.
    shown: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}

test('SendGrid lets in what we sign, and so do we', () => {
  const { shown, pem } = keyPair();
  const sent = signed(plan, { body }, pem);
  expectGuarded(plan, sent, shown, keyPair().shown);
  const library = new EventWebhook();
  const isValid = (payload: string, key: string) =>
    library.verifySignature(
      library.convertPublicKeyToECDSA(key),
      payload,
      headerOf(sent, 'x-twilio-email-event-webhook-signature'),
      headerOf(sent, 'x-twilio-email-event-webhook-timestamp'),
    );
  expect(isValid(body, shown)).toBe(true);
  expect(isValid(tampered(body), shown)).toBe(false);
  expect(isValid(body, keyPair().shown)).toBe(false);
});
