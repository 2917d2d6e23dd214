import type { SignaturePreset } from '../preset.ts';

export const zoom: SignaturePreset = {
  name: 'zoom',
  title: 'Zoom',
  docs: 'https://developers.zoom.us/docs/api/webhooks/',
  signature: {
    acknowledge: 200,
    signature: { header: 'x-zm-signature', parsePrefix: 'v0=' },
    timestamp: { header: 'x-zm-request-timestamp', tolerance: 300 },
    template: 'v0:[timestamp]:[payload]',
    handshake: [
      {
        when: [{ path: '$.event', equals: 'endpoint.url_validation' }],
        answer: {
          json: {
            plainToken: '$.payload.plainToken',
            encryptedToken: { keyed: '$.payload.plainToken' },
          },
        },
      },
    ],
  },
  secretScope: 'app',
  tenant: ['$.payload.account_id'],
  limits: { answerWithin: 3, retries: 'after 5, 20 and 60 minutes' },
  secret: { where: 'Zoom App Marketplace, the app, Features: the secret token', looks: 'as shown' },
  evidence: '@zoom/rivet 0.4.0 verifies it',
  notes: [
    'Zoom validates the URL again every 72 hours: its challenge is signed like an event.',
    'Zoom sends no event id: say what identifies an event.',
  ],
};
