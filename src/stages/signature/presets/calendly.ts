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
  notes: [
    'The body has no event id: say what identifies an event.',
    'The signing key of an OAuth app is the same for every account that connected it.',
  ],
};
