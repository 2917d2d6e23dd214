import type { SignaturePreset } from '../preset.ts';

export const polar: SignaturePreset = {
  name: 'polar',
  title: 'Polar',
  docs: 'https://docs.polar.sh/integrate/webhooks/endpoints',
  signature: {
    digest: 'base64',
    signature: { header: 'webhook-signature', parsePrefix: 'v1,' },
    timestamp: { header: 'webhook-timestamp', tolerance: 300 },
    template: '[header:webhook-id].[timestamp].[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'header', header: 'webhook-id' },
  limits: { answerWithin: 10, retries: '10 times, with growing gaps' },
  secret: { where: 'Polar, Settings, Webhooks: the secret', looks: 'as shown' },
  evidence: '@polar-sh/sdk 0.49.0 verifies it',
  notes: ['Standard Webhooks, but the text of the secret itself is the key, not what it would be as base64.'],
};
