import type { SignaturePreset } from '../preset.ts';

export const line: SignaturePreset = {
  name: 'line',
  title: 'LINE Messaging API',
  docs: 'https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/',
  signature: { acknowledge: 200, digest: 'base64', signature: { header: 'x-line-signature' } },
  secretScope: 'app',
  tenant: ['$.destination'],
  idempotency: { kind: 'path', path: '$.webhookEventId' },
  attempt: ['$.events[*].deliveryContext.isRedelivery'],
  limits: { answerWithin: 2, retries: 'only where redelivery is switched on' },
  secret: {
    where: 'LINE Developers Console, the channel, Basic settings: the channel secret',
    looks: '32 hex digits, as shown',
  },
  evidence: '@line/bot-sdk 11.2.0 verifies it',
  notes: [
    'Events come as a list: use split with $.events[*]; the event id is that of an element.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
