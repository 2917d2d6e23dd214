import type { SignaturePreset } from '../preset.ts';

export const googleCalendar: SignaturePreset = {
  name: 'google-calendar',
  title: 'Google Calendar and Drive push',
  docs: 'https://developers.google.com/workspace/calendar/api/guides/push',
  signature: {
    type: 'token',
    acknowledge: 204,
    signature: { header: 'x-goog-channel-token' },
    handshake: [{ when: [{ header: 'x-goog-resource-state', equals: 'sync' }], answer: { status: 200 } }],
  },
  body: 'none',
  secretScope: 'endpoint',
  limits: { retries: 'with growing gaps after 500, 502, 503 and 504' },
  secret: { where: 'chosen by you: token of the channel (watch)', looks: 'up to 256 characters' },
  evidence: 'documentation only',
  weak: 'There is no body: the event is in headers, which are not covered; the token proves the sender only.',
  notes: [
    'x-goog-message-number grows by one for each notification of a channel; idempotency: { header: x-goog-message-number } counts within one channel.',
    'What changed, the API says.',
  ],
};
