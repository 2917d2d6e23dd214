/**
 * The public keys behind a secret or an address. In: a JWKS, a single JWK or a key in PEM, as text that anyone may have
 * written. Out: keys by algorithm and id, or nothing where the text has none. A symmetric key in a public set is no key.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';

export interface JwtKeys {
  /** Keys for an algorithm. A key id that a set knows is the only one that counts; in PEM there is none. */
  find(algorithm: string, kid: string | null): readonly KeyObject[];
}

interface PublicJwk {
  readonly kty: string;
  readonly kid?: string;
  readonly alg?: string;
  readonly use?: string;
}

/** Most keys of one set that are tried for one token. */
const MAX_KEYS = 16;

/** The type of key that an algorithm takes; null for one that is none of public keys. */
function keyTypeOf(algorithm: string): 'RSA' | 'EC' | 'OKP' | null {
  if (/^(?:RS|PS)(?:256|384|512)$/.test(algorithm)) return 'RSA';
  if (/^ES(?:256|384|512)$/.test(algorithm)) return 'EC';
  return algorithm === 'EdDSA' || algorithm === 'Ed25519' ? 'OKP' : null;
}

const TYPES: Readonly<Record<string, string>> = { RSA: 'rsa', EC: 'ec', OKP: 'ed25519' };

export function readJwtKeys(text: string): JwtKeys | null {
  if (text.includes('-----BEGIN ')) {
    const key = toKey(() => createPublicKey(text));
    if (key === null) return null;
    return {
      find: (algorithm) => {
        const type = keyTypeOf(algorithm);
        return type !== null && key.asymmetricKeyType === TYPES[type] ? [key] : [];
      },
    };
  }
  const jwks = parseJwks(text);
  if (jwks === null) return null;
  const made = new Map<PublicJwk, KeyObject | null>();
  const keyOf = (jwk: PublicJwk): KeyObject | null => {
    let key = made.get(jwk);
    if (key === undefined) {
      key = toKey(() => createPublicKey({ key: jwk as object, format: 'jwk' } as never));
      made.set(jwk, key);
    }
    return key;
  };
  return {
    find: (algorithm, kid) => {
      const type = keyTypeOf(algorithm);
      return jwks
        .filter((jwk) => jwk.kty === type && (jwk.alg === undefined || jwk.alg === algorithm))
        .filter((jwk) => jwk.use === undefined || jwk.use === 'sig')
        .filter((jwk) => kid === null || jwk.kid === undefined || jwk.kid === kid)
        .slice(0, MAX_KEYS)
        .map(keyOf)
        .filter((key) => key !== null);
    },
  };
}

/** The keys of a set, or of a text that is one; null for anything else. */
export function parseJwks(text: string): readonly PublicJwk[] | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const list = isObject(value) && Array.isArray(value.keys) ? (value.keys as readonly unknown[]) : [value];
  const keys = list.filter(isPublicJwk);
  return keys.length === 0 ? null : keys;
}

function isPublicJwk(value: unknown): value is PublicJwk {
  if (!isObject(value) || typeof value.kty !== 'string') return false;
  const isTextOrAbsent = (one: unknown): boolean => one === undefined || typeof one === 'string';
  return value.kty !== 'oct' && [value.kid, value.alg, value.use].every(isTextOrAbsent);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function toKey(create: () => KeyObject): KeyObject | null {
  try {
    return create();
  } catch {
    return null;
  }
}
