import type { SignaturePreset } from '../preset.ts';

export const typeform: SignaturePreset = {
  name: 'typeform',
  title: 'Typeform',
  docs: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
  signature: { digest: 'base64', signature: { header: 'typeform-signature', parsePrefix: 'sha256=' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.event_id' },
  notes: [
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'An answer of 404 or 410 switches the webhook off at once.',
  ],
};
