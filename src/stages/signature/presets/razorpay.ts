import type { SignaturePreset } from '../preset.ts';

export const razorpay: SignaturePreset = {
  name: 'razorpay',
  title: 'Razorpay',
  docs: 'https://razorpay.com/docs/webhooks/validate-test/',
  signature: { signature: { header: 'x-razorpay-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 5, retries: 'for 24 hours, then the webhook is disabled' },
  secret: {
    where: 'Razorpay Dashboard, Account and Settings, Webhooks: the secret that you enter',
    looks: 'as you entered it',
  },
  evidence: 'razorpay 2.9.8 verifies it',
  notes: [
    'The event id stands in x-razorpay-event-id, which is not signed; the body identifies the event.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
