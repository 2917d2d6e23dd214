import type { SignaturePreset } from '../preset.ts';

export const cloudevents: SignaturePreset = {
  name: 'cloudevents',
  title: 'CloudEvents over webhooks, with a bearer token',
  docs: 'https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md',
  signature: {
    type: 'token',
    signature: { header: 'authorization', parsePrefix: 'Bearer ' },
    handshake: [
      {
        method: 'OPTIONS',
        when: [{ header: 'webhook-request-origin', exists: true }],
        answer: {
          headers: {
            'webhook-allowed-origin': { header: 'webhook-request-origin' },
            'webhook-allowed-rate': '*',
          },
        },
      },
    ],
  },
  secretScope: 'endpoint',
  secret: { where: 'chosen by you: the token of the sender', looks: 'as you entered it' },
  evidence: 'documentation only',
  weak: 'The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'Any origin may ask for permission to send, as the token is what lets it in. WebHook-Request-Callback is never called.',
    'Of the event id (id, or ce-id in binary mode) nothing is proven: say what identifies an event.',
  ],
};
