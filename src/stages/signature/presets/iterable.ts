import type { SignaturePreset } from '../preset.ts';

export const iterable: SignaturePreset = {
  name: 'iterable',
  title: 'Iterable webhooks',
  docs: 'https://support.iterable.com/hc/en-us/articles/208013936-System-Webhooks',
  signature: { type: 'token', acknowledge: 200, signature: { header: 'authorization' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 15, retries: 'for up to 8 hours, with growing gaps' },
  secret: {
    where: 'chosen by you: Iterable, Integrations, System Webhooks, the auth type',
    looks: 'the whole header, such as Bearer abc',
  },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: ['The secret is the whole header: with basic authentication, write type: basic.'],
};
