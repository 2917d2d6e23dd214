import type { SignaturePreset } from '../preset.ts';

const item = '$.notificationItems[0].NotificationRequestItem';
/** In the order in which they are signed; a missing one counts as empty. */
const signedFields = [
  'pspReference',
  'originalReference',
  'merchantAccountCode',
  'merchantReference',
  'amount.value',
  'amount.currency',
  'eventCode',
  'success',
];

export const adyenStandard: SignaturePreset = {
  name: 'adyen-standard',
  title: 'Adyen, standard webhooks',
  docs: 'https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures',
  signature: {
    secretEncoding: 'hex',
    digest: 'base64',
    signature: { body: `${item}.additionalData.hmacSignature` },
    template: signedFields.map((field) => `[body:${item}.${field}]`).join(':'),
  },
  secretScope: 'endpoint',
  limits: { answerWithin: 10 },
  secret: {
    where: 'Adyen Customer Area, Developers, Webhooks, the webhook: the HMAC key',
    looks: '64 hex digits, as shown',
  },
  evidence: '@adyen/api-library 32.1.0 signs it',
  weak: 'Eight fields of the first item are signed and nothing else; Adyen sends one item in a request.',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
