/**
 * From a secret's text to a key. In: the text behind a secret reference, and how the plan says it is written. Out: the
 * key, or nothing when the text is no such key: never an empty one. Keys stay inside the process; nothing here prints.
 */
import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { SignaturePlan } from '../plans.ts';
import { decodeAnyBase64, decodeStrict } from './encoding.ts';

export interface Key {
  /** The secret's bytes: for [secret] in a template, and for tokens. Empty for public keys. */
  readonly bytes: Buffer;
  /** HMAC or public key; null where the scheme has no key object (hash, token). */
  readonly object: KeyObject | null;
}

type KeySettings = Pick<SignaturePlan, 'type' | 'secretEncoding' | 'secretPrefix'>;

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, section 4). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const NO_BYTES = Buffer.alloc(0);

/** The key that proves a request, or null when the text is none. */
export function readKey(plan: KeySettings, text: string): Key | null {
  const bare = withoutPrefix(text, plan.secretPrefix);
  if (plan.type === 'ed25519' || plan.type === 'ecdsa') {
    const object = readPublicKey(plan.type, bare);
    return object === null ? null : { bytes: NO_BYTES, object };
  }
  const bytes = decodeSecret(plan, bare);
  if (bytes === null || bytes.length === 0) return null;
  return { bytes, object: plan.type === 'hmac' ? createSecretKey(bytes) : null };
}

/** The private key in PEM that signs for a public-key scheme, or null when the text is none of that type. */
export function readPrivateKey(plan: KeySettings, text: string): KeyObject | null {
  if (!text.includes('PRIVATE KEY-----')) return null;
  return ofType(plan.type, () => createPrivateKey(text));
}

function withoutPrefix(text: string, prefix: string | undefined): string {
  return prefix !== undefined && text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function decodeSecret(plan: KeySettings, text: string): Buffer | null {
  if (plan.secretEncoding === 'hex') return decodeStrict(text, 'hex');
  if (plan.secretEncoding === 'base64') return decodeAnyBase64(text);
  return Buffer.from(text, 'utf8');
}

/** PEM; for Ed25519 also the 32 bytes in hex or base64; otherwise base64 of the DER form (SPKI), as SendGrid shows it. */
function readPublicKey(type: 'ed25519' | 'ecdsa', text: string): KeyObject | null {
  // A private key in PEM gives its public half: cases use one secret to sign and to verify.
  if (text.includes('-----BEGIN ')) return ofType(type, () => createPublicKey(text));
  const bytes = decodeStrict(text, 'hex') ?? decodeAnyBase64(text);
  if (bytes === null) return null;
  const der = type === 'ed25519' && bytes.length === 32 ? Buffer.concat([ED25519_SPKI, bytes]) : bytes;
  return ofType(type, () => createPublicKey({ key: der, format: 'der', type: 'spki' }));
}

function ofType(type: SignaturePlan['type'], create: () => KeyObject): KeyObject | null {
  try {
    const key = create();
    return key.asymmetricKeyType === (type === 'ecdsa' ? 'ec' : 'ed25519') ? key : null;
  } catch {
    return null;
  }
}
