import type { SignaturePreset } from '../preset.ts';

export const flutterwave: SignaturePreset = {
  name: 'flutterwave',
  title: 'Flutterwave (verif-hash)',
  docs: 'https://developer.flutterwave.com/docs/webhooks',
  signature: { type: 'token', acknowledge: 200, signature: { header: 'verif-hash' } },
  secretScope: 'account',
  idempotency: { kind: 'path', path: '$.data.id' },
  limits: { answerWithin: 60, retries: '3 times, 30 minutes apart, where the dashboard says so' },
  secret: { where: 'Flutterwave Dashboard, Settings, Webhooks: the secret hash', looks: 'as you entered it' },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: ['Verify a payment by its API before value is given: the hash is the same in every request.'],
};
