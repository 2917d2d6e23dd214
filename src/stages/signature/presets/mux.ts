import type { SignaturePreset } from '../preset.ts';

export const mux: SignaturePreset = {
  name: 'mux',
  title: 'Mux',
  docs: 'https://www.mux.com/docs/core/verify-webhook-signatures',
  signature: {
    acknowledge: 200,
    signature: { header: 'mux-signature', parsePrefix: 'v1=' },
    timestamp: { header: 'mux-signature', parsePrefix: 't=', tolerance: 300 },
    template: '[timestamp].[payload]',
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 5, retries: 'for 24 hours, with growing gaps' },
  secret: { where: 'Mux Dashboard, Settings, Webhooks: the signing secret', looks: 'as shown' },
  evidence: '@mux/mux-node 15.3.0 verifies it',
  notes: [],
};
