import type { SignaturePreset } from '../preset.ts';

export const smartsheet: SignaturePreset = {
  name: 'smartsheet',
  title: 'Smartsheet',
  docs: 'https://developers.smartsheet.com/api/smartsheet/guides/webhooks/verify-webhook-callbacks',
  signature: {
    acknowledge: 200,
    signature: { header: 'smartsheet-hmac-sha256' },
    handshake: [
      {
        proof: 'none',
        when: [
          { header: 'smartsheet-hook-challenge', exists: true },
          { path: '$.challenge', exists: true },
        ],
        answer: { json: { smartsheetHookResponse: { header: 'smartsheet-hook-challenge' } } },
      },
    ],
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.nonce' },
  limits: { retries: '14 times in about 40 hours, then the webhook is disabled' },
  secret: { where: 'answer of the API when the webhook is created: sharedSecret', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'The challenge comes again from time to time; it is answered unattended.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
