import type { SignaturePreset } from '../preset.ts';

export const gocardless: SignaturePreset = {
  name: 'gocardless',
  title: 'GoCardless',
  docs: 'https://developer.gocardless.com/getting-started/staying-up-to-date-with-webhooks/',
  signature: { acknowledge: 204, signature: { header: 'webhook-signature' } },
  secretScope: 'endpoint',
  limits: { answerWithin: 10, retries: '8 times' },
  secret: { where: 'GoCardless Dashboard, Developers, Webhook endpoints: the secret', looks: 'as shown' },
  evidence: 'gocardless-nodejs 10.1.2 verifies it',
  notes: [
    'Events come as a list ($.events): use split, and each element has its id.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
