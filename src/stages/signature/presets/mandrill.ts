import type { SignaturePreset } from '../preset.ts';

export const mandrill: SignaturePreset = {
  name: 'mandrill',
  title: 'Mailchimp Transactional (Mandrill)',
  docs: 'https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/',
  signature: {
    acknowledge: 200,
    algorithm: 'sha1',
    digest: 'base64',
    signature: { header: 'x-mandrill-signature' },
    template: '[url][form:sorted]',
    handshake: [{ method: 'HEAD', answer: { status: 200 } }],
  },
  body: 'form',
  secretScope: 'endpoint',
  limits: { retries: 'up to 100 times, with growing gaps' },
  secret: { where: 'Mailchimp Transactional, Settings, Webhooks: the key of the webhook', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  weak: 'Names and values are signed without separators between them: text can move from a name to its value, or to the next field, under the same signature.',
  notes: [
    'Needs body: form, and the public URL of the deployment, written as in the webhook.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
