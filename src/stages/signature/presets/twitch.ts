import type { SignaturePreset } from '../preset.ts';

export const twitch: SignaturePreset = {
  name: 'twitch',
  title: 'Twitch EventSub',
  docs: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/',
  signature: {
    acknowledge: 204,
    signature: { header: 'twitch-eventsub-message-signature', parsePrefix: 'sha256=' },
    timestamp: { header: 'twitch-eventsub-message-timestamp', tolerance: 600 },
    template: '[header:twitch-eventsub-message-id][timestamp][payload]',
    handshake: [
      {
        when: [{ header: 'twitch-eventsub-message-type', equals: 'webhook_callback_verification' }],
        answer: { text: '$.challenge' },
      },
    ],
  },
  timestampFormat: 'iso',
  secretScope: 'endpoint',
  idempotency: { kind: 'header', header: 'twitch-eventsub-message-id' },
  limits: { answerWithin: 4, retries: 'several times; then the subscription is revoked' },
  secret: {
    where: 'chosen by you: transport.secret of the subscription',
    looks: '10 to 100 ASCII characters',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'The header twitch-eventsub-message-type is not signed: a recorded challenge stays a challenge by its body.',
  ],
};
