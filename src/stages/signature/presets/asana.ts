import type { SignaturePreset } from '../preset.ts';

export const asana: SignaturePreset = {
  name: 'asana',
  title: 'Asana',
  docs: 'https://developers.asana.com/docs/webhooks-guide',
  signature: {
    acknowledge: 200,
    signature: { header: 'x-hook-signature' },
    handshake: [
      {
        proof: 'window',
        when: [
          { header: 'x-hook-secret', exists: true },
          { header: 'x-hook-signature', exists: false },
        ],
        answer: { headers: { 'x-hook-secret': { header: 'x-hook-secret' } } },
      },
    ],
  },
  secretScope: 'endpoint',
  limits: { answerWithin: 10, retries: 'for up to 24 hours' },
  secret: { where: 'X-Hook-Secret of the handshake: `sluice capture` shows it', looks: 'as sent' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'The secret arrives in an unsigned request (X-Hook-Secret) when the webhook is made. It is answered only while `sluice capture` waits, which shows it: make sure that it is the one that Asana returned, and give it to the deployment.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'Events come as a list: use split.',
  ],
};
