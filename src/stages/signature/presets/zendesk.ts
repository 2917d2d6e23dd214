import type { SignaturePreset } from '../preset.ts';

export const zendesk: SignaturePreset = {
  name: 'zendesk',
  title: 'Zendesk',
  docs: 'https://developer.zendesk.com/documentation/webhooks/verifying/',
  signature: {
    digest: 'base64',
    signature: { header: 'x-zendesk-webhook-signature' },
    timestamp: { header: 'x-zendesk-webhook-signature-timestamp', tolerance: 300 },
    template: '[timestamp][payload]',
  },
  timestampFormat: 'iso',
  secretScope: 'endpoint',
  limits: { answerWithin: 10, retries: 'a circuit breaker stops deliveries for a while after many failures' },
  secret: {
    where: 'Zendesk Admin Center, Apps and integrations, Webhooks, the webhook: the signing secret',
    looks: 'as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'x-zendesk-webhook-invocation-id is not signed, and the body of a trigger or an automation is what its author wrote: say what identifies an event.',
    'Zendesk names no tolerance; this one is ours.',
  ],
};
