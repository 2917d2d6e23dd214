import type { SignaturePreset } from '../preset.ts';

const isValidation = { header: 'aeg-event-type', equals: 'SubscriptionValidation' };
const answer = { json: { validationResponse: '$[0].data.validationCode' } };

export const azureEventGrid: SignaturePreset = {
  name: 'azure-event-grid',
  title: 'Azure Event Grid',
  docs: 'https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema',
  signature: {
    type: 'token',
    signature: { header: 'authorization' },
    handshake: [
      { when: [isValidation], answer },
      { proof: 'window', when: [isValidation], answer },
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
  limits: { answerWithin: 30, retries: 'with growing intervals, for up to 24 hours' },
  secret: {
    where: 'chosen by you: delivery properties of the subscription, header Authorization',
    looks: 'the whole header',
  },
  evidence: 'documentation only',
  weak: 'Event Grid signs nothing. The token proves the sender, not what is sent: neither body nor headers are covered.',
  notes: [
    'Give the event subscription a delivery property named Authorization with a secret value: the secret is that whole value.',
    'A subscription validation without the token is answered only while `sluice capture` waits. Its validationUrl is never called.',
    'In the Event Grid schema events come as a list: use split.',
  ],
};
