import type { ConnectorPlan } from '../../src/bundle/plan.ts';
import type { Shape, SignaturePlan } from '../../src/stages/plans.ts';

/** The shape of {id, user: {id, name?}, amount}. */
const shape: Shape = {
  types: ['object'],
  members: {
    amount: { types: ['number'] },
    id: { types: ['string'] },
    user: {
      types: ['object'],
      members: { id: { types: ['string'] }, name: { types: ['string'] } },
      optional: ['name'],
    },
  },
};

/** HMAC-SHA256 of the body in x-signature, hex, with the secret of SLUICE_SECRET_TEST. */
export const hmacSignature: SignaturePlan = {
  type: 'hmac',
  algorithm: 'sha256',
  digest: 'hex',
  secrets: [{ env: 'SLUICE_SECRET_TEST' }],
  secretEncoding: 'utf8',
  signature: { headers: ['x-signature'] },
  template: [{ kind: 'payload' }],
  handshake: [],
  covers: { body: true, headers: [], timestamp: false },
};

/** A connector of status test, without proof of origin, for events {id, user: {id}, amount}. */
export function makePlan(changes: Partial<ConnectorPlan> = {}): ConnectorPlan {
  return {
    id: 'orders',
    actionFlow: 'flow_1',
    status: 'test',
    methods: ['POST', 'PUT'],
    body: 'json',
    allowIps: [],
    signature: null,
    urlKey: false,
    when: [],
    testWhen: null,
    split: null,
    shape: {
      policy: 'mapped',
      pauseAfter: 3,
      shape,
      fingerprint: '0'.repeat(64),
      sampleFingerprints: ['0'.repeat(64)],
      reads: [
        { paths: ['$.user.id'], required: true, optional: false, inEverySample: true },
        { paths: ['$.amount'], required: false, optional: false, inEverySample: true },
      ],
    },
    mapping: {
      kind: 'structured',
      targetUserIds: [{ kind: 'path', paths: ['$.user.id'] }],
      variables: { amount: { kind: 'path', paths: ['$.amount'], as: 'string' } },
    },
    idempotency: { kind: 'path', path: '$.id' },
    behaviour: 'b'.repeat(64),
    ...changes,
  };
}
