import type { SignaturePreset } from '../preset.ts';

export const airtable: SignaturePreset = {
  name: 'airtable',
  title: 'Airtable',
  docs: 'https://airtable.com/developers/web/api/webhooks-overview',
  signature: {
    secretEncoding: 'base64',
    acknowledge: 200,
    signature: { header: 'x-airtable-content-mac', parsePrefix: 'hmac-sha256=' },
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 25, retries: 'with growing gaps; the webhook expires after 7 days' },
  secret: {
    where: 'answer of the API when the webhook is created: macSecretBase64',
    looks: 'base64, as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'A notification says that something changed: what, the API says.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
