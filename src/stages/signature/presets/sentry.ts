import type { SignaturePreset } from '../preset.ts';

export const sentry: SignaturePreset = {
  name: 'sentry',
  title: 'Sentry integrations',
  docs: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
  signature: { acknowledge: 200, signature: { header: 'sentry-hook-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 1, retries: 'never by itself' },
  secret: {
    where: 'Sentry, Settings, Custom Integrations, the integration: the client secret',
    looks: '64 hex digits, as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'What happened stands in sentry-hook-resource and $.action.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
