import type { SignaturePreset } from '../preset.ts';

export const zoom: SignaturePreset = {
  name: 'zoom',
  title: 'Zoom',
  docs: 'https://developers.zoom.us/docs/api/webhooks/',
  signature: {
    signature: { header: 'x-zm-signature', parsePrefix: 'v0=' },
    timestamp: { header: 'x-zm-request-timestamp', tolerance: 300 },
    template: 'v0:[timestamp]:[payload]',
  },
  secretScope: 'app',
  notes: [
    'The challenge endpoint.url_validation wants a keyed answer and is not answered.',
    'Zoom sends no event id: say what identifies an event.',
  ],
};
