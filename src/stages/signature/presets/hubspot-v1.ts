import type { SignaturePreset } from '../preset.ts';

export const hubspotV1: SignaturePreset = {
  name: 'hubspot-v1',
  title: 'HubSpot, signature v1',
  docs: 'https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests',
  signature: { type: 'hash', signature: { header: 'x-hubspot-signature' }, template: '[secret][payload]' },
  secretScope: 'app',
  tenant: ['$[*].portalId'],
  attempt: ['$[*].attemptNumber'],
  limits: { retries: '10 times; never after 400, 401, 403, 404 or 405' },
  secret: { where: 'HubSpot developer account, the app, Auth: the client secret', looks: 'as shown' },
  evidence: '@hubspot/api-client 14.0.1 signs it',
  weak: 'A plain hash, no HMAC: whoever has seen a request can append bytes to its body and sign that (length extension). What is appended is never valid UTF-8, so no JSON comes of it. Prefer hubspot-v3.',
  notes: [
    'Nothing proves when it was sent: a recorded request can be sent again.',
    'Events come as a list: use split. The secret is the client secret of the app, the same for every account.',
  ],
};
