import type { SignaturePreset } from '../preset.ts';

export const dropboxSign: SignaturePreset = {
  name: 'dropbox-sign',
  title: 'Dropbox Sign',
  docs: 'https://developers.hellosign.com/docs/events/walkthrough/',
  signature: {
    type: 'hmac',
    acknowledge: { status: 200, type: 'text/plain', text: 'Hello API Event Received' },
    digest: 'base64',
    signature: { header: 'content-sha256' },
    template: '[body:$.json]',
  },
  body: 'form',
  secretScope: 'account',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 30, retries: '6 times in about 16 hours' },
  secret: { where: 'Dropbox Sign, Settings, API: the API key', looks: '64 hex digits, as shown' },
  evidence: 'documentation only',
  weak: 'The field json is signed; other fields of the form are not covered.',
  notes: [
    'The event is JSON in the field json of a multipart form.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
