import type { SignaturePreset } from '../preset.ts';

export const okta: SignaturePreset = {
  name: 'okta',
  title: 'Okta event hooks',
  docs: 'https://developer.okta.com/docs/concepts/event-hooks/',
  signature: { type: 'token', signature: { header: 'authorization' } },
  secretScope: 'endpoint',
  notes: [
    'The token proves the sender, not what is sent: neither body nor headers are covered.',
    'The hook is verified once by an unsigned GET with x-okta-verification-challenge, which is not answered.',
    'Events come as a list (data.events): use split.',
  ],
};
