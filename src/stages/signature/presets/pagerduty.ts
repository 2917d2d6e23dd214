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
  notes: [
    'While a secret is being rolled there is one v1 signature for each.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
