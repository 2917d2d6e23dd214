import type { SignaturePreset } from '../preset.ts';

export const resend: SignaturePreset = {
  name: 'resend',
  title: 'Resend',
  docs: 'https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests',
  signature: {
    digest: 'base64',
    secretEncoding: 'base64',
    secretPrefix: 'whsec_',
    signature: { header: 'svix-signature', parsePrefix: 'v1,' },
    timestamp: { header: 'svix-timestamp', tolerance: 300 },
    template: '[header:svix-id].[timestamp].[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'header', header: 'svix-id' },
  limits: {
    answerWithin: 15,
    retries: '8 times in about 28 hours; after 5 days of failures the endpoint is disabled',
  },
  secret: { where: 'Resend, Webhooks, the endpoint: the signing secret', looks: 'whsec_..., as shown' },
  evidence: 'resend 6.38.0 verifies it',
  notes: ['Sent through Svix.'],
};
