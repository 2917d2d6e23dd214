import type { SignaturePreset } from '../preset.ts';

export const calendly: SignaturePreset = {
  name: 'calendly',
  title: 'Calendly',
  docs: 'https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures',
  signature: {
    signature: { header: 'calendly-webhook-signature', parsePrefix: 'v1=' },
    timestamp: { header: 'calendly-webhook-signature', parsePrefix: 't=', tolerance: 180 },
    template: '[timestamp].[payload]',
  },
  secretScope: 'endpoint',
  limits: { answerWithin: 15, retries: 'for 24 hours, with growing gaps; then the subscription is disabled' },
  secret: {
    where: 'answer of the API when the subscription is created: signing_key',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'The body has no event id: say what identifies an event.',
    'The signing key of an OAuth app is the same for every account that connected it.',
  ],
};
