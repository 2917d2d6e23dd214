import type { SignaturePreset } from '../preset.ts';

export const helpScout: SignaturePreset = {
  name: 'help-scout',
  title: 'Help Scout',
  docs: 'https://developer.helpscout.com/webhooks/',
  signature: {
    algorithm: 'sha1',
    digest: 'base64',
    acknowledge: 200,
    signature: { header: 'x-helpscout-signature' },
  },
  secretScope: 'endpoint',
  idempotency: { kind: 'body' },
  limits: { answerWithin: 10, retries: '10 times, then the webhook is deactivated' },
  secret: {
    where: 'Help Scout, Manage, Apps, Webhooks: the secret key that you enter',
    looks: 'as you entered it',
  },
  evidence: 'documentation, which public receivers read alike',
  notes: ['Nothing proves when it was sent: a recorded request can be sent again.'],
};
