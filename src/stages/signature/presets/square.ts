import type { SignaturePreset } from '../preset.ts';

export const square: SignaturePreset = {
  name: 'square',
  title: 'Square',
  docs: 'https://developer.squareup.com/docs/webhooks/step3validate',
  signature: {
    digest: 'base64',
    signature: { header: 'x-square-hmacsha256-signature' },
    template: '[url][payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.event_id' },
  limits: { answerWithin: 10, retries: 'for 72 hours' },
  secret: {
    where: 'Square Developer Console, the app, Webhooks, Subscriptions: the signature key',
    looks: 'as shown',
  },
  evidence: 'square 46.0.0 verifies it',
  notes: [
    'Needs the public URL of the deployment, written as in the subscription.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
