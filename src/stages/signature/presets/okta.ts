import type { SignaturePreset } from '../preset.ts';

export const okta: SignaturePreset = {
  name: 'okta',
  title: 'Okta event hooks',
  docs: 'https://developer.okta.com/docs/concepts/event-hooks/',
  signature: {
    acknowledge: 200,
    type: 'token',
    signature: { header: 'authorization' },
    handshake: [
      {
        // Okta sends the token with its challenge, too.
        method: 'GET',
        proof: 'signature',
        when: [{ header: 'x-okta-verification-challenge', exists: true }],
        answer: { json: { verification: { header: 'x-okta-verification-challenge' } } },
      },
    ],
  },
  secretScope: 'endpoint',
  limits: { answerWithin: 3, retries: 'once; never after a 4xx' },
  secret: {
    where: 'chosen by you: Okta Admin Console, Workflow, Event Hooks: the authentication secret',
    looks: 'the whole header',
  },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'The hook needs an authentication field (Authorization) and its secret before it is verified.',
    'Events come as a list (data.events): use split.',
  ],
};
