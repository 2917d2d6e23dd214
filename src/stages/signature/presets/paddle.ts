import type { SignaturePreset } from '../preset.ts';

export const paddle: SignaturePreset = {
  name: 'paddle',
  title: 'Paddle Billing',
  docs: 'https://developer.paddle.com/webhooks/signature-verification',
  signature: {
    acknowledge: 200,
    signature: { header: 'paddle-signature', parsePrefix: 'h1=' },
    timestamp: { header: 'paddle-signature', parsePrefix: 'ts=', tolerance: 5 },
    template: '[timestamp]:[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.event_id' },
  limits: { answerWithin: 5, retries: '60 times in 3 days' },
  secret: {
    where: 'Paddle, Developer tools, Notifications, the destination: the secret key',
    looks: 'pdl_ntfset_..., as shown',
  },
  evidence: '@paddle/paddle-node-sdk 3.10.0 verifies it',
  notes: [
    "The tolerance of 5 seconds is that of Paddle's own libraries; raise it where clocks differ by more.",
  ],
};
