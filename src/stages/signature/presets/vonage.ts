import type { SignaturePreset } from '../preset.ts';

export const vonage: SignaturePreset = {
  name: 'vonage',
  title: 'Vonage Messages and Voice',
  docs: 'https://developer.vonage.com/en/getting-started/concepts/webhooks',
  signature: {
    type: 'jwt',
    acknowledge: 200,
    signature: { header: 'authorization', parsePrefix: 'Bearer ' },
    jwt: { algorithms: ['HS256'], issuer: 'Vonage', maxAge: 300 },
    bodyHash: { claim: 'payload_hash' },
  },
  secretScope: 'account',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 5, retries: 'for 24 hours, with growing gaps' },
  secret: { where: 'Vonage Dashboard, API Settings: the signature secret', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: ['SMS webhooks of the older kind sign their parameters in another way.'],
};
