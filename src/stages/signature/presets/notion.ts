import type { SignaturePreset } from '../preset.ts';

export const notion: SignaturePreset = {
  name: 'notion',
  title: 'Notion',
  docs: 'https://developers.notion.com/reference/webhooks',
  signature: {
    signature: { header: 'x-notion-signature', parsePrefix: 'sha256=' },
    handshake: [
      {
        proof: 'window',
        when: [
          { path: '$.verification_token', exists: true },
          { header: 'x-notion-signature', exists: false },
        ],
        answer: { status: 200 },
      },
    ],
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  attempt: ['$.attempt_number'],
  limits: { retries: 'up to 8 times in about 24 hours' },
  secret: {
    where: 'the verification_token of the first request: `sluice capture` shows it',
    looks: 'secret_..., as sent',
  },
  evidence: '@notionhq/client 5.26.0 signs it',
  notes: [
    'The secret is the verification token, which arrives in an unsigned request when the subscription is made. It is answered only while `sluice capture` waits, which shows it: enter it at Notion, which knows its own, and give it to the deployment.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
