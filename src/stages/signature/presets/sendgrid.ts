import type { SignaturePreset } from '../preset.ts';

export const sendgrid: SignaturePreset = {
  name: 'sendgrid',
  title: 'SendGrid event webhook',
  docs: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
  signature: {
    type: 'ecdsa',
    algorithm: 'sha256',
    digest: 'base64',
    signature: { header: 'x-twilio-email-event-webhook-signature' },
    timestamp: { header: 'x-twilio-email-event-webhook-timestamp', tolerance: 300 },
    template: '[timestamp][payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.sg_event_id' },
  limits: { retries: 'for 24 hours' },
  secret: {
    where: 'SendGrid, Settings, Mail Settings, Event Webhook: the verification key',
    looks: 'base64, as shown',
  },
  evidence: '@sendgrid/eventwebhook 8.0.0 verifies it',
  notes: [
    'The secret is the public key that SendGrid shows: it is not confidential, but only the right one lets SendGrid in.',
    'Events come as a list: use split.',
    'SendGrid names no tolerance and repeats failed requests for a day; raise it if repeated ones are refused as stale.',
  ],
};
