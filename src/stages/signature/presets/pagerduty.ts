import type { SignaturePreset } from '../preset.ts';

export const pagerduty: SignaturePreset = {
  name: 'pagerduty',
  title: 'PagerDuty',
  docs: 'https://developer.pagerduty.com/docs/verifying-webhook-signatures',
  signature: {
    signature: { header: 'x-pagerduty-signature', parsePrefix: 'v1=' },
    handshake: [{ when: [{ path: '$.event.event_type', equals: 'pagey.ping' }], answer: { text: 'pong' } }],
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.event.id' },
  limits: { answerWithin: 5, retries: 'up to 10 times in 24 hours; then the subscription is disabled' },
  secret: { where: 'PagerDuty, Integrations, Generic Webhooks (v3): shown once', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'While a secret is being rolled there is one v1 signature for each.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
