import { createHash } from 'node:crypto';
import type { StoredRequest } from '../../../src/admin-api/records.ts';
import type { OutgoingTrigger } from '../../../src/outcomes/delivery.ts';
import type { NewHold } from '../../../src/runtime/state/state.ts';

export const CONNECTOR = 'stripe-payment-failed';
export const BEHAVIOUR = 'a'.repeat(64);
export const RECEIVED_AT = Date.parse('2025-10-09T08:53:20Z');

let requests = 0;

export function makeRequest(given?: unknown): StoredRequest {
  requests += 1;
  const body = given ?? { id: `evt_${requests}` };
  return {
    method: 'POST',
    url: `/c/${CONNECTOR}`,
    ip: '203.0.113.9',
    headers: [['content-type', 'application/json']],
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)).toString('base64'),
  };
}

/** A request that pauses its connector, unless something else is asked for. Each has an event of its own. */
export function makeHold(changes: Partial<NewHold> = {}): NewHold {
  requests += 1;
  return {
    connector: CONNECTOR,
    requestId: `req_${requests}`,
    receivedAt: RECEIVED_AT,
    code: 'shape-changed',
    message: '$.amount: expected number, found object',
    grade: 'pause',
    pauseAfter: 3,
    mode: 'live',
    behaviour: BEHAVIOUR,
    differences: [{ path: '$.amount', expected: 'number', found: 'object' }],
    sourceId: `evt_${requests}`,
    verifiedBy: 'SLUICE_SECRET_STRIPE',
    request: makeRequest(),
    elements: null,
    triggers: [],
    ...changes,
    requestDigest: changes.requestDigest ?? digestOf(changes.request),
  };
}

/** Requests that say the same have the same digest; those that nobody names say nothing but their ids. */
function digestOf(request?: StoredRequest): string {
  return createHash('sha256')
    .update(request?.body ?? '')
    .digest('hex');
}

export function makeTrigger(
  flowInvocationId: string,
  changes: Partial<OutgoingTrigger> = {},
): OutgoingTrigger {
  return {
    requestId: 'req_1',
    connector: CONNECTOR,
    actionFlow: 'BkX2pQ',
    mode: 'live',
    flowInvocationId,
    trigger: { targetUserIds: ['user_1'], flowInvocationId },
    ...changes,
  };
}

/** A request whose triggers the target did not take. */
export function makeUndelivered(ids: readonly string[], changes: Partial<NewHold> = {}): NewHold {
  const mode = changes.mode ?? 'live';
  return makeHold({
    code: 'undelivered',
    grade: 'none',
    message: 'the target gave no answer within 2000 ms',
    differences: [],
    triggers: ids.map((id) => makeTrigger(id, { mode, connector: changes.connector ?? CONNECTOR })),
    ...changes,
  });
}
