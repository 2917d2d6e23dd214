import type { SignaturePreset } from '../preset.ts';

export const postmark: SignaturePreset = {
  name: 'postmark',
  title: 'Postmark',
  docs: 'https://postmarkapp.com/developer/webhooks/webhooks-overview',
  signature: { type: 'basic', acknowledge: 200 },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: {
    answerWithin: 120,
    retries: '10 times in about 10 hours (bounces and inbound mail); 403 stops it',
  },
  secret: { where: 'chosen by you: HTTP authentication of the webhook', looks: 'user:password' },
  evidence: 'documentation only',
  weak: 'The password proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'User and password are yours: HTTP authentication of the webhook, or https://user:password@... as the URL.',
  ],
};
