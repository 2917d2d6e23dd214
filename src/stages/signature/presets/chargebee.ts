import type { SignaturePreset } from '../preset.ts';

export const chargebee: SignaturePreset = {
  name: 'chargebee',
  title: 'Chargebee',
  docs: 'https://www.chargebee.com/docs/2.0/webhook_settings.html',
  signature: { type: 'basic', acknowledge: 200 },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 20, retries: '7 times in about 3 days' },
  secret: {
    where: 'chosen by you: Chargebee, Settings, Configure, Webhooks, basic authentication',
    looks: 'user:password',
  },
  evidence: 'chargebee 3.33.0 verifies it',
  weak: 'The password proves the sender, not what is sent: neither body nor headers are covered.',
  notes: ['User and password are yours: the webhook settings take them as basic authentication.'],
};
