import type { SignaturePreset } from '../preset.ts';

export const mollie: SignaturePreset = {
  name: 'mollie',
  title: 'Mollie, event webhooks',
  docs: 'https://docs.mollie.com/reference/webhooks-new',
  signature: { acknowledge: 200, signature: { header: 'x-mollie-signature', parsePrefix: 'sha256=' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 15, retries: '10 times in 26 hours' },
  secret: { where: 'Mollie Dashboard, Developers, Webhooks: the signing secret', looks: 'as shown' },
  evidence: 'documentation; mollie-api-php (SignatureValidator) computes the same',
  notes: [
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The classic webhooks of payments (a form with one id) are not signed: use a secret URL.',
  ],
};
