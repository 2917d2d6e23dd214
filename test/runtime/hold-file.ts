/** The file of a hold of the connector `one`, as an earlier process left it: undelivered, due in an hour. */
import { createHoldIds } from '../../src/runtime/state/hold-id.ts';

export function makeHoldFile({
  number,
  receivedAt,
  changes: { target, ...changes },
}: {
  readonly number: number;
  readonly receivedAt: number;
  readonly changes: { readonly target?: string };
}): { readonly id: string; readonly text: string } {
  const id = createHoldIds(() => receivedAt)();
  const common = { requestId: `r${number}`, connector: 'one' };
  const trigger = {
    ...common,
    actionFlow: 'F1',
    ...(target === undefined ? {} : { target }),
    mode: 'live',
    flowInvocationId: `i${number}`,
    trigger: { targetUserIds: ['u1'], flowInvocationId: `i${number}` },
  };
  const hold = {
    format: 1,
    id,
    ...common,
    receivedAt,
    code: 'undelivered',
    message: 'the target does not take it yet: down',
    mode: 'live',
    behaviour: '1'.repeat(64),
    differences: [],
    sourceId: `e${number}`,
    requestDigest: String(number).padStart(64, '0'),
    verifiedBy: null,
    request: { method: 'POST', url: '/c/one', ip: '127.0.0.1', headers: [], body: 'e30=' },
    elements: null,
    triggers: [trigger],
    count: 1,
    attempts: 1,
    nextAttemptAt: Date.now() + 3_600_000,
    ...changes,
  };
  return { id, text: JSON.stringify(hold) };
}
