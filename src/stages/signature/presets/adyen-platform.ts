import type { SignaturePreset } from '../preset.ts';

export const adyenPlatform: SignaturePreset = {
  name: 'adyen-platform',
  title: 'Adyen, platform webhooks',
  docs: 'https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures',
  signature: { secretEncoding: 'hex', digest: 'base64', signature: { header: 'hmacsignature' } },
  secretScope: 'endpoint',
  limits: { answerWithin: 10 },
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
