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
import { promisify } from 'node:util';
import { canonicalJson } from './canonical-json.ts';

const START = Buffer.from('\n{"signature":');
/** A signature line is about 170 bytes. */
const MAX_LINE_BYTES = 1024;

/** In the thread pool: hashing a large bundle takes a tenth of a second, and webhooks go on meanwhile. */
const verifySignature = promisify<null, Buffer, KeyObject, Buffer, boolean>(verify);

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
      message: `a key of type ${key.asymmetricKeyType}: make an Ed25519 one with \`sluice keys <file>\``,
    };
  } catch {
    return { ok: false, message: 'not a private key in PEM: make one with `sluice keys <file>`' };
  }
}

/** Reads one or more Ed25519 public keys in PEM, one after the other, with text between them. Messages start with a verb. */
export function readTrustedKeys(pem: string): KeyReading<readonly TrustedKey[]> {
  if (/PRIVATE KEY/.test(pem)) return { ok: false, message: 'holds a private key' };
  const blocks = pem.match(PUBLIC_KEY) ?? [];
  // A key that is cut off must not go missing in silence.
  if (pem.replace(PUBLIC_KEY, '').includes('-----'))
    return { ok: false, message: 'holds something besides whole public keys' };
  if (blocks.length === 0) return { ok: false, message: 'holds no public key in PEM' };
  const keys: TrustedKey[] = [];
  for (const block of blocks) {
    try {
      const key = createPublicKey(block);
      if (key.asymmetricKeyType !== 'ed25519')
        return { ok: false, message: `holds a key of type ${key.asymmetricKeyType}, not Ed25519` };
      const id = keyId(key);
      if (keys.some((one) => one.id === id)) return { ok: false, message: `holds the key ${id} twice` };
      keys.push({ id, key });
    } catch {
      return { ok: false, message: 'holds a public key that cannot be read' };
    }
  }
  return { ok: true, value: keys };
}

const PUBLIC_KEY = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** The bundle with a signature line in place of any that it had. The same key and bundle give the same bytes. */
export function signBundle(bytes: Buffer, key: KeyObject): Buffer {
  const { signed } = splitSignature(bytes);
  const line = signatureLine(keyId(createPublicKey(key)), sign(null, signed, key));
  return Buffer.concat([signed, Buffer.from(line)]);
}

/** The bytes that are signed (a bundle that `decodeBundle` reads), and all that follows them, or null. Nothing is copied. */
export function splitSignature(bytes: Buffer): { readonly signed: Buffer; readonly line: string | null } {
  const tail = Math.max(0, bytes.length - MAX_LINE_BYTES);
  const found = bytes.subarray(tail).lastIndexOf(START);
  if (found === -1) return { signed: bytes, line: null };
  const end = tail + found + 1;
  // Byte for byte: other decodings have more than one way to write a line.
  return { signed: bytes.subarray(0, end), line: bytes.toString('latin1', end) };
}

/** Ok only for a bundle that one of the keys signed, whole. The bytes must not change until it is settled. */
export async function verifyBundle(bytes: Buffer, trusted: readonly TrustedKey[]): Promise<SignatureVerdict> {
  const { signed, line } = splitSignature(bytes);
  if (line === null) return refuse('bundle-unsigned', 'the bundle is not signed: sign it with `sluice sign`');
  const signature = readSignature(line);
  if (signature === null)
    return refuse('bundle-signature-invalid', 'the signature line cannot be read: sign the bundle again');
  const key = trusted.find((one) => one.id === signature.keyId);
  if (key === undefined) {
    const known = trusted.map((one) => one.id).join(', ');
    return refuse(
      'bundle-key-unknown',
      `signed with the key ${signature.keyId}; trusted are ${known}: sign it with one of these, or trust that key too`,
    );
  }
  if (!(await verifySignature(null, signed, key.key, signature.value))) {
    return refuse(
      'bundle-signature-mismatch',
      `the signature of key ${key.id} does not match the bundle: it was changed after it was signed, copy or sign it again`,
    );
  }
  return { ok: true, keyId: key.id };
}

function signatureLine(id: string, value: Buffer): string {
  const signature = { algorithm: 'ed25519', keyId: id, value: value.toString('base64') };
  return `${canonicalJson({ signature })}\n`;
}

const LINE =
  /^\{"signature":\{"algorithm":"ed25519","keyId":"([0-9a-f]{16})","value":"([A-Za-z0-9+/]{86}==)"\}\}\n$/;

function readSignature(line: string): { readonly keyId: string; readonly value: Buffer } | null {
  const [, id = '', text = ''] = LINE.exec(line) ?? [];
  const value = Buffer.from(text, 'base64');
  // Base64 has spare bits: only the one way in which it is written counts.
  return id !== '' && signatureLine(id, value) === line ? { keyId: id, value } : null;
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
