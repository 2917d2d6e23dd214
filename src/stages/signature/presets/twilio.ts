import type { SignaturePreset } from '../preset.ts';

export const twilio: SignaturePreset = {
  name: 'twilio',
  title: 'Twilio, form requests',
  docs: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
  signature: {
    acknowledge: 204,
    algorithm: 'sha1',
    digest: 'base64',
    signature: { header: 'x-twilio-signature' },
    template: '[url][form:sorted]',
    urlPort: 'either',
  },
  body: 'form',
  secretScope: 'account',
  limits: { answerWithin: 15 },
  secret: { where: 'Twilio Console, Account Info: the auth token', looks: '32 hex digits, as shown' },
  evidence: 'published by Twilio; twilio 6.2.0 signs it',
  weak: 'Names and values are signed without separators between them: text can move from a name to its value, or to the next field, under the same signature.',
  notes: [
    'Needs body: form, and the public URL of the deployment, written as in the Twilio console; with its port and without it.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
