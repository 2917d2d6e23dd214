import type { SignaturePreset } from '../preset.ts';

export const heroku: SignaturePreset = {
  name: 'heroku',
  title: 'Heroku',
  docs: 'https://devcenter.heroku.com/articles/app-webhooks',
  signature: { digest: 'base64', acknowledge: 204, signature: { header: 'heroku-webhook-hmac-sha256' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 5, retries: '10 times in 72 hours' },
  secret: {
    where: 'heroku webhooks:add -s: the secret that you enter, or that it prints',
    looks: 'as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
