import type { SignaturePreset } from '../preset.ts';

export const docusign: SignaturePreset = {
  name: 'docusign',
  title: 'DocuSign Connect',
  docs: 'https://developers.docusign.com/platform/webhooks/connect/hmac/',
  signature: {
    digest: 'base64',
    signature: {
      header: [
        'x-docusign-signature-1',
        'x-docusign-signature-2',
        'x-docusign-signature-3',
        'x-docusign-signature-4',
        'x-docusign-signature-5',
        'x-docusign-signature-6',
        'x-docusign-signature-7',
        'x-docusign-signature-8',
      ],
    },
  },
  secretScope: 'account',
  attempt: ['$.retryCount'],
  limits: { answerWithin: 100, retries: 'for up to 15 days, with growing gaps' },
  secret: { where: 'DocuSign eSignature Admin, Connect, Connect Keys: shown once', looks: 'as shown' },
  evidence: 'documentation, which public receivers read alike',
  notes: [
    'There is one header for each key of the account; the first eight are tried.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
