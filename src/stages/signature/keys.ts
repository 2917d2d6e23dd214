/**
 * From a secret's text to a key. In: the text behind a secret reference, and how the plan says it is written. Out: the
 * key, or nothing when the text is no such key: never an empty one. Keys stay inside the process; nothing here prints.
 */
import { createPrivateKey, createPublicKey, createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { SignaturePlan } from '../plans.ts';
import { decodeAnyBase64, decodeStrict } from './encoding.ts';
import { canonicalCredentials } from './header-values.ts';

export interface Key {
  /** The secret's bytes: for [secret] in a template, and for tokens. Empty for public keys. */
  readonly bytes: Buffer;
  /** HMAC or public key; null where the scheme has no key object (hash, token). */
  readonly object: KeyObject | null;
}

type KeySettings = Pick<SignaturePlan, 'type' | 'secretEncoding' | 'secretPrefix'> &
  Partial<Pick<SignaturePlan, 'signature'>>;

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes (RFC 8410, section 4). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const NO_BYTES = Buffer.alloc(0);
/** As node:crypto calls them. */
const KEY_TYPES: Partial<Record<SignaturePlan['type'], string>> = {
  ed25519: 'ed25519',
  ecdsa: 'ec',
  rsa: 'rsa',
};

/** The key that proves a request, or null when the text is none. `user`: of type basic, where it is a secret of its own. */
export function readKey(plan: KeySettings, text: string, user?: string): Key | null {
  const bare = withoutPrefix(text, plan.secretPrefix);
  if (isPublicKeyType(plan.type)) {
    const object = readPublicKey(plan.type, bare);
    return object === null ? null : { bytes: NO_BYTES, object };
  }
  if (plan.type === 'basic') return readCredentials(text, user);
  const bytes = decodeSecret(plan, bare);
  if (bytes === null || bytes.length === 0) return null;
  if (plan.type === 'token' && isWholeAuthorization(plan))
    return { bytes: Buffer.from(canonicalCredentials(bytes.toString('utf8'))), object: null };
  return { bytes, object: plan.type === 'hmac' ? createSecretKey(bytes) : null };
}

/** The private key in PEM that signs for a public-key scheme, or null when the text is none of that type. */
export function readPrivateKey(plan: KeySettings, text: string): KeyObject | null {
  if (!text.includes('PRIVATE KEY-----')) return null;
  return ofType(plan.type, () => createPrivateKey(text));
}

/** True for schemes whose secret is the sender's public key. */
export function isPublicKeyType(type: SignaturePlan['type']): type is 'ed25519' | 'ecdsa' | 'rsa' {
  return type === 'ed25519' || type === 'ecdsa' || type === 'rsa';
}

function withoutPrefix(text: string, prefix: KeySettings['secretPrefix']): string {
  const found = [prefix ?? []].flat().find((one) => text.startsWith(one));
  return found === undefined ? text : text.slice(found.length);
}

/** User and password, as RFC 7617 writes them; a user name has no colon. */
function readCredentials(text: string, user: string | undefined): Key | null {
  const whole = user === undefined ? text : user.includes(':') ? '' : `${user}:${text}`;
  return whole.includes(':') ? { bytes: Buffer.from(whole, 'utf8'), object: null } : null;
}

/** The secret is all that the header holds, its scheme included: that one is compared without case and space. */
function isWholeAuthorization({ signature }: KeySettings): boolean {
  return signature?.headers?.includes('authorization') === true && signature.parsePrefix === undefined;
}

function decodeSecret(plan: KeySettings, text: string): Buffer | null {
  if (plan.secretEncoding === 'hex') return decodeStrict(text, 'hex');
  if (plan.secretEncoding === 'base64') return decodeAnyBase64(text);
  if (plan.secretEncoding === 'sha1') return text === '' ? null : hash('sha1', text, 'buffer');
  return Buffer.from(text, 'utf8');
}

/**
 * PEM, of a key or a certificate; for Ed25519 also the 32 bytes in hex or base64; otherwise base64 of the DER form (SPKI),
 * as SendGrid shows it. Line breaks may be written as \\n, as where a key had to fit on one line.
 */
function readPublicKey(type: 'ed25519' | 'ecdsa' | 'rsa', text: string): KeyObject | null {
  // A private key in PEM gives its public half: cases use one secret to sign and to verify.
  if (text.includes('-----BEGIN ')) return ofType(type, () => createPublicKey(text.replaceAll('\\n', '\n')));
  const bytes = decodeStrict(text, 'hex') ?? decodeAnyBase64(text);
  if (bytes === null) return null;
  const der = type === 'ed25519' && bytes.length === 32 ? Buffer.concat([ED25519_SPKI, bytes]) : bytes;
  return ofType(type, () => createPublicKey({ key: der, format: 'der', type: 'spki' }));
}

function ofType(type: SignaturePlan['type'], create: () => KeyObject): KeyObject | null {
  try {
    const key = create();
    return key.asymmetricKeyType === KEY_TYPES[type] ? key : null;
  } catch {
    return null;
  }
}
