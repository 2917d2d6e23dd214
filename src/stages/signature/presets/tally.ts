import type { SignaturePreset } from '../preset.ts';

export const tally: SignaturePreset = {
  name: 'tally',
  title: 'Tally',
  docs: 'https://tally.so/help/webhooks',
  signature: { digest: 'base64', acknowledge: 200, signature: { header: 'tally-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.eventId' },
  limits: { answerWithin: 10, retries: 'after 5 and 30 minutes, 1, 6 and 24 hours' },
  secret: { where: 'Tally, the form, Integrations, Webhooks: the signing secret', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
