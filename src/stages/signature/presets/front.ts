import type { SignaturePreset } from '../preset.ts';

export const front: SignaturePreset = {
  name: 'front',
  title: 'Front applications',
  docs: 'https://dev.frontapp.com/docs/webhooks-1',
  signature: {
    digest: 'base64',
    acknowledge: 200,
    signature: { header: 'x-front-signature' },
    timestamp: { header: 'x-front-request-timestamp', tolerance: 300 },
    template: '[timestamp]:[payload]',
    handshake: [
      {
        when: [{ header: 'x-front-challenge', exists: true }],
        answer: { text: { header: 'x-front-challenge' } },
      },
    ],
  },
  timestampFormat: 'milliseconds',
  secretScope: 'app',
  tenant: ['$.authorization.id'],
  idempotency: { kind: 'path', path: '$.payload.id' },
  limits: { answerWithin: 5, retries: '3 times' },
  secret: {
    where: 'Front, Settings, Developers, the app, Basic information: the application secret',
    looks: 'as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'Rules of the older kind sign with SHA-1 over the body alone: algorithm: sha1, template: "[payload]".',
  ],
};
