import type { SignaturePreset } from '../preset.ts';

export const supabase: SignaturePreset = {
  name: 'supabase',
  title: 'Supabase auth hooks',
  docs: 'https://supabase.com/docs/guides/auth/auth-hooks',
  signature: {
    digest: 'base64',
    secretEncoding: 'base64',
    secretPrefix: ['v1,whsec_', 'whsec_'],
    signature: { header: 'webhook-signature', parsePrefix: 'v1,' },
    timestamp: { header: 'webhook-timestamp', tolerance: 300 },
    template: '[header:webhook-id].[timestamp].[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'header', header: 'webhook-id' },
  limits: { answerWithin: 5, retries: '3 times, where the answer is 429 or 503 with Retry-After' },
  secret: { where: 'Supabase Dashboard, Authentication, Hooks: the secret', looks: 'v1,whsec_..., as shown' },
  evidence: 'standardwebhooks 1.1.1 signs it',
  notes: ['Database webhooks are not signed: add a header of your own to them, and use type token.'],
};
