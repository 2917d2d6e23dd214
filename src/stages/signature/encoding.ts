/**
 * How digests and keys are written as text. In: text that anyone may have sent. Out: bytes, or nothing. Every decoder is
 * strict: one value has one spelling, so that changing a single bit of the text never leaves the value as it was.
 */
import type { DigestEncoding } from '../plans.ts';

const UPPER_HEX = /^[0-9A-F]*$/;

/**
 * The canonical spelling of a digest's text: hex may be all lower or all upper case (never mixed), base64url may carry
 * its padding or not. Anything else comes back as it is, and so equals no digest.
 */
export function canonicalText(text: string, encoding: DigestEncoding): string {
  if (encoding === 'hex') return UPPER_HEX.test(text) ? text.toLowerCase() : text;
  if (encoding === 'base64url' && text.length % 4 === 0 && text.endsWith('='))
    return text.replace(/={1,2}$/, '');
  return text;
}

/** Bytes of a text in the encoding; null when it is empty or not exactly so written (RFC 4648, no stray bits or signs). */
export function decodeStrict(text: string, encoding: DigestEncoding): Buffer | null {
  const canonical = canonicalText(text, encoding);
  const bytes = Buffer.from(canonical, encoding);
  return bytes.length > 0 && bytes.toString(encoding) === canonical ? bytes : null;
}

/** Base64 in either alphabet, with its padding or without: operators paste keys as their provider shows them. */
export function decodeAnyBase64(text: string): Buffer | null {
  return decodeStrict(text, 'base64') ?? decodeStrict(text, 'base64url');
}

/**
 * The bytes of a header or a URL as they came over the wire: Node reads them as Latin-1. Null for a text that cannot
 * have come over the wire.
 */
export function wireBytes(text: string): string | Buffer | null {
  // ASCII, the usual case, needs no copy.
  if (Buffer.byteLength(text, 'utf8') === text.length) return text;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0xff) return null;
  return Buffer.from(text, 'latin1');
}
