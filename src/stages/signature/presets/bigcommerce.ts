import type { SignaturePreset } from '../preset.ts';

export const bigcommerce: SignaturePreset = {
  name: 'bigcommerce',
  title: 'BigCommerce',
  docs: 'https://developer.bigcommerce.com/docs/integrations/webhooks/https-webhook-overview',
  signature: {
    acknowledge: 200,
    digest: 'base64',
    signature: { header: 'webhook-signature', parsePrefix: 'v1,' },
    timestamp: { header: 'webhook-timestamp', tolerance: 300 },
    template: '[header:webhook-id].[timestamp].[payload]',
  },
  secretScope: 'app',
  tenant: ['$.producer'],
  idempotency: { kind: 'path', path: '$.hash' },
  limits: { answerWithin: 10, retries: '11 times in 48 hours, then the webhook is deactivated' },
  secret: {
    where: 'BigCommerce Developer Portal, the app (or the API account of the store): the client secret',
    looks: 'as shown',
  },
  evidence:
    'standardwebhooks 1.1.1 signs it, with the key that the documentation (HTTPS webhook overview, Security) names',
  notes: [
    'Standard Webhooks, but the text of the client secret itself is the key, not what it would be as base64.',
    'A webhook of a store whose API account has no client secret: add a header to it when it is created, and use type token.',
  ],
};
