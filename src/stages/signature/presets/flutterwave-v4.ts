import type { SignaturePreset } from '../preset.ts';

export const flutterwaveV4: SignaturePreset = {
  name: 'flutterwave-v4',
  title: 'Flutterwave v4',
  docs: 'https://developer.flutterwave.com/docs/webhooks',
  signature: { digest: 'base64', acknowledge: 200, signature: { header: 'flutterwave-signature' } },
  secretScope: 'account',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 60 },
  secret: { where: 'Flutterwave Dashboard, Settings, Webhooks: the secret hash', looks: 'as you entered it' },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
