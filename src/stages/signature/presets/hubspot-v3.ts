import type { SignaturePreset } from '../preset.ts';

export const hubspotV3: SignaturePreset = {
  name: 'hubspot-v3',
  title: 'HubSpot, signature v3',
  docs: 'https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests',
  signature: {
    digest: 'base64',
    signature: { header: 'x-hubspot-signature-v3' },
    timestamp: { header: 'x-hubspot-request-timestamp', tolerance: 300 },
    template: '[method][url][payload][timestamp]',
  },
  timestampFormat: 'milliseconds',
  secretScope: 'app',
  tenant: ['$[*].portalId'],
  attempt: ['$[*].attemptNumber'],
  limits: { retries: '10 times; never after 400, 401, 403, 404 or 405' },
  secret: { where: 'HubSpot developer account, the app, Auth: the client secret', looks: 'as shown' },
  evidence: '@hubspot/api-client 14.0.1 signs it',
  notes: [
    'Needs the public URL of the deployment. HubSpot signs it with some percent escapes decoded: keep escapes out of the URL.',
    'Events come as a list: use split. HubSpot does not promise that eventId is unique: say what identifies an event.',
    'The secret is the client secret of the app, the same for every account.',
  ],
};
