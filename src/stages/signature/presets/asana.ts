import type { SignaturePreset } from '../preset.ts';

export const asana: SignaturePreset = {
  name: 'asana',
  title: 'Asana',
  docs: 'https://developers.asana.com/docs/webhooks-guide',
  signature: { signature: { header: 'x-hook-signature' } },
  secretScope: 'endpoint',
  notes: [
    'The secret arrives in an unsigned request (X-Hook-Secret) when the webhook is made, which is not answered.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'Events come as a list: use split.',
  ],
};
