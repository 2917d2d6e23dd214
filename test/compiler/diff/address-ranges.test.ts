import { expect, test } from 'vitest';
import { findUncovered } from '../../../src/workbench/diff/plans/address-ranges.ts';

test.each([
  ['two halves cover the whole', ['203.0.113.0/24'], ['203.0.113.0/25', '203.0.113.128/25'], []],
  ['but not with a gap', ['203.0.113.0/24'], ['203.0.113.0/25', '203.0.113.192/26'], ['203.0.113.0/24']],
  ['a single address in a range', ['10.1.2.3'], ['10.0.0.0/8'], []],
  ['nothing covers nothing', ['10.1.2.3'], [], ['10.1.2.3']],
  ['IPv6 covers no IPv4', ['10.1.2.3', '2001:db8::1'], ['2001:db8::/32'], ['10.1.2.3']],
  ['all of IPv6', ['2001:db8::/32'], ['::/1', '8000::/1'], []],
] as const)('%s', (_, ranges, others, uncovered) => {
  expect(findUncovered(ranges, others)).toEqual(uncovered);
});
