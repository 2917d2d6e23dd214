import type { SignaturePreset } from '../preset.ts';

export const mailgunRoutes: SignaturePreset = {
  name: 'mailgun-routes',
  title: 'Mailgun routes',
  docs: 'https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http',
  signature: {
    acknowledge: 200,
    signature: { body: '$.signature' },
    timestamp: { body: '$.timestamp', tolerance: 300 },
    template: '[timestamp][body:$.token]',
  },
  body: 'form',
  secretScope: 'account',
  limits: { retries: '7 times in about 8 hours after anything but 200; 406 stops it' },
  secret: { where: 'Mailgun, Settings, API Security: the HTTP webhook signing key', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  weak: 'Only a time and a random token are signed: the mail is not covered. Whoever reads one request can put another mail under its signature while it is fresh.',
  notes: ['A mail with attachments comes as a multipart form; the files are left out.'],
};
