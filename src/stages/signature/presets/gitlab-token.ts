import type { SignaturePreset } from '../preset.ts';

export const gitlabToken: SignaturePreset = {
  name: 'gitlab-token',
  title: 'GitLab, secret token',
  docs: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
  signature: { type: 'token', signature: { header: 'x-gitlab-token' } },
  secretScope: 'endpoint',
  limits: { answerWithin: 10, retries: 'the webhook is switched off after 4 failures in a row' },
  secret: {
    where: 'the project, Settings, Webhooks: the secret token that you enter',
    looks: 'as you entered it',
  },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'Whoever reads one request has the token. A GitLab that offers signing tokens can sign (preset gitlab); prefer that.',
  ],
};
