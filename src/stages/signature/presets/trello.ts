import type { SignaturePreset } from '../preset.ts';

export const trello: SignaturePreset = {
  name: 'trello',
  title: 'Trello',
  docs: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/',
  signature: {
    acknowledge: 200,
    algorithm: 'sha1',
    digest: 'base64',
    signature: { header: 'x-trello-webhook' },
    template: '[payload][url]',
    handshake: [{ method: 'HEAD', answer: { status: 200 } }],
  },
  secretScope: 'app',
  idempotency: { kind: 'path', path: '$.action.id' },
  limits: { retries: 'after 30, 60 and 120 seconds' },
  secret: { where: 'trello.com/power-ups/admin, the app, API key: the secret', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'Needs the public URL of the deployment, written as the callbackURL of the webhook.',
    'HMAC with SHA-1 is what Trello offers; it is still unforgeable, but no choice for new schemes.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The secret is the secret of the application key or Power-Up: the same for every board.',
  ],
};
