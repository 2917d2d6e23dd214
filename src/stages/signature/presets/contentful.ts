import type { SignaturePreset } from '../preset.ts';

export const contentful: SignaturePreset = {
  name: 'contentful',
  title: 'Contentful',
  docs: 'https://www.contentful.com/developers/docs/webhooks/request-verification/',
  signature: {
    acknowledge: 200,
    signature: { header: 'x-contentful-signature' },
    timestamp: { header: 'x-contentful-timestamp', tolerance: 300 },
    template:
      '[method]\n[path]\nx-contentful-signed-headers:[header:x-contentful-signed-headers];x-contentful-timestamp:[timestamp]\n[payload]',
  },
  timestampFormat: 'milliseconds',
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.sys.id' },
  limits: { answerWithin: 30, retries: '2 times, 30 s apart' },
  secret: {
    where: 'Contentful, Settings, Webhooks, Settings: shown once when verification is enabled',
    looks: '64 characters, as shown',
  },
  evidence: 'documentation only',
  notes: [
    'Right for webhooks without custom headers: those are signed, too, and make another text.',
    '$.sys.id names the entry, not the event: where each change counts, write idempotency: body.',
  ],
};
