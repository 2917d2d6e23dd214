import type { SignaturePreset } from '../preset.ts';

export const discord: SignaturePreset = {
  name: 'discord',
  title: 'Discord webhook events',
  docs: 'https://discord.com/developers/docs/events/webhook-events',
  signature: {
    acknowledge: 204,
    type: 'ed25519',
    digest: 'hex',
    signature: { header: 'x-signature-ed25519' },
    timestamp: { header: 'x-signature-timestamp', tolerance: 300 },
    template: '[timestamp][payload]',
    handshake: [{ when: [{ path: '$.type', equals: 0 }], answer: { status: 204 } }],
  },
  secretScope: 'app',
  limits: { answerWithin: 3, retries: 'with growing intervals, for up to 10 minutes' },
  secret: {
    where: 'Discord Developer Portal, the app, General Information: the public key',
    looks: '64 hex digits, as shown',
  },
  evidence: 'discord-interactions 4.4.0 verifies it',
  notes: [
    'The secret is the public key of the application, in hex: it is not confidential, but only the right one lets Discord in.',
    'Discord sends wrong signatures on purpose and expects 401.',
    'Interactions are another kind of request: a ping there is type 1.',
  ],
};
