import type { SignaturePreset } from '../preset.ts';

export const coinbaseCommerce: SignaturePreset = {
  name: 'coinbase-commerce',
  title: 'Coinbase Commerce',
  docs: 'https://docs.cdp.coinbase.com/commerce/docs/webhooks-security',
  signature: { acknowledge: 200, signature: { header: 'x-cc-webhook-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.event.id' },
  limits: { retries: 'for 3 days, with growing gaps, at most an hour' },
  secret: {
    where: 'Coinbase Commerce, Settings, Notifications: the webhook shared secret',
    looks: 'as shown',
  },
  evidence: 'coinbase-commerce-node 1.0.4 verifies it',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
