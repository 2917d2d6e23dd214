import type { SignaturePreset } from '../preset.ts';

export const sanity: SignaturePreset = {
  name: 'sanity',
  title: 'Sanity',
  docs: 'https://www.sanity.io/docs/content-lake/webhooks',
  signature: {
    digest: 'base64url',
    acknowledge: 200,
    signature: { header: 'sanity-webhook-signature', parsePrefix: 'v1=' },
    timestamp: { header: 'sanity-webhook-signature', parsePrefix: 't=', tolerance: 300 },
    template: '[timestamp].[payload]',
  },
  timestampFormat: 'milliseconds',
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 30, retries: 'with growing gaps for up to 30 minutes' },
  secret: {
    where: 'sanity.io/manage, API, GROQ-powered webhooks: the secret that you enter',
    looks: 'as you entered it',
  },
  evidence: '@sanity/webhook 4.0.4 signs it',
  notes: [
    'idempotency-key stays the same over retries, but headers are not signed.',
    'Sanity names no tolerance; this one is ours.',
  ],
};
