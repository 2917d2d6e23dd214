import type { SignaturePreset } from '../preset.ts';

export const vercel: SignaturePreset = {
  name: 'vercel',
  title: 'Vercel',
  docs: 'https://vercel.com/docs/webhooks/webhooks-api',
  signature: { algorithm: 'sha1', acknowledge: 200, signature: { header: 'x-vercel-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 30, retries: 'with growing gaps for up to 24 hours' },
  secret: {
    where: 'Vercel, Team Settings, Webhooks: shown once when the webhook is created',
    looks: 'as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
