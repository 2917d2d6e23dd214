/**
 * The cryptography of a signature. In: the pieces of the signed text, a key, and the signatures found. Out: whether one
 * of them is right. All comparisons take the same time wherever the first difference is.
 */
import { createHash, createHmac, timingSafeEqual, verify } from 'node:crypto';
import type { SignaturePlan } from '../plans.ts';
import { canonicalText, decodeStrict } from './encoding.ts';
import type { Key } from './keys.ts';
import { type Piece, SECRET } from './signed-text.ts';

type Scheme = Pick<SignaturePlan, 'type' | 'algorithm' | 'digest'>;

/** True when one of the candidates is the signature that the key's owner makes over the pieces. Never throws. */
export function isProven(
  scheme: Scheme,
  key: Key,
  pieces: readonly Piece[],
  candidates: readonly string[],
): boolean {
  switch (scheme.type) {
    case 'token':
      return candidates.some((candidate) => isToken(key, candidate));
    case 'basic':
      return candidates.some((candidate) => isCredentials(key, candidate));
    // Judged by its own claims: jwt.ts.
    case 'jwt':
      return false;
    case 'ed25519':
    case 'ecdsa':
    case 'rsa': {
      const signed = joinPieces(pieces);
      return candidates.some((candidate) => isPublicKeySignature(scheme, key, signed, candidate));
    }
    case 'hmac':
    case 'hash': {
      const expected = keyedDigest(scheme, key, pieces);
      return candidates.some((candidate) => isSameText(expected, canonicalText(candidate, scheme.digest)));
    }
  }
}

/** The digest that a sender with this key writes, for types hmac and hash. */
export function keyedDigest(scheme: Scheme, key: Key, pieces: readonly Piece[]): string {
  const digest =
    scheme.type === 'hmac'
      ? createHmac(scheme.algorithm, key.object ?? key.bytes)
      : createHash(scheme.algorithm);
  for (const piece of pieces) digest.update(piece === SECRET ? key.bytes : piece);
  return digest.digest(scheme.digest);
}

/** The pieces in one buffer; public keys never stand in a template. */
export function joinPieces(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.flatMap((piece) => (piece === SECRET ? [] : [Buffer.from(piece)])));
}

/** Compares two texts whose lengths are no secret. */
export function isSameText(expected: string, found: string): boolean {
  const expectedBytes = Buffer.from(expected, 'utf8');
  const foundBytes = Buffer.from(found, 'utf8');
  return expectedBytes.length === foundBytes.length && timingSafeEqual(expectedBytes, foundBytes);
}

/** Compares through digests, as the length of a token is the sender's and the operator's business. */
function isToken(key: Key, candidate: string): boolean {
  const expected = createHash('sha256').update(key.bytes).digest();
  return timingSafeEqual(expected, createHash('sha256').update(candidate, 'utf8').digest());
}

/** Compares through digests, too. What is not base64 decodes to other bytes. */
function isCredentials(key: Key, candidate: string): boolean {
  const expected = createHash('sha256').update(key.bytes).digest();
  const found = decodeStrict(candidate, 'base64') ?? Buffer.alloc(0);
  return timingSafeEqual(expected, createHash('sha256').update(found).digest());
}

function isPublicKeySignature(scheme: Scheme, key: Key, signed: Buffer, candidate: string): boolean {
  const signature = decodeStrict(candidate, scheme.digest);
  if (signature === null || key.object === null) return false;
  try {
    return verify(scheme.type === 'ed25519' ? null : scheme.algorithm, signed, key.object, signature);
  } catch {
    // OpenSSL reports some malformed signatures as errors.
    return false;
  }
}
