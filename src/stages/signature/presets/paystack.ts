import type { SignaturePreset } from '../preset.ts';

export const paystack: SignaturePreset = {
  name: 'paystack',
  title: 'Paystack',
  docs: 'https://paystack.com/docs/payments/webhooks/',
  signature: { algorithm: 'sha512', signature: { header: 'x-paystack-signature' } },
  secretScope: 'account',
  idempotency: { kind: 'body' },
  limits: { retries: 'every 3 minutes for the first 4 tries, then hourly for 72 hours' },
  secret: {
    where: 'Paystack Dashboard, Settings, API Keys and Webhooks: the secret key',
    looks: 'sk_live_... or sk_test_..., as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
