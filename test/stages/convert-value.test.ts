import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '../../src/stages/json/json-value.ts';
import { convertValue, withoutBigints } from '../../src/stages/mapping/convert-value.ts';
import type { Conversion } from '../../src/stages/plans.ts';

test.each<[Conversion, JsonValue, unknown]>([
  ['string', 'a', 'a'],
  ['string', 1.5, '1.5'],
  ['string', true, 'true'],
  ['string', 12345678901234567890n, '12345678901234567890'],
  ['string', ['a'], undefined],
  ['string', {}, undefined],
  ['number', 1.5, 1.5],
  ['number', '-1.50', -1.5],
  ['number', '1e3', 1000],
  ['number', '', undefined],
  ['number', ' 1', undefined],
  ['number', '1,5', undefined],
  ['number', '0x10', undefined],
  ['number', '01', undefined],
  ['number', 'Infinity', undefined],
  ['number', '1e999', undefined],
  ['number', '12345678901234567890', undefined],
  ['number', 12345678901234567890n, undefined],
  ['number', true, undefined],
  ['number', '1'.repeat(100_000), undefined],
  ['integer', 5, 5],
  ['integer', '5', 5],
  ['integer', '5.0', 5],
  ['integer', 5.5, undefined],
  ['integer', 1e20, undefined],
  ['boolean', true, true],
  ['boolean', 'false', false],
  ['boolean', 1, true],
  ['boolean', '0', false],
  ['boolean', 'True', true],
  ['boolean', 'FALSE', false],
  ['boolean', 'yes', undefined],
  ['boolean', 2, undefined],
  ['json', { a: [1, 12345678901234567890n] }, '{"a":[1,12345678901234567890]}'],
  ['json', 'a', '"a"'],
  ['date-time', 1760000000, '2025-10-09T08:53:20.000Z'],
  ['date-time', '1760000000', '2025-10-09T08:53:20.000Z'],
  ['date-time', '1355517523.000005', '2012-12-14T20:38:43.000Z'],
  ['date-time', 1760000000123, '2025-10-09T08:53:20.123Z'],
  ['date-time', 0, undefined],
  ['date-time', -1760000000, undefined],
  ['date-time', 20240131, undefined],
  ['date-time', '20240131', undefined],
  ['date-time', 1e300, undefined],
  ['date-time', 1760000000n, '2025-10-09T08:53:20.000Z'],
  ['date-time', 1760000000123n, '2025-10-09T08:53:20.123Z'],
  ['date-time', 1760000000123456n, '2025-10-09T08:53:20.123Z'],
  ['date-time', 1760000000123456789n, '2025-10-09T08:53:20.123Z'],
  ['date-time', 0n, undefined],
  ['date-time', -1760000000n, undefined],
  ['date-time', 20240131n, undefined],
  ['date-time', '2025-10-09T08:53:20Z', '2025-10-09T08:53:20.000Z'],
  ['date-time', '2025-10-09T10:53:20.123456789+02:00', '2025-10-09T08:53:20.123Z'],
  ['date-time', '2025-10-09 08:53:20 -0330', '2025-10-09T12:23:20.000Z'],
  ['date-time', '2025-10-09 08:53', '2025-10-09T08:53:00.000Z'],
  ['date-time', '2025-10-09', '2025-10-09T00:00:00.000Z'],
  ['date-time', '2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['date-time', '2025-02-29', undefined],
  ['date-time', '2025-13-01', undefined],
  ['date-time', '2025-10-09T24:00:00Z', undefined],
  ['date-time', '2025-10-09T08:60:00Z', undefined],
  ['date-time', '2025-10-09T08:53:20+25:00', undefined],
  ['date-time', '09.10.2025', undefined],
  ['date-time', 'tomorrow', undefined],
  ['date-time', '', undefined],
  ['date-time', true, undefined],
])('as %s: %s', (conversion, value, expected) => {
  expect(convertValue(value, conversion)).toBe(expected);
});

test('every time that a Date writes is read back, in any zone', () => {
  const day = fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true });
  fc.assert(
    fc.property(day, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
      expect(convertValue(date.toISOString(), 'date-time')).toBe(date.toISOString());
      const shifted = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
      const minutes = Math.abs(offset);
      const pad = (number: number) => String(number).padStart(2, '0');
      const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
      expect(convertValue(shifted + zone, 'date-time')).toBe(date.toISOString());
    }),
  );
});

test('bigints become texts wherever they stand, and nothing else is copied', () => {
  const shared = { a: [1, 'x', null], b: {} };
  expect(withoutBigints(shared)).toBe(shared);
  const value = JSON.parse('{"__proto__":{"n":0}}');
  value.list = [1n, { deep: 2n }];
  const converted = withoutBigints(value) as Record<string, unknown>;
  expect(JSON.stringify(converted)).toBe('{"__proto__":{"n":0},"list":["1",{"deep":"2"}]}');
  expect(Object.getPrototypeOf(converted)).toBe(Object.prototype);
});
