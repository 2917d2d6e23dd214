import type { SignaturePreset } from '../preset.ts';

export const datadog: SignaturePreset = {
  name: 'datadog',
  title: 'Datadog',
  docs: 'https://docs.datadoghq.com/integrations/webhooks/',
  signature: { type: 'token', acknowledge: 200, signature: { header: 'x-webhook-token' } },
  secretScope: 'endpoint',
  limits: { answerWithin: 15, retries: 'once, after a 5xx' },
  secret: {
    where: 'chosen by you: Datadog, Integrations, Webhooks, Custom Headers',
    looks: 'as you entered it',
  },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'The header is one that you add under Custom Headers: {"x-webhook-token": "..."}.',
    'The payload is a template of yours: put $ID into it, and name it under idempotency.',
  ],
};
