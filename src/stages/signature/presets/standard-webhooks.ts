import type { SignaturePreset } from '../preset.ts';

export const standardWebhooks: SignaturePreset = {
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  docs: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  signature: {
    secretEncoding: 'base64',
    secretPrefix: ['whsec_', 'v1,whsec_'],
    digest: 'base64',
    signature: { header: 'webhook-signature', parsePrefix: 'v1,' },
    timestamp: { header: 'webhook-timestamp', tolerance: 300 },
    template: '[header:webhook-id].[timestamp].[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'header', header: 'webhook-id' },
  limits: { answerWithin: 15, retries: 'for about 75 hours; 410 disables the endpoint' },
  secret: { where: 'the sender, where the endpoint is set up', looks: 'whsec_..., as shown' },
  evidence: 'standardwebhooks 1.1.1 signs it',
  notes: ['The asymmetric signatures (v1a) that stand beside are not looked at.'],
};
