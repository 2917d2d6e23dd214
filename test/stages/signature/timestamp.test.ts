import { expect, test } from 'vitest';
import { formatTimestamp, parseTimestamp } from '../../../src/stages/signature/timestamp.ts';

const TIME = 1_760_000_000_000;

test.each([
  ['1760000000', TIME],
  ['1760000000123', TIME + 123],
  ['2025-10-09T08:53:20Z', TIME],
  ['2025-10-09T08:53:20.000Z', TIME],
  ['2025-10-09T08:53:20.123456789Z', TIME + 123],
  ['2025-10-09T10:53:20+02:00', TIME],
  ['2025-10-09T01:53:20-07:00', TIME],
  ['0', 0],
])('%s is understood', (text, time) => {
  expect(parseTimestamp(text)).toBe(time);
});

test.each([
  '',
  ' 1760000000',
  '1760000000 ',
  '+1760000000',
  '-1760000000',
  '1.76e9',
  '0x68e77b80',
  '176000000012',
  '17600000001234',
  '١٧٦٠٠٠٠٠٠٠',
  'NaN',
  'Infinity',
  '2025-10-09',
  '2025-10-09T08:53:20',
  '2025-13-09T08:53:20Z',
  '2025-10-09T25:53:20Z',
  '176000000012345678',
  'Thu, 09 Oct 2025 08:53:20 +0000',
  'Thursday, 09-Oct-25 08:53:20 GMT',
])('%j is not', (text) => {
  expect(parseTimestamp(text)).toBeNull();
});

test.each(['seconds', 'milliseconds', 'iso'] as const)('%s are written as they are read', (format) => {
  expect(parseTimestamp(formatTimestamp(TIME, format))).toBe(TIME);
});

test('each format looks as senders write it', () => {
  expect(formatTimestamp(TIME + 789, 'seconds')).toBe('1760000000');
  expect(formatTimestamp(TIME + 789, 'milliseconds')).toBe('1760000000789');
  expect(formatTimestamp(TIME + 789, 'iso')).toBe('2025-10-09T08:53:20Z');
});

test.each([
  ['1760000000.25', 1_760_000_000_250],
  ['1760000000000000', 1_760_000_000_000],
  ['1760000000000000000', 1_760_000_000_000],
  ['2025-10-09 08:53:20Z', 1_760_000_000_000],
  ['2025-10-09T10:53:20+0200', 1_760_000_000_000],
  ['2025-10-09T03:53:20-05', 1_760_000_000_000],
  ['2025-10-09T08:53:20,5Z', 1_760_000_000_500],
  ['Thu, 09 Oct 2025 08:53:20 GMT', 1_760_000_000_000],
])('%j is a time that some sender writes', (text, time) => {
  expect(parseTimestamp(text)).toBe(time);
});
