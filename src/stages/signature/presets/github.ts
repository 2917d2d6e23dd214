import type { SignaturePreset } from '../preset.ts';

export const github: SignaturePreset = {
  name: 'github',
  title: 'GitHub',
  docs: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
  signature: {
    signature: { header: 'x-hub-signature-256', parsePrefix: 'sha256=' },
    handshake: [{ when: [{ header: 'x-github-event', equals: 'ping' }], answer: { text: 'pong' } }],
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 10, retries: 'never by itself: by hand or by its API' },
  secret: {
    where: 'the repository, Settings, Webhooks: the secret that you enter',
    looks: 'as you entered it',
  },
  evidence: 'published by GitHub; @octokit/webhooks-methods 6.0.0 signs it',
  notes: [
    'Headers are not signed: x-github-event may narrow, and x-github-delivery may not identify an event. A redelivery has the same body, so the body identifies it.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The older x-hub-signature (sha1) is not looked at.',
  ],
};
