import type { SignaturePreset } from '../preset.ts';

export const typeform: SignaturePreset = {
  name: 'typeform',
  title: 'Typeform',
  docs: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
  signature: { digest: 'base64', signature: { header: 'typeform-signature', parsePrefix: 'sha256=' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.event_id' },
  limits: { answerWithin: 30, retries: '404 and 410 switch the webhook off at once' },
  secret: {
    where: 'chosen by you: the form, Connect, Webhooks, the webhook: the secret',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
