/** Bundles for tests of the runtime: connectors that take `{"user": "...", "amount": 1}` from anybody, unless said otherwise. */
import { type BundleOrigin, encodeBundle } from '../../src/bundle/codec.ts';
import type { ConnectorPlan } from '../../src/bundle/plan.ts';

export function planOf(given: Partial<ConnectorPlan> & { readonly id: string }): ConnectorPlan {
  return {
    actionFlow: 'BkX2pQ',
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
      shape: {
        types: ['object'],
        members: { amount: { types: ['number'] }, user: { types: ['string'] } },
      },
      fingerprint: '0'.repeat(64),
      sampleFingerprints: ['0'.repeat(64)],
      reads: [{ paths: ['$.user'], required: true, optional: false, inEverySample: true }],
    },
    mapping: { kind: 'structured', targetUserIds: [{ kind: 'path', paths: ['$.user'] }] },
    idempotency: { kind: 'none' },
    behaviour: '1'.repeat(64),
    ...given,
  };
}

export function bundleOf(plans: readonly ConnectorPlan[], origin: Partial<BundleOrigin> = {}): Buffer {
  return encodeBundle(plans, { revision: 'test', sequence: 1, tool: 'sluice test', ...origin });
}
