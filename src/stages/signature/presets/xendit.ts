import type { SignaturePreset } from '../preset.ts';

export const xendit: SignaturePreset = {
  name: 'xendit',
  title: 'Xendit',
  docs: 'https://docs.xendit.co/docs/handling-webhooks',
  signature: { type: 'token', acknowledge: 200, signature: { header: 'x-callback-token' } },
  secretScope: 'account',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 30, retries: '6 times, with growing gaps, in 24 hours' },
  secret: { where: 'Xendit Dashboard, Settings, Webhooks: the verification token', looks: 'as shown' },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: ['webhook-id stays the same over retries, but no header is proven.'],
};
