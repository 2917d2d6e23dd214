import type { SignaturePreset } from '../preset.ts';

export const wise: SignaturePreset = {
  name: 'wise',
  title: 'Wise',
  docs: 'https://docs.wise.com/guides/developer/webhooks/event-handling',
  signature: { type: 'rsa', digest: 'base64', signature: { header: 'x-signature-sha256' } },
  secretScope: 'provider',
  tenant: ['$.data.resource.profile_id'],
  idempotency: { kind: 'body' },
  limits: { answerWithin: 5, retries: 'for two weeks, with growing gaps' },
  secret: {
    where: 'Wise documentation, Event handling: the public key of the environment',
    looks: 'a public key in PEM',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    "The secret is Wise's public key of the environment (production or sandbox); it signs for every customer of Wise.",
    'x-delivery-id stays the same over retries, but headers are not signed.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
