import type { SignaturePreset } from '../preset.ts';

export const auth0: SignaturePreset = {
  name: 'auth0',
  title: 'Auth0 custom log streams',
  docs: 'https://auth0.com/docs/customize/log-streams/custom-log-streams',
  signature: { type: 'token', signature: { header: 'authorization' } },
  secretScope: 'endpoint',
  limits: { retries: '3 times' },
  secret: {
    where: 'chosen by you: Auth0 Dashboard, Monitoring, Streams, the stream: the authorization token',
    looks: 'the whole header',
  },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'The secret is the whole header, including a word such as Bearer if the stream sends one.',
    'Let the stream send a JSON array or object, not JSON lines.',
  ],
};
