import type { SignaturePreset } from '../preset.ts';

export const midtrans: SignaturePreset = {
  name: 'midtrans',
  title: 'Midtrans',
  docs: 'https://docs.midtrans.com/docs/https-notification-webhooks',
  signature: {
    type: 'hash',
    algorithm: 'sha512',
    acknowledge: 200,
    signature: { body: '$.signature_key' },
    template: '[body:$.order_id][body:$.status_code][body:$.gross_amount][secret]',
  },
  secretScope: 'account',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 15, retries: '5 times, with growing gaps' },
  secret: {
    where: 'Midtrans Dashboard, Settings, Access Keys: the server key',
    looks: 'Mid-server-... or SB-Mid-server-..., as shown',
  },
  evidence: 'documentation only',
  weak: 'A plain hash over order, status and amount; the rest of the body is not covered.',
  notes: [
    'The secret is the server key.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
