import type { SignaturePreset } from '../preset.ts';

export const lemonSqueezy: SignaturePreset = {
  name: 'lemon-squeezy',
  title: 'Lemon Squeezy',
  docs: 'https://docs.lemonsqueezy.com/help/webhooks/signing-requests',
  signature: { signature: { header: 'x-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { retries: '3 times, with 5, 25 and 125 s between' },
  secret: {
    where: 'Lemon Squeezy, Settings, Webhooks: the signing secret that you enter',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The event name stands in x-event-name and in $.meta.event_name.',
  ],
};
