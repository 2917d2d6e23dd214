import type { SignaturePreset } from '../preset.ts';

export const quickbooks: SignaturePreset = {
  name: 'quickbooks',
  title: 'QuickBooks Online',
  docs: 'https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks',
  signature: { digest: 'base64', acknowledge: 200, signature: { header: 'intuit-signature' } },
  secretScope: 'app',
  tenant: ['$.eventNotifications[*].realmId'],
  idempotency: { kind: 'body' },
  limits: { answerWithin: 3, retries: 'after 20, 30 and 50 minutes' },
  secret: { where: 'Intuit Developer, the app, Webhooks: the verifier token', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'Changes come in batches: use split on $.eventNotifications.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
