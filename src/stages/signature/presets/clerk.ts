import type { SignaturePreset } from '../preset.ts';

export const clerk: SignaturePreset = {
  name: 'clerk',
  title: 'Clerk',
  docs: 'https://clerk.com/docs/webhooks/sync-data',
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
  secret: {
    where: 'Clerk Dashboard, Webhooks, the endpoint: the signing secret',
    looks: 'whsec_..., as shown',
  },
  evidence: '@clerk/backend 3.25.0 verifies it',
  notes: ['Sent through Svix.'],
};
