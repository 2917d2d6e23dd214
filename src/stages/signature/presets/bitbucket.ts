import type { SignaturePreset } from '../preset.ts';

export const bitbucket: SignaturePreset = {
  name: 'bitbucket',
  title: 'Bitbucket',
  docs: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/',
  signature: { signature: { header: 'x-hub-signature', parsePrefix: 'sha256=' } },
  secretScope: 'endpoint',
  limits: { answerWithin: 10, retries: '2 times after a 5xx or a time-out' },
  secret: {
    where: 'the repository, Repository settings, Webhooks: the secret that you enter',
    looks: 'as you entered it',
  },
  evidence: 'published by Atlassian',
  notes: [
    'Headers are not signed: x-event-key may narrow, and x-request-uuid may not identify an event.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
