import type { SignaturePreset } from '../preset.ts';

export const dropbox: SignaturePreset = {
  name: 'dropbox',
  title: 'Dropbox',
  docs: 'https://www.dropbox.com/developers/reference/webhooks',
  signature: {
    signature: { header: 'x-dropbox-signature' },
    handshake: [
      {
        method: 'GET',
        when: [{ query: 'challenge', exists: true }],
        answer: { text: { query: 'challenge' } },
      },
    ],
  },
  secretScope: 'app',
  limits: { answerWithin: 10, retries: 'with growing intervals, for about 10 minutes' },
  secret: { where: 'Dropbox App Console, the app, Settings: the app secret', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The body only names accounts, so two notifications may be equal: say what identifies an event. The secret is the app secret.',
  ],
};
