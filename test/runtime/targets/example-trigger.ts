import type { OutgoingTrigger } from '../../../src/outcomes/delivery.ts';

/** A value of the payload that must turn up in no error, log or announcement. */
export const PRIVATE = 'ada@example.com';

export function makeTrigger(changes: Partial<OutgoingTrigger> = {}): OutgoingTrigger {
  const flowInvocationId = changes.flowInvocationId ?? 'a3f1c0de';
  return {
    requestId: 'req-1',
    connector: 'stripe-payment-failed',
    actionFlow: 'BkX2pQ',
    mode: 'live',
    flowInvocationId,
    trigger: {
      targetUserIds: [PRIVATE],
      cardOptions: { priority: 5, expiresInterval: 'PT1H' },
      variables: { amount: '4200' },
      notificationDetail: { title: 'Payment failed' },
      metadata: { source: 'stripe' },
      flowInvocationId,
    },
    ...changes,
  };
}

export const never = (): AbortSignal => new AbortController().signal;
