import type { SignaturePreset } from '../preset.ts';

export const telegram: SignaturePreset = {
  name: 'telegram',
  title: 'Telegram bots',
  docs: 'https://core.telegram.org/bots/api#setwebhook',
  signature: { type: 'token', acknowledge: 200, signature: { header: 'x-telegram-bot-api-secret-token' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.update_id' },
  limits: { retries: 'a reasonable number of times, oldest update first' },
  secret: { where: 'chosen by you: secret_token of setWebhook', looks: '1 to 256 letters, digits, _ and -' },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: ['The token is yours: the secret_token of setWebhook.'],
};
