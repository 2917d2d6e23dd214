import type { SignaturePreset } from '../preset.ts';

export const braintree: SignaturePreset = {
  name: 'braintree',
  title: 'Braintree',
  docs: 'https://developer.paypal.com/braintree/docs/guides/webhooks/parse',
  signature: {
    algorithm: 'sha1',
    secretEncoding: 'sha1',
    signature: { body: '$.bt_signature', position: 2 },
    template: '[body:$.bt_payload]',
  },
  body: 'form',
  secretScope: 'account',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 30, retries: 'every hour, for up to 24 hours in production' },
  secret: {
    where: 'Braintree Control Panel, Settings, API: the private key',
    looks: 'as shown',
  },
  evidence: 'braintree 3.40.0 signs it',
  weak: 'The field bt_payload is signed; nothing else of the form is covered.',
  notes: [
    'There is a signature for each key of the account, behind the public key and a bar: those of all are tried. The key is the SHA-1 of the private key, which Sluice computes.',
    'bt_payload is base64 of XML.',
    'The GET by which Braintree checks a URL wants an answer keyed with the private key, which nobody gets from Sluice without proof: confirm the URL by hand.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
