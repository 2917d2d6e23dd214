import type { SignaturePreset } from '../preset.ts';

export const travisCi: SignaturePreset = {
  name: 'travis-ci',
  title: 'Travis CI',
  docs: 'https://docs.travis-ci.com/user/notifications/#verifying-webhook-requests',
  signature: {
    type: 'rsa',
    algorithm: 'sha1',
    digest: 'base64',
    signature: { header: 'signature' },
    template: '[body:$.payload]',
  },
  body: 'form',
  secretScope: 'provider',
  tenant: ['travis-repo-slug'],
  idempotency: { kind: 'body' },
  limits: { answerWithin: 10, retries: 'never by itself' },
  secret: { where: 'https://api.travis-ci.com/config: the public key', looks: 'a public key in PEM' },
  evidence: 'documentation only',
  weak: 'The field payload is signed, with SHA-1, by one key for every repository of Travis CI; nothing else of the form is covered.',
  notes: [
    'The event is JSON in the field payload of a form.',
    'The key stands at https://api.travis-ci.com/config (config.notifications.webhook.public_key).',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
