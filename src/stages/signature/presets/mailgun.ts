import type { SignaturePreset } from '../preset.ts';

export const mailgun: SignaturePreset = {
  name: 'mailgun',
  title: 'Mailgun',
  docs: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
  signature: {
    acknowledge: 200,
    signature: { body: '$.signature.signature' },
    timestamp: { body: '$.signature.timestamp', tolerance: 300 },
    template: '[timestamp][body:$.signature.token]',
  },
  secretScope: 'account',
  attempt: ['$.signature'],
  limits: { retries: '7 times in about 8 hours after anything but 200; 406 stops it' },
  secret: { where: 'Mailgun, Settings, API Security: the HTTP webhook signing key', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  weak: 'Only a time and a random token are signed: event-data is not covered. Whoever reads one request can put other events under its signature while it is fresh.',
  notes: ['Mailgun repeats failed requests for hours; whether it signs them anew is not documented.'],
};
