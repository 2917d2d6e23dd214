import type { SignaturePreset } from '../preset.ts';

export const twilioJson: SignaturePreset = {
  name: 'twilio-json',
  title: 'Twilio, JSON requests',
  docs: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
  signature: {
    algorithm: 'sha1',
    digest: 'base64',
    signature: { header: 'x-twilio-signature' },
    template: '[url]',
    urlPort: 'either',
    bodyHash: { query: 'bodySHA256', algorithm: 'sha256', digest: 'hex' },
  },
  secretScope: 'account',
  limits: { answerWithin: 15 },
  secret: { where: 'Twilio Console, Account Info: the auth token', looks: '32 hex digits, as shown' },
  evidence: 'twilio 6.2.0 signs it',
  notes: [
    'Needs the public URL of the deployment, written as in the Twilio console; Twilio appends bodySHA256 to it.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
