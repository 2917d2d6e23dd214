import type { SignaturePreset } from '../preset.ts';

export const googleChat: SignaturePreset = {
  name: 'google-chat',
  title: 'Google Chat apps',
  docs: 'https://developers.google.com/workspace/chat/verify-requests-from-chat',
  signature: {
    type: 'jwt',
    acknowledge: { status: 200, type: 'application/json', text: '{}' },
    signature: { header: 'authorization', parsePrefix: 'Bearer ' },
    jwt: {
      algorithms: ['RS256'],
      keys: 'https://www.googleapis.com/service_accounts/v1/jwk/chat@system.gserviceaccount.com',
      issuer: 'chat@system.gserviceaccount.com',
    },
  },
  secretScope: 'provider',
  tenant: ['audience'],
  idempotency: { kind: 'body' },
  limits: { answerWithin: 30, retries: 'never by itself' },
  secret: { where: 'none: the keys are fetched from Google' },
  evidence: 'documentation (Verify requests from Google Chat)',
  weak: 'The token proves Google Chat, not what is sent: the body is not covered.',
  notes: [
    'Name the number of your project, jwt: { audience: "1234567890" }: Google signs for every app with the same keys.',
    'An app whose authentication audience is its HTTP endpoint URL gets tokens of Google: add jwt: { keys: "https://www.googleapis.com/oauth2/v3/certs", issuer: "https://accounts.google.com", audience: "<the URL>", claims: { email: chat@system.gserviceaccount.com } }.',
  ],
};
