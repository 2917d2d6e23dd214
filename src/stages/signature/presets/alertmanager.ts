import type { SignaturePreset } from '../preset.ts';

export const alertmanager: SignaturePreset = {
  name: 'alertmanager',
  title: 'Prometheus Alertmanager',
  docs: 'https://prometheus.io/docs/alerting/latest/configuration/#webhook_config',
  signature: {
    type: 'token',
    acknowledge: 200,
    signature: { header: 'authorization', parsePrefix: 'Bearer ' },
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { retries: 'with growing gaps, until the next group interval' },
  secret: { where: 'chosen by you: authorization of http_config', looks: 'as you entered it' },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'http_config: { authorization: { credentials_file: ... } } of the webhook receiver. With basic_auth there, write type: basic.',
    'Alerts come as a list ($.alerts): use split.',
  ],
};
