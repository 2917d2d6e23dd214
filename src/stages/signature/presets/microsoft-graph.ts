import type { SignaturePreset } from '../preset.ts';

export const microsoftGraph: SignaturePreset = {
  name: 'microsoft-graph',
  title: 'Microsoft Graph',
  docs: 'https://learn.microsoft.com/graph/change-notifications-delivery-webhooks',
  signature: {
    type: 'token',
    acknowledge: 202,
    signature: { body: '$.value[0].clientState' },
    handshake: [
      {
        proof: 'none',
        when: [{ query: 'validationToken', exists: true }],
        answer: { text: { query: 'validationToken' } },
      },
    ],
  },
  secretScope: 'endpoint',
  limits: { answerWithin: 3, retries: 'for up to 4 hours, with growing gaps' },
  secret: { where: 'chosen by you: clientState of the subscription', looks: 'up to 128 characters' },
  evidence: 'documentation only',
  weak: 'The clientState proves the sender, not what is sent: nothing else is covered.',
  notes: [
    'Notifications come as a list ($.value): use split. The clientState of the first one is compared; all of one request are of one subscription service.',
    'The validation comes whenever a subscription is created or renewed; it is answered unattended.',
  ],
};
