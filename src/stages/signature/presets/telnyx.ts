import type { SignaturePreset } from '../preset.ts';

export const telnyx: SignaturePreset = {
  name: 'telnyx',
  title: 'Telnyx',
  docs: 'https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks',
  signature: {
    type: 'ed25519',
    digest: 'base64',
    acknowledge: 200,
    signature: { header: 'telnyx-signature-ed25519' },
    timestamp: { header: 'telnyx-timestamp', tolerance: 300 },
    template: '[timestamp]|[payload]',
  },
  secretScope: 'account',
  idempotency: { kind: 'path', path: '$.data.id' },
  limits: { answerWithin: 2, retries: '3 times, then to the failover URL' },
  secret: {
    where: 'Telnyx Mission Control, Account, Keys and Credentials: the public key',
    looks: 'base64, as shown',
  },
  evidence: 'telnyx 7.24.0 verifies it',
  notes: [],
};
