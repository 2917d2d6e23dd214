import type { SignaturePreset } from '../preset.ts';

export const woocommerce: SignaturePreset = {
  name: 'woocommerce',
  title: 'WooCommerce',
  docs: 'https://woocommerce.com/document/webhooks/',
  signature: {
    digest: 'base64',
    signature: { header: 'x-wc-webhook-signature' },
    handshake: [{ proof: 'none', when: [{ path: '$.webhook_id', exists: true }], answer: {} }],
  },
  secretScope: 'endpoint',
  limits: { retries: 'the webhook is switched off after more than 5 failures in a row' },
  secret: {
    where: 'WooCommerce, Settings, Advanced, Webhooks, the webhook: the secret',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'The ping when a webhook is saved is an unsigned form; it is answered and is no event.',
    'Headers are not signed: x-wc-webhook-topic may narrow, and x-wc-webhook-delivery-id may not identify an event.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
