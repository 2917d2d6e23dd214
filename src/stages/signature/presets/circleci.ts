import type { SignaturePreset } from '../preset.ts';

export const circleci: SignaturePreset = {
  name: 'circleci',
  title: 'CircleCI',
  docs: 'https://circleci.com/docs/guides/integration/outbound-webhooks/',
  signature: { acknowledge: 200, signature: { header: 'circleci-signature', parsePrefix: 'v1=' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'path', path: '$.id' },
  limits: { answerWithin: 5, retries: 'with growing gaps' },
  secret: {
    where: 'CircleCI, Project Settings, Webhooks: the secret token that you enter',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
