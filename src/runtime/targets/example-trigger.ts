/** A trigger with values that must turn up nowhere: what the suite for targets, and their own tests, send. */
import type { OutgoingTrigger } from '../../outcomes/delivery.ts';

/** Values of the payload that must turn up in no error, log or announcement. */
export const PRIVATE = 'ada@example.com';
export const AMOUNT = '4200';

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
      variables: { amount: AMOUNT },
      notificationDetail: { title: 'Payment failed' },
      metadata: { source: 'stripe' },
      flowInvocationId,
    },
    ...changes,
  };
}

/** A signal that is never given. */
export const never = (): AbortSignal => new AbortController().signal;
