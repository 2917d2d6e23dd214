import type { SignaturePreset } from '../preset.ts';

export const xero: SignaturePreset = {
  name: 'xero',
  title: 'Xero',
  docs: 'https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/',
  signature: {
    acknowledge: 200,
    digest: 'base64',
    signature: { header: 'x-xero-signature' },
    handshake: [
      {
        when: [
          { path: '$.entropy', exists: true },
          { path: '$.events[0]', exists: false },
        ],
        answer: { status: 200 },
      },
    ],
  },
  secretScope: 'app',
  tenant: ['$.events[*].tenantId'],
  limits: { answerWithin: 5, retries: 'for 24 hours, then the webhook is switched off' },
  secret: { where: 'Xero Developer, My Apps, the app, Webhooks: the webhooks key', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'The intent to receive is a request with an empty list of events: signed ones must get 200, others 401.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'Events come as a list: use split.',
  ],
};
