import type { SignaturePreset } from '../preset.ts';

export const salesforceMarketingCloud: SignaturePreset = {
  name: 'salesforce-marketing-cloud',
  title: 'Salesforce Marketing Cloud, Event Notification Service',
  docs: 'https://developer.salesforce.com/docs/marketing/marketing-cloud/guide/ens-notification-signing.html',
  signature: { digest: 'base64', signature: { header: 'x-sfmc-ens-signature' } },
  secretScope: 'endpoint',
  notes: [
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'The callback is verified once by a POST with a verificationKey, which comes before there is a signature key: capture it, and confirm it in Salesforce.',
  ],
};
