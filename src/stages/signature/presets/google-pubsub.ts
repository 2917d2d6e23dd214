import type { SignaturePreset } from '../preset.ts';

export const googlePubsub: SignaturePreset = {
  name: 'google-pubsub',
  title: 'Google Pub/Sub push',
  docs: 'https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions',
  signature: {
    type: 'jwt',
    acknowledge: 204,
    signature: { header: 'authorization', parsePrefix: 'Bearer ' },
    jwt: {
      algorithms: ['RS256'],
      keys: 'https://www.googleapis.com/oauth2/v3/certs',
      issuer: ['https://accounts.google.com', 'accounts.google.com'],
      claims: { email_verified: true },
    },
  },
  secretScope: 'provider',
  tenant: ['claim:email'],
  idempotency: { kind: 'path', path: '$.message.messageId' },
  limits: { answerWithin: 10, retries: 'until the message expires (7 days), with growing gaps' },
  secret: { where: 'none: the keys are fetched from Google' },
  evidence: 'documentation only',
  weak: 'The token proves the service account, not what is sent: the body is not covered.',
  notes: [
    'Name the service account of the subscription, jwt: { claims: { email: ... }, audience: ... }: Google signs for every customer with the same keys.',
    'The event is base64 in $.message.data.',
  ],
};
