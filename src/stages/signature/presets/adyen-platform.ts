import type { SignaturePreset } from '../preset.ts';

export const adyenPlatform: SignaturePreset = {
  name: 'adyen-platform',
  title: 'Adyen, platform webhooks',
  docs: 'https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures',
  signature: { secretEncoding: 'hex', digest: 'base64', signature: { header: 'hmacsignature' } },
  secretScope: 'endpoint',
  limits: { answerWithin: 10 },
  secret: {
    where: 'Adyen Customer Area, Developers, Webhooks, the webhook: the HMAC key',
    looks: '64 hex digits, as shown',
  },
  evidence: '@adyen/api-library 32.1.0 signs it',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
