import { describe, expect, test } from 'vitest';
import {
  canonicalText,
  decodeAnyBase64,
  decodeStrict,
  wireBytes,
} from '../../../src/stages/signature/encoding.ts';

describe('decodeStrict', () => {
  test.each([
    ['hex', '00ff', '00ff'],
    ['hex', '00FF', '00ff'],
    ['base64', 'AP8=', '00ff'],
    ['base64', 'AP8A', '00ff00'],
    ['base64', '+/+/', 'fbffbf'],
    ['base64url', '-_-_', 'fbffbf'],
    ['base64url', 'AP8', '00ff'],
    ['base64url', 'AP8=', '00ff'],
    ['base64url', 'AA==', '00'],
  ] as const)('%s takes %s', (encoding, text, bytes) => {
    expect(decodeStrict(text, encoding)?.toString('hex')).toBe(bytes);
  });

  test.each([
    ['hex', ''],
    ['hex', '0'],
    ['hex', '00fF'],
    ['hex', '00f'],
    ['hex', '00fg'],
    ['hex', ' 00ff'],
    ['hex', '00ff\n'],
    ['hex', '0x00'],
    ['base64', ''],
    ['base64', 'AP8'],
    ['base64', 'AP8=='],
    ['base64', 'AP8=A'],
    ['base64', 'AP8 ='],
    ['base64', 'AP9='],
    ['base64', '-_-_'],
    ['base64', 'AP8=\n'],
    ['base64', '===='],
    ['base64url', '+/+/'],
    ['base64url', 'AP8=='],
    ['base64url', 'AP9'],
    ['base64url', 'AA='],
    ['base64url', 'AP8A===='],
  ] as const)('%s refuses %j', (encoding, text) => {
    expect(decodeStrict(text, encoding)).toBeNull();
  });
});

test('keys in base64 may come in either alphabet, with padding or without', () => {
  for (const text of ['+/+/AA==', '-_-_AA', '-_-_AA==']) {
    expect(decodeAnyBase64(text)?.toString('hex')).toBe('fbffbf00');
  }
  expect(decodeAnyBase64('+/-_')).toBeNull();
});

test('canonicalText leaves alone what it does not know', () => {
  expect(canonicalText('aB', 'hex')).toBe('aB');
  expect(canonicalText('AB', 'hex')).toBe('ab');
  expect(canonicalText('A=', 'base64url')).toBe('A=');
});

test('text from the wire keeps its bytes', () => {
  expect(wireBytes('plain')).toBe('plain');
  // What Node makes of the UTF-8 bytes of "é".
  expect(wireBytes('\u00c3\u00a9')).toEqual(Buffer.from('é', 'utf8'));
  expect(wireBytes('é')).toEqual(Buffer.from([0xe9]));
  expect(wireBytes('\u0131')).toBeNull();
});
