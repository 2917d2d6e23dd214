import type { SignaturePreset } from '../preset.ts';

export const calCom: SignaturePreset = {
  name: 'cal-com',
  title: 'Cal.com',
  docs: 'https://cal.com/docs/developing/guides/automation/webhooks',
  signature: { acknowledge: 200, signature: { header: 'x-cal-signature-256' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { retries: 'never by itself' },
  secret: {
    where: 'Cal.com, Settings, Developer, Webhooks: the secret that you enter',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
