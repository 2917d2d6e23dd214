import type { SignaturePreset } from '../preset.ts';

export const svix: SignaturePreset = {
  name: 'svix',
  title: 'Svix (Clerk, Resend and others)',
  docs: 'https://docs.svix.com/receiving/verifying-payloads/how-manual',
  signature: {
    secretEncoding: 'base64',
    secretPrefix: ['whsec_', 'v1,whsec_'],
    digest: 'base64',
    signature: { header: 'svix-signature', parsePrefix: 'v1,' },
    timestamp: { header: 'svix-timestamp', tolerance: 300 },
    template: '[header:svix-id].[timestamp].[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'header', header: 'svix-id' },
  limits: { answerWithin: 15, retries: 'with growing intervals, for more than a day' },
  secret: {
    where: 'the sender, where the endpoint is set up: the signing secret',
    looks: 'whsec_..., as shown',
  },
  evidence: 'published by Svix; svix 2.5.0 signs it',
  notes: ['The asymmetric signatures (v1a) that stand beside are not looked at.'],
};
