import type { SignaturePreset } from '../preset.ts';

export const bitbucket: SignaturePreset = {
  name: 'bitbucket',
  title: 'Bitbucket',
  docs: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/',
  signature: { signature: { header: 'x-hub-signature', parsePrefix: 'sha256=' } },
  secretScope: 'endpoint',
  notes: [
    'Headers are not signed: x-event-key may narrow, and x-request-uuid may not identify an event.',
    'Nothing proves when it was sent: a recorded request can be sent again.',
  ],
};
