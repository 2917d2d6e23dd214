import type { SignaturePreset } from '../preset.ts';

export const braze: SignaturePreset = {
  name: 'braze',
  title: 'Braze webhook campaigns',
  docs: 'https://www.braze.com/docs/user_guide/message_building_by_channel/webhooks/creating_a_webhook/',
  signature: { type: 'token', signature: { header: 'authorization' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 90, retries: '5 times in 30 minutes; never after a 4xx' },
  secret: {
    where: 'chosen by you: Request headers of the webhook',
    looks: 'the whole header, such as Bearer abc',
  },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'The header is one that you add to the webhook; the secret is all of it, including a word such as Bearer.',
    'The payload is a template of yours: put an id into it, and name it under idempotency.',
  ],
};
