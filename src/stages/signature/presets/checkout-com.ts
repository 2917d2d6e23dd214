import type { SignaturePreset } from '../preset.ts';

export const checkoutCom: SignaturePreset = {
  name: 'checkout-com',
  title: 'Checkout.com',
  docs: 'https://www.checkout.com/docs/developer-resources/webhooks/receive-webhooks',
  signature: { acknowledge: 200, signature: { header: 'cko-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 10, retries: '8 times in about 3 days' },
  secret: { where: 'Checkout.com Dashboard, Developers, Webhooks: the signature key', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
