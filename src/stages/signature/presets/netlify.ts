import type { SignaturePreset } from '../preset.ts';

export const netlify: SignaturePreset = {
  name: 'netlify',
  title: 'Netlify',
  docs: 'https://docs.netlify.com/deploy/deploy-notifications/#payload-signature',
  signature: {
    type: 'jwt',
    signature: { header: 'x-webhook-signature' },
    jwt: { algorithms: ['HS256'], issuer: 'netlify', maxAge: 0 },
    bodyHash: { claim: 'sha256' },
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { retries: '3 times; after 6 failures in a row the notification is disabled' },
  secret: {
    where: 'Netlify, the site, Deploy notifications: the JWS secret token that you enter',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'The token has no time: a recorded request can be sent again.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
