import type { SignaturePreset } from '../preset.ts';

export const plaid: SignaturePreset = {
  name: 'plaid',
  title: 'Plaid',
  docs: 'https://plaid.com/docs/api/webhooks/webhook-verification/',
  signature: {
    type: 'jwt',
    acknowledge: 200,
    signature: { header: 'plaid-verification' },
    jwt: { algorithms: ['ES256'], maxAge: 300 },
    bodyHash: { claim: 'request_body_sha256' },
  },
  secretScope: 'account',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 10, retries: 'for up to 24 hours, with growing gaps, while less than 10 % fail' },
  secret: { where: 'answer of /webhook_verification_key/get: key', looks: 'a JWKS: {"keys": [<the key>]}' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'Its keys come from an API that wants your credentials, which Sluice does not have: fetch /webhook_verification_key/get yourself, and give {"keys": [...]} as the secret.',
  ],
};
