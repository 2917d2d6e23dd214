import type { SignaturePreset } from '../preset.ts';

export const salesforceMarketingCloud: SignaturePreset = {
  name: 'salesforce-marketing-cloud',
  title: 'Salesforce Marketing Cloud, Event Notification Service',
  docs: 'https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/ens-notification-signing.html',
  signature: {
    acknowledge: 200,
    digest: 'base64',
    signature: { header: 'x-sfmc-ens-signature' },
    handshake: [
      {
        proof: 'window',
        when: [
          { path: '$.verificationKey', exists: true },
          { header: 'x-sfmc-ens-signature', exists: false },
        ],
        answer: { status: 200 },
      },
    ],
  },
  secretScope: 'endpoint',
  limits: { retries: 'with growing gaps for up to 24 hours' },
  secret: { where: 'answer of the API when the callback is created: signatureKey', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The callback is verified once by a POST with a verificationKey, which comes before there is a signature key. It is answered only while `sluice capture` waits, which shows it: confirm it with the verify route of Salesforce.',
  ],
};
