import type { SignaturePreset } from '../preset.ts';

export const buildkite: SignaturePreset = {
  name: 'buildkite',
  title: 'Buildkite',
  docs: 'https://buildkite.com/docs/apis/webhooks/pipelines',
  signature: {
    acknowledge: 200,
    signature: { header: 'x-buildkite-signature', parsePrefix: 'signature=' },
    timestamp: { header: 'x-buildkite-signature', parsePrefix: 'timestamp=', tolerance: 300 },
    template: '[timestamp].[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { retries: 'up to 7 times, with growing gaps' },
  secret: {
    where: 'Buildkite, Organization Settings, Notification Services, the webhook: the token',
    looks: 'as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: ['The webhook has to be set to send an HMAC signature; a token in x-buildkite-token proves less.'],
};
