import type { SignaturePreset } from '../preset.ts';

export const slack: SignaturePreset = {
  name: 'slack',
  title: 'Slack',
  docs: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
  signature: {
    acknowledge: 200,
    signature: { header: 'x-slack-signature', parsePrefix: 'v0=' },
    timestamp: { header: 'x-slack-request-timestamp', tolerance: 300 },
    template: 'v0:[timestamp]:[payload]',
    handshake: [{ when: [{ path: '$.type', equals: 'url_verification' }], answer: { text: '$.challenge' } }],
  },
  secretScope: 'app',
  tenant: ['$.team_id'],
  idempotency: { kind: 'path', path: '$.event_id' },
  limits: { answerWithin: 3, retries: '3 times' },
  secret: {
    where: 'Slack API, the app, Basic Information: the signing secret',
    looks: '32 hex digits, as shown',
  },
  evidence: 'published by Slack; @slack/bolt 5.1.0 verifies it',
  notes: [
    'The secret is the signing secret of the app: the same for every workspace that installed it.',
    'Only event callbacks have an event_id; for slash commands and interactions (forms) say what identifies them.',
  ],
};
