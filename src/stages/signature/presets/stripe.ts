import type { SignaturePreset } from '../preset.ts';

export const stripe: SignaturePreset = {
  name: 'stripe',
  title: 'Stripe',
  docs: 'https://docs.stripe.com/webhooks/signatures',
  signature: {
    signature: { header: 'stripe-signature', parsePrefix: 'v1=' },
    timestamp: { header: 'stripe-signature', parsePrefix: 't=', tolerance: 300 },
    template: '[timestamp].[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  attempt: ['$.pending_webhooks'],
  limits: { retries: 'for up to 3 days' },
  secret: {
    where: 'Stripe Dashboard, Developers, Webhooks, the endpoint: the signing secret',
    looks: 'whsec_..., as shown',
  },
  evidence: 'stripe 23.1.0 signs it',
  notes: [
    'While a secret is being rolled there is one v1 signature for each; v0 signatures are for tests and prove nothing.',
    'Live and test endpoints have secrets of their own.',
  ],
};
