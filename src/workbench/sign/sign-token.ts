/**
 * JSON Web Tokens for test requests: in, a plan, a request and a secret; out, the header with a token that says what the
 * plan asks for, or that is wrong or stale on purpose. Serves cases and `send`, never the ingress.
 */
import { createHash, createHmac, sign } from 'node:crypto';
import type { SignaturePlan } from '../../stages/plans.ts';
import { readPrivateKey } from '../../stages/signature/keys.ts';
import { requestHash } from '../../stages/signature/request-hash.ts';
import type { Signing, SignResult, UnsignedRequest } from './signing.ts';

/** Seconds: a token that nobody set a time for is good for this long. */
const LIFETIME = 300;

/** `now` in milliseconds since the epoch. `name`: the header that carries it. */
export function signToken(
  plan: SignaturePlan,
  request: UnsignedRequest,
  secret: string,
  now: number,
  how: Signing,
  name: string,
): SignResult {
  const { jwt } = plan;
  const algorithm = jwt?.algorithms[0];
  if (jwt === undefined || algorithm === undefined)
    return { ok: false, reason: 'the scheme names no algorithm' };
  const age = how === 'stale' ? 10 * LIFETIME + (jwt.maxAge ?? 0) : 0;
  const issued = Math.floor(now / 1000) - age;
  const { bodyHash } = plan;
  const claims = {
    ...jwt.claims,
    ...(jwt.issuer === undefined ? {} : { iss: jwt.issuer[0] }),
    ...(jwt.audience === undefined ? {} : { aud: jwt.audience[0] }),
    iat: issued,
    exp: issued + LIFETIME,
    ...(bodyHash?.claim === undefined
      ? {}
      : { [bodyHash.claim]: createHash(bodyHash.algorithm).update(request.body).digest(bodyHash.digest) }),
    ...(jwt.requestHash === undefined ? {} : { [jwt.requestHash]: requestHash(request) }),
  };
  const text = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}`;
  const signature = makeSignature(algorithm, how === 'wrong' ? `${text}.` : text, secret);
  if (signature === null)
    return { ok: false, reason: `${algorithm} signs with the private key in PEM, which only the sender has` };
  return { ok: true, headers: { [name]: `${plan.signature.parsePrefix ?? ''}${text}.${signature}` } };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function makeSignature(algorithm: string, text: string, secret: string): string | null {
  const bits = `sha${algorithm.slice(2)}`;
  if (algorithm.startsWith('HS')) return createHmac(bits, secret).update(text).digest('base64url');
  const type = algorithm.startsWith('ES') ? 'ecdsa' : algorithm.startsWith('Ed') ? 'ed25519' : 'rsa';
  const key = readPrivateKey({ type, secretEncoding: 'utf8' }, secret);
  if (key === null || algorithm.startsWith('PS')) return null;
  const options = type === 'ecdsa' ? { key, dsaEncoding: 'ieee-p1363' as const } : key;
  return sign(type === 'ed25519' ? null : bits, Buffer.from(text), options).toString('base64url');
}
