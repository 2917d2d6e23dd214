import type { SignaturePreset } from '../preset.ts';

export const dropbox: SignaturePreset = {
  name: 'dropbox',
  title: 'Dropbox',
  docs: 'https://www.dropbox.com/developers/reference/webhooks',
  signature: { signature: { header: 'x-dropbox-signature' } },
  secretScope: 'app',
  notes: [
    'The URL is verified once by an unsigned GET with a challenge, which is not answered.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The body only names accounts, so two notifications may be equal: say what identifies an event. The secret is the app secret.',
  ],
};
