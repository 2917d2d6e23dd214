import { expect, test } from 'vitest';
import type { FlowReport } from '../../src/admin-api/answers.ts';
import { mergeFlows } from '../../src/runtime/delivery/merge-flows.ts';

const base: FlowReport = {
  target: 'http',
  flow: 'a',
  state: 'well',
  since: null,
  failures: 0,
  reason: null,
  nextTryAt: null,
  inFlight: 2,
  waiting: 3,
};

test('what several processes know of one flow is one report, the worst of them', () => {
  const failing = {
    ...base,
    state: 'failing',
    since: 50,
    failures: 5,
    reason: 'the target answered 500',
  } as const;
  const slow = { ...base, state: 'slow', since: 20, failures: 9 } as const;
  const elsewhere = { ...base, target: 'nats' };
  expect(mergeFlows([base, failing, elsewhere, slow])).toEqual([
    { ...failing, since: 20, failures: 9, inFlight: 6, waiting: 9 },
    elsewhere,
  ]);
});
