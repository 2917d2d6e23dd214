import type { SignaturePreset } from '../preset.ts';

export const adobeIo: SignaturePreset = {
  name: 'adobe-io',
  title: 'Adobe I/O Events',
  docs: 'https://developer.adobe.com/events/docs/guides/',
  signature: {
    type: 'rsa',
    digest: 'base64',
    acknowledge: 200,
    signature: { header: ['x-adobe-digital-signature-1', 'x-adobe-digital-signature-2'] },
    handshake: [
      {
        method: 'GET',
        when: [{ query: 'challenge', exists: true }],
        answer: { text: { query: 'challenge' } },
      },
    ],
  },
  secretScope: 'provider',
  tenant: ['$.recipient_client_id'],
  idempotency: { kind: 'path', path: '$.event_id' },
  limits: { answerWithin: 10, retries: 'for 24 hours, with growing gaps' },
  secret: {
    where: 'static.adobeioevents.com, as the headers x-adobe-public-key1-path and -key2-path say',
    looks: 'public keys in PEM',
  },
  evidence: 'as @adobe/aio-lib-events 4.1.0 verifies',
  notes: [
    'Give both public keys (static.adobeioevents.com) as a list: there is one signature for each.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
