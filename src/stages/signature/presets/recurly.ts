import type { SignaturePreset } from '../preset.ts';

export const recurly: SignaturePreset = {
  name: 'recurly',
  title: 'Recurly',
  docs: 'https://docs.recurly.com/recurly-subscriptions/docs/signature-verification',
  signature: {
    signature: { header: 'recurly-signature', position: 2 },
    timestamp: { header: 'recurly-signature', position: 1, tolerance: 300 },
    template: '[timestamp].[payload]',
  },
  timestampFormat: 'milliseconds',
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 5, retries: '10 times, with growing gaps' },
  secret: {
    where: 'Recurly, Integrations, Webhooks, the endpoint: the secret key',
    looks: '32 hex digits, as shown',
  },
  evidence: 'published by Recurly (tests of recurly-client-ruby)',
  notes: [
    'One header holds the time and a signature for each active key.',
    '$.id names the object, not the event.',
  ],
};
