import type { SignaturePreset } from '../preset.ts';
import { standardWebhooks } from './standard-webhooks.ts';

export const gitlab: SignaturePreset = {
  ...standardWebhooks,
  name: 'gitlab',
  title: 'GitLab, signing token',
  docs: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
  limits: { answerWithin: 10, retries: 'the webhook is switched off after 4 failures in a row' },
  secret: { where: 'the project, Settings, Webhooks: the signing token', looks: 'whsec_..., as shown' },
  evidence: 'standardwebhooks 1.1.1 signs it',
  notes: [
    'GitLab signs as Standard Webhooks says, where a signing token is set; with a secret token alone it signs nothing (preset gitlab-token).',
    'x-gitlab-event is not signed: it may narrow, but the body (object_kind) says the same and is proven.',
  ],
};
