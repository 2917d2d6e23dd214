/**
 * Signed bundles. A signature is one more line at the end, `{"signature":{...}}`, an Ed25519 signature (RFC 8032) over
 * every byte before it: manifest and content alike. In: bytes and keys. Out: bytes, or a verdict. Never parses a
 * connector, and never lets a bundle through because something about its signature could not be read.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

const START = Buffer.from('\n{"signature":');
/** A signature line is about 150 bytes. */
const MAX_LINE_BYTES = 1024;

export interface TrustedKey {
  /** First 16 hex digits of the SHA-256 of the public key (SPKI, DER). */
  readonly id: string;
  readonly key: KeyObject;
}

export type SignatureRefusal =
  | 'bundle-unsigned'
  | 'bundle-key-unknown'
  | 'bundle-signature-mismatch'
  | 'bundle-signature-invalid';

export type SignatureVerdict =
  | { readonly ok: true; readonly keyId: string }
  | { readonly ok: false; readonly code: SignatureRefusal; readonly message: string };

export type KeyReading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

/** A new key pair as PEM: the private key (PKCS #8) signs, the public one (SPKI) is what runtimes trust. */
export function generateSigningKey(): {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly id: string;
} {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    id: keyId(publicKey),
  };
}

/** Reads an Ed25519 private key in PEM. */
export function readSigningKey(pem: string): KeyReading<KeyObject> {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return { ok: true, value: key };
    return {
      ok: false,
      message: `a key of type ${key.asymmetricKeyType}: make an Ed25519 one with \`sluice keys generate\``,
    };
  } catch {
    return { ok: false, message: 'not a private key in PEM: make one with `sluice keys generate`' };
  }
}

/** Reads one or more Ed25519 public keys in PEM, one after the other. */
export function readTrustedKeys(pem: string): KeyReading<readonly TrustedKey[]> {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g) ?? [];
  if (/PRIVATE KEY/.test(pem))
    return { ok: false, message: 'holds a private key: a runtime gets public keys only' };
  if (blocks.length === 0) return { ok: false, message: 'holds no public key in PEM' };
  const keys: TrustedKey[] = [];
  for (const block of blocks) {
    try {
      const key = createPublicKey(block);
      if (key.asymmetricKeyType !== 'ed25519')
        return { ok: false, message: `holds a key of type ${key.asymmetricKeyType}, not Ed25519` };
      keys.push({ id: keyId(key), key });
    } catch {
      return { ok: false, message: 'holds a public key that cannot be read' };
    }
  }
  return { ok: true, value: keys };
}

/** The bundle with a signature line in place of any that it had. The same key and bundle give the same bytes. */
export function signBundle(bytes: Buffer, key: KeyObject): Buffer {
  const { signed } = splitSignature(bytes);
  const value = sign(null, signed, key).toString('base64');
  const line = canonicalJson({
    signature: { algorithm: 'ed25519', keyId: keyId(createPublicKey(key)), value },
  });
  return Buffer.concat([signed, Buffer.from(`${line}\n`)]);
}

/** The bytes that are signed (a bundle that `decodeBundle` reads), and the signature line, or null. */
export function splitSignature(bytes: Buffer): { readonly signed: Buffer; readonly line: string | null } {
  const tail = Math.max(0, bytes.length - MAX_LINE_BYTES);
  const at = bytes.lastIndexOf(START);
  if (at < tail) return { signed: bytes, line: null };
  return { signed: bytes.subarray(0, at + 1), line: bytes.toString('utf8', at + 1).trimEnd() };
}

/** True only for a bundle that one of the keys signed, whole. */
export function verifyBundle(bytes: Buffer, trusted: readonly TrustedKey[]): SignatureVerdict {
  const { signed, line } = splitSignature(bytes);
  if (line === null) return refuse('bundle-unsigned', 'the bundle is not signed: sign it with `sluice sign`');
  const signature = readSignature(line);
  if (signature === null)
    return refuse('bundle-signature-invalid', 'the signature line cannot be read: sign the bundle again');
  const key = trusted.find((one) => one.id === signature.keyId);
  if (key === undefined) {
    const known = trusted.map((one) => one.id).join(', ');
    return refuse('bundle-key-unknown', `signed with the key ${signature.keyId}; trusted are ${known}`);
  }
  if (!verify(null, signed, key.key, signature.value)) {
    return refuse(
      'bundle-signature-mismatch',
      `the signature of key ${key.id} does not match the bundle: it was changed after it was signed`,
    );
  }
  return { ok: true, keyId: key.id };
}

function readSignature(line: string): { readonly keyId: string; readonly value: Buffer } | null {
  const match =
    /^\{"signature":\{"algorithm":"ed25519","keyId":"([0-9a-f]{16})","value":"([A-Za-z0-9+/]{86}==)"\}\}$/.exec(
      line,
    );
  return match === null
    ? null
    : { keyId: match[1] as string, value: Buffer.from(match[2] as string, 'base64') };
}

function keyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}

function refuse(code: SignatureRefusal, message: string): SignatureVerdict {
  return { ok: false, code, message };
}
