import type { SignaturePreset } from '../preset.ts';

export const plivo: SignaturePreset = {
  name: 'plivo',
  title: 'Plivo, signature v3',
  docs: 'https://www.plivo.com/docs/messaging/concepts/signature-validation',
  signature: {
    digest: 'base64',
    acknowledge: 200,
    signature: { header: 'x-plivo-signature-v3', position: 1 },
    template: '[url]?[form:sorted].[header:x-plivo-signature-v3-nonce]',
  },
  body: 'form',
  secretScope: 'account',
  limits: { retries: 'up to 3 times' },
  secret: { where: 'Plivo Console, Account: the auth token', looks: 'as shown' },
  evidence: 'plivo 4.79.0 verifies it',
  weak: 'Names and values are signed without separators between them: text can move from a name to its value, or to the next field, under the same signature.',
  notes: [
    'Right for a URL without a query. While an auth token is rotated there are two signatures.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'Needs body: form, and the public URL of the deployment.',
  ],
};
