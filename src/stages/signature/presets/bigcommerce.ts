import type { SignaturePreset } from '../preset.ts';

export const bigcommerce: SignaturePreset = {
  name: 'bigcommerce',
  title: 'BigCommerce',
  docs: 'https://developer.bigcommerce.com/docs/integrations/webhooks',
  signature: { type: 'token', acknowledge: 200, signature: { header: 'x-webhook-token' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.hash' },
  limits: { answerWithin: 10, retries: '11 times in 48 hours, then the webhook is deactivated' },
  secret: { where: 'chosen by you: headers of the webhook when it is created', looks: 'as you entered it' },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: ['The header is one that you add when the webhook is created (headers: { x-webhook-token: ... }).'],
};
