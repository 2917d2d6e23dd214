import type { SignaturePreset } from '../preset.ts';

export const linear: SignaturePreset = {
  name: 'linear',
  title: 'Linear',
  docs: 'https://linear.app/developers/webhooks',
  signature: {
    acknowledge: 200,
    signature: { header: 'linear-signature' },
    timestamp: { body: '$.webhookTimestamp', tolerance: 60 },
  },
  timestampFormat: 'milliseconds',
  secretScope: 'endpoint',
  attempt: ['$.webhookTimestamp'],
  limits: { answerWithin: 5, retries: 'after 1 minute, 1 hour and 6 hours' },
  secret: {
    where: 'Linear, Settings, API, Webhooks, the webhook: the signing secret',
    looks: 'lin_wh_..., as shown',
  },
  evidence: '@linear/sdk 98.0.0 verifies it',
  notes: [
    'The time stands in the signed body, in milliseconds.',
    'linear-delivery is not signed, and the body has no event id: say what identifies an event.',
  ],
};
