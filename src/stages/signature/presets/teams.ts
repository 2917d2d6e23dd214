import type { SignaturePreset } from '../preset.ts';

export const teams: SignaturePreset = {
  name: 'teams',
  title: 'Microsoft Teams outgoing webhooks',
  docs: 'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook',
  signature: {
    digest: 'base64',
    secretEncoding: 'base64',
    acknowledge: { status: 200, type: 'application/json', text: '{"type":"message","text":"Noted."}' },
    signature: { header: 'authorization', parsePrefix: 'HMAC ' },
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 5, retries: 'never by itself' },
  secret: {
    where: 'Teams, the team, Apps, Create an outgoing webhook: the security token, shown once',
    looks: 'base64, as shown',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'Teams shows the answer in the channel: acknowledge replaces its text.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
