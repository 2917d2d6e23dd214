import type { SignaturePreset } from '../preset.ts';

export const gitea: SignaturePreset = {
  name: 'gitea',
  title: 'Gitea, Forgejo',
  docs: 'https://docs.gitea.com/usage/webhooks',
  signature: { signature: { header: 'x-gitea-signature' } },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 5, retries: 'never by itself' },
  secret: {
    where: 'the repository, Settings, Webhooks: the secret that you enter',
    looks: 'as you entered it',
  },
  evidence: 'documentation only',
  notes: [
    'Forgejo sends the same header beside its own.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
