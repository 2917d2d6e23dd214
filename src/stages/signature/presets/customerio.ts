import type { SignaturePreset } from '../preset.ts';

export const customerio: SignaturePreset = {
  name: 'customerio',
  title: 'Customer.io reporting webhooks',
  docs: 'https://docs.customer.io/integrations/api/webhooks',
  signature: {
    signature: { header: 'x-cio-signature' },
    timestamp: { header: 'x-cio-timestamp', tolerance: 300 },
    template: 'v0:[timestamp]:[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.event_id' },
  limits: { answerWithin: 4, retries: 'for 7 days; an endpoint that fails holds up what comes after' },
  secret: {
    where: 'Customer.io, Data and Integrations, Reporting Webhooks: the signing key',
    looks: 'as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Customer.io names no tolerance; this one is ours.'],
};
