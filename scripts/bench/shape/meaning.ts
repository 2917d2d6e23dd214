/**
 * Changes of meaning inside of one type: a value in, what could stand there instead out; null where the change is none of
 * this value. The first five must not be delivered in a recipient; the last three nobody can tell from the shape.
 */
import type { JsonValue } from '../../../src/stages/json/json-value.ts';

export const CHANGES = [
  'email to name',
  'uuid to digits',
  '[REDACTED]',
  'blank',
  'null',
  'anything else to uuid',
  'any text, uuids too, to another uuid',
] as const;
export type Change = (typeof CHANGES)[number];
/** The changes that the aim is for. */
export const AIMED: readonly Change[] = CHANGES.slice(0, 5);

export const MISSED = ['amount x 100', "another person's email", 'new enum value'] as const;
export type Missed = (typeof MISSED)[number];

/** Another uuid is no change of meaning, but another person. The last of the changes counts it as one all the same; both are published. */
const IS_UUID = /^\{?[0-9a-f]{8}-/i;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const OTHER_UUID = '7d444840-9dc0-11d1-b245-5ffdce74fad2';
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function changeMeaning(value: JsonValue, change: Change): JsonValue | undefined {
  const text = typeof value === 'string' ? value : null;
  switch (change) {
    case 'email to name':
      return text !== null && EMAIL.test(text) ? 'Jane Doe' : undefined;
    case 'uuid to digits':
      return text !== null && UUID.test(text) ? '48151623' : undefined;
    case '[REDACTED]':
      return text === null ? undefined : '[REDACTED]';
    case 'blank':
      return text === null ? undefined : ' ';
    case 'null':
      return null;
    case 'anything else to uuid':
      return text === null || IS_UUID.test(text) ? undefined : OTHER_UUID;
    case 'any text, uuids too, to another uuid':
      return text === null ? undefined : OTHER_UUID;
  }
}

export function changeUnseen(value: JsonValue, change: Missed): JsonValue | undefined {
  switch (change) {
    case 'amount x 100':
      return typeof value === 'number' && value !== 0 ? value * 100 : undefined;
    case "another person's email":
      return typeof value === 'string' && EMAIL.test(value) ? 'somebody.else@example.net' : undefined;
    case 'new enum value':
      return typeof value === 'string' && /^[a-z_]{3,20}$/.test(value) ? 'superseded' : undefined;
  }
}
