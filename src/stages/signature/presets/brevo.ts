import type { SignaturePreset } from '../preset.ts';

export const brevo: SignaturePreset = {
  name: 'brevo',
  title: 'Brevo',
  docs: 'https://developers.brevo.com/docs/secure-webhooks',
  signature: {
    type: 'token',
    acknowledge: 200,
    signature: { header: 'authorization', parsePrefix: 'Bearer ' },
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { retries: 'with growing gaps' },
  secret: { where: 'chosen by you: auth.token of the webhook', looks: 'as you entered it' },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'The token is yours: auth of the webhook when it is created by the API. With basic authentication, write type: basic.',
  ],
};
