import type { SignaturePreset } from '../preset.ts';

export const jira: SignaturePreset = {
  name: 'jira',
  title: 'Jira admin webhooks',
  docs: 'https://developer.atlassian.com/cloud/jira/software/webhooks/',
  signature: { signature: { header: 'x-hub-signature', parsePrefix: 'sha256=' } },
  secretScope: 'endpoint',
  limits: { answerWithin: 20, retries: 'up to 5 times after 408, 409, 425, 429 or a 5xx' },
  secret: {
    where: 'Jira administration, System, WebHooks: the secret that you enter',
    looks: 'as you entered it',
  },
  evidence: 'published by Atlassian',
  notes: [
    'x-atlassian-webhook-identifier is not signed: it may not identify an event.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'Webhooks of Connect apps carry a JWT, which is another scheme.',
  ],
};
