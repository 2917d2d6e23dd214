import type { SignaturePreset } from '../preset.ts';

export const contentful: SignaturePreset = {
  name: 'contentful',
  title: 'Contentful',
  docs: 'https://www.contentful.com/developers/docs/webhooks/request-verification/',
  signature: {
    acknowledge: 200,
    signature: { header: 'x-contentful-signature' },
    timestamp: { header: 'x-contentful-timestamp', tolerance: 300 },
    template: '[method]\n[path]\n[headers:x-contentful-signed-headers]\n[payload]',
  },
  timestampFormat: 'milliseconds',
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.sys.id' },
  limits: { answerWithin: 30, retries: '2 times, 30 s apart' },
  secret: {
    where: 'Contentful, Settings, Webhooks, Settings: shown once when verification is enabled',
    looks: '64 characters, as shown',
  },
  evidence: '@contentful/node-apps-toolkit 3.16.1 signs it',
  notes: [
    'The headers that x-contentful-signed-headers lists are signed, custom ones among them.',
    '$.sys.id names the entry, not the event: where each change counts, write idempotency: body.',
  ],
};
