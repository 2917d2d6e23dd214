import type { SignaturePreset } from '../preset.ts';

export const meta: SignaturePreset = {
  name: 'meta',
  title: 'Meta (Facebook, Instagram, WhatsApp)',
  docs: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
  signature: {
    acknowledge: 200,
    signature: { header: 'x-hub-signature-256', parsePrefix: 'sha256=' },
    handshake: [
      {
        method: 'GET',
        when: [
          { query: 'hub.mode', equals: 'subscribe' },
          { query: 'hub.verify_token', equalsSecret: 'verifyToken' },
        ],
        answer: { text: { query: 'hub.challenge' } },
      },
    ],
  },
  secretScope: 'app',
  tenant: ['$.entry[*].id'],
  limits: { retries: 'for up to 36 hours, with growing gaps' },
  secret: {
    where: 'Meta for Developers, the app, App settings, Basic: the app secret',
    looks: '32 hex digits, as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'The subscription is verified by an unsigned GET, which is answered only where verifyToken names the token that was entered at Meta.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'Changes come in batches (entry): use split. The secret is the app secret.',
  ],
};
