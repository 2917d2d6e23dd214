import type { SignaturePreset } from '../preset.ts';

export const meta: SignaturePreset = {
  name: 'meta',
  title: 'Meta (Facebook, Instagram, WhatsApp)',
  docs: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
  signature: { signature: { header: 'x-hub-signature-256', parsePrefix: 'sha256=' } },
  secretScope: 'app',
  notes: [
    'The subscription is verified once by an unsigned GET with hub.challenge, which is not answered.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'Changes come in batches (entry): use split. The secret is the app secret.',
  ],
};
