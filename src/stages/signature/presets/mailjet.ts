import type { SignaturePreset } from '../preset.ts';

export const mailjet: SignaturePreset = {
  name: 'mailjet',
  title: 'Mailjet',
  docs: 'https://dev.mailjet.com/email/guides/webhooks/',
  signature: { type: 'basic', acknowledge: 200 },
  secretScope: 'endpoint',
  limits: { answerWithin: 5, retries: 'every 30 s for 24 hours, then the URL is disabled' },
  secret: { where: 'chosen by you: user and password in the URL', looks: 'user:password' },
  evidence: 'documentation only',
  weak: 'The password proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'User and password are yours: https://user:password@... as the URL.',
    'Events may come as a list: use split.',
  ],
};
