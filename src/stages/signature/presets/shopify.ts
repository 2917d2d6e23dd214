import type { SignaturePreset } from '../preset.ts';

export const shopify: SignaturePreset = {
  name: 'shopify',
  title: 'Shopify',
  docs: 'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries',
  signature: { digest: 'base64', signature: { header: 'x-shopify-hmac-sha256' } },
  secretScope: 'app',
  tenant: ['x-shopify-shop-domain'],
  idempotency: { kind: 'body' },
  limits: { answerWithin: 5, retries: '8 times in 4 hours, then the subscription is deleted' },
  secret: {
    where: 'Shopify admin, Settings, Notifications, Webhooks; of an app its client secret',
    looks: 'as shown',
  },
  evidence: '@shopify/shopify-api 15.0.0 verifies it',
  notes: [
    'Headers are not signed, neither the topic nor the shop nor the webhook id. A retry has the same body, so the body identifies it.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The secret is the client secret of the app: the same for every shop that installed it. A new one takes up to an hour to be used.',
  ],
};
