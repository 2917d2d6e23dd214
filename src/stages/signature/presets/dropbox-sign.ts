import type { SignaturePreset } from '../preset.ts';

export const dropboxSign: SignaturePreset = {
  name: 'dropbox-sign',
  title: 'Dropbox Sign',
  docs: 'https://developers.hellosign.com/docs/events/walkthrough/',
  signature: {
    type: 'hmac',
    acknowledge: { status: 200, type: 'text/plain', text: 'Hello API Event Received' },
    signature: { body: '$.json.event.event_hash' },
    template: '[body:$.json.event.event_time][body:$.json.event.event_type]',
  },
  body: 'form',
  secretScope: 'account',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 30, retries: '6 times in about 16 hours' },
  secret: { where: 'Dropbox Sign, Settings, API: the API key', looks: '64 hex digits, as shown' },
  evidence: '@dropbox/sign 1.11.0 verifies it',
  weak: 'The time and the type of the event are signed, and nothing else is covered: whoever reads one request can put another event of its type under its hash.',
  notes: [
    'The event is JSON in the field json of a multipart form: unwrap it to map it.',
    'Only the primary API key of the account signs. The header content-sha256 is not looked at: how it is written is not documented exactly.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
