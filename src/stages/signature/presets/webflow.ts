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
  limits: { retries: '3 times, 10 minutes apart' },
  secret: {
    where: 'Webflow, the app: the client secret; of a webhook made by hand its own key',
    looks: 'as shown',
  },
  evidence: 'webflow-api 3.3.4 verifies it',
  notes: [
    'Only webhooks of OAuth apps are signed, with the client secret of the app.',
    'The body has no event id: say what identifies an event.',
  ],
};
