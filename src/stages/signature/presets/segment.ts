import type { SignaturePreset } from '../preset.ts';

export const segment: SignaturePreset = {
  name: 'segment',
  title: 'Segment webhooks (Actions)',
  docs: 'https://segment.com/docs/connections/destinations/catalog/actions-webhook/',
  signature: { algorithm: 'sha1', signature: { header: 'x-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.messageId' },
  limits: { answerWithin: 5, retries: 'for up to 4 hours' },
  secret: {
    where: 'chosen by you: Segment, the destination, Settings: the shared secret',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  weak: 'Of a batch only the first event is signed: switch batching off, or such requests are refused.',
  notes: [
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The event is signed as JSON.stringify writes it, which is how it is sent.',
  ],
};
