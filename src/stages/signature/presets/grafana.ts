import type { SignaturePreset } from '../preset.ts';

export const grafana: SignaturePreset = {
  name: 'grafana',
  title: 'Grafana alerting',
  docs: 'https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/',
  signature: { acknowledge: 200, signature: { header: 'x-grafana-alerting-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { retries: 'with growing gaps, until the next group interval' },
  secret: {
    where: 'Grafana, Alerting, Contact points, the webhook: the HMAC secret that you enter',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'Where the contact point names a timestamp header, the time is signed, too: add timestamp: { header: x-grafana-alerting-timestamp } and template: "[timestamp]:[payload]".',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
