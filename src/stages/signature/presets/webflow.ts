import type { SignaturePreset } from '../preset.ts';

export const webflow: SignaturePreset = {
  name: 'webflow',
  title: 'Webflow',
  docs: 'https://developers.webflow.com/data/docs/working-with-webhooks',
  signature: {
    signature: { header: 'x-webflow-signature' },
    timestamp: { header: 'x-webflow-timestamp', tolerance: 300 },
    template: '[timestamp]:[payload]',
  },
  timestampFormat: 'milliseconds',
  secretScope: 'app',
  notes: [
    'Only webhooks of OAuth apps are signed, with the client secret of the app.',
    'The body has no event id: say what identifies an event.',
  ],
};
