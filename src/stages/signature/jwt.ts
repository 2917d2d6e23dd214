/**
 * Proof by a JSON Web Token. In: a plan, a request of which nothing is believed, keys and the time. Out: which key proves
 * it, or why it is refused. The plan says which algorithms there are, never the token; claims that bind the token to the
 * body are compared after its signature was found right. Never rejects, whatever arrives.
 */
import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import type * as jose from 'jose';
import type { BodyPlan, JwtPlan, SignaturePlan } from '../plans.ts';
import type { WebhookRequest } from '../request.ts';
import { type SecretLookup, secretName } from '../secrets.ts';
import { MAX_UNVERIFIED_JSON, parseForSignature } from './body-values.ts';
import { canonicalText } from './encoding.ts';
import { type JwtKeys, readJwtKeys } from './jwt-keys.ts';
import { isSameText } from './proof.ts';
import { materialiseSignatures } from './read-proof.ts';
import { NO_REMOTE_KEYS, type RemoteKeys } from './remote-keys.ts';
import { requestHash } from './request-hash.ts';
import type { Verification, VerificationFailure, Verifier } from './verification.ts';

/** Longest token that is looked at, in characters; those of providers stay under 4,000. */
const MAX_TOKEN = 16 * 1024;
/** Seconds by which clocks may differ where a token limits itself. */
const CLOCK_TOLERANCE = 60;

type Jose = typeof jose;

/** One key to try. `proven` is called when it has proven the request. */
interface Candidate {
  readonly key: KeyObject;
  readonly name: string;
  readonly proven: () => void;
}

export function materialiseJwt(plan: SignaturePlan, reading: BodyPlan): Verifier {
  const { jwt } = plan;
  if (jwt === undefined) throw new Error('a plan was used unchecked: it says nothing about its tokens');
  const readTokens = materialiseSignatures(plan);
  const keyRing = createKeyRing(plan);
  return {
    async verify(request, secrets, now, remote = NO_REMOTE_KEYS) {
      const parsed = () => parseForSignature(reading, request.fields ?? request.body, MAX_UNVERIFIED_JSON);
      const found = readTokens(request, parsed);
      if (!found.ok) return refuse(found.reason === 'missing' ? 'signature-missing' : 'signature-mismatch');
      const [token = '', ...more] = found.value;
      if (more.length > 0 || token.length > MAX_TOKEN) return refuse('signature-mismatch');
      // Loaded with the first token: few connectors have any.
      const library = await import('jose');
      const header = readHeader(library, token);
      if (header === null || !jwt.algorithms.includes(header.alg)) return refuse('signature-mismatch');
      const candidates = await keyRing(header.alg, header.kid, secrets, remote);
      if (typeof candidates === 'string') return refuse(candidates);
      for (const candidate of candidates) {
        const verdict = await checkToken(library, token, candidate, jwt, now);
        if (verdict.kind === 'unproven') continue;
        if (verdict.kind === 'refused') return refuse(verdict.code);
        if (!isBound(plan, jwt, verdict.claims, request)) return refuse('signature-mismatch');
        candidate.proven();
        return { ok: true, secret: candidate.name };
      }
      return refuse('signature-mismatch');
    },
  };
}

function refuse(code: VerificationFailure): Verification {
  return { ok: false, code };
}

function readHeader(
  library: Jose,
  token: string,
): { readonly alg: string; readonly kid: string | null } | null {
  try {
    const { alg, kid } = library.decodeProtectedHeader(token);
    if (typeof alg !== 'string') return null;
    return { alg, kid: typeof kid === 'string' && kid !== '' && kid.length <= 256 ? kid : null };
  } catch {
    return null;
  }
}

type KeyRing = (
  algorithm: string,
  kid: string | null,
  secrets: SecretLookup,
  remote: RemoteKeys,
) => Promise<readonly Candidate[] | 'secret-missing' | 'keys-pending' | 'signature-mismatch'>;

/** Keys by algorithm: a shared secret is no key of a public-key algorithm, nor the other way round. */
function createKeyRing(plan: SignaturePlan): KeyRing {
  const { jwt, secrets: references } = plan;
  const address = jwt?.keys;
  /** Of each reference the last text and its keys. */
  const known: ({ readonly text: string; readonly keys: JwtKeys | null } | undefined)[] = [];
  if (address !== undefined) {
    return async (algorithm, kid, _, remote) => {
      const found = remote.jwk(address, kid);
      if (found.kind === 'pending') return 'keys-pending';
      if (found.kind === 'none') return 'signature-mismatch';
      const candidates: Candidate[] = [];
      for (const text of found.candidates) {
        const keys = readJwtKeys(text);
        for (const key of keys?.find(algorithm, kid) ?? [])
          candidates.push({ key, name: address, proven: () => remote.proven(address, kid, text) });
      }
      return candidates;
    };
  }
  return async (algorithm, kid, secrets) => {
    const candidates: Candidate[] = [];
    let isMissing = false;
    for (const [index, reference] of references.entries()) {
      const text = secrets(reference) ?? '';
      const name = secretName(reference);
      if (algorithm.startsWith('HS')) {
        if (text === '') isMissing = true;
        else candidates.push({ key: createSecretKey(Buffer.from(text, 'utf8')), name, proven: () => {} });
        continue;
      }
      if (known[index]?.text !== text) known[index] = { text, keys: readJwtKeys(text) };
      const keys = known[index]?.keys ?? null;
      if (keys === null) isMissing = true;
      for (const key of keys?.find(algorithm, kid) ?? []) candidates.push({ key, name, proven: () => {} });
    }
    return candidates.length === 0 && isMissing ? 'secret-missing' : candidates;
  };
}

type Judged =
  | { readonly kind: 'proven'; readonly claims: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unproven' }
  | { readonly kind: 'refused'; readonly code: VerificationFailure };

async function checkToken(
  library: Jose,
  token: string,
  { key }: Candidate,
  { algorithms, issuer, audience, maxAge }: JwtPlan,
  now: number,
): Promise<Judged> {
  try {
    const { payload } = await library.jwtVerify(token, key, {
      algorithms: [...algorithms],
      currentDate: new Date(now),
      clockTolerance: CLOCK_TOLERANCE,
      ...(issuer === undefined ? {} : { issuer: [...issuer] }),
      ...(audience === undefined ? {} : { audience: [...audience] }),
      // A token that nothing ends proves every recording of it.
      ...(maxAge === undefined ? { requiredClaims: ['exp'] } : {}),
      ...(maxAge === undefined || maxAge === 0 ? {} : { maxTokenAge: maxAge }),
    });
    return { kind: 'proven', claims: payload };
  } catch (error) {
    // The signature was right where a claim is wrong.
    if (error instanceof library.errors.JWTExpired) return { kind: 'refused', code: 'signature-stale' };
    if (error instanceof library.errors.JWTClaimValidationFailed)
      return {
        kind: 'refused',
        code: error.claim === 'nbf' || error.claim === 'iat' ? 'signature-stale' : 'signature-mismatch',
      };
    return { kind: 'unproven' };
  }
}

/** The claims that the file names, and those that bind the token to this request. */
function isBound(
  { bodyHash }: SignaturePlan,
  { claims: wanted, requestHash: claim }: JwtPlan,
  claims: Readonly<Record<string, unknown>>,
  request: WebhookRequest,
): boolean {
  for (const [name, value] of Object.entries(wanted)) {
    if (!Object.hasOwn(claims, name) || claims[name] !== value) return false;
  }
  if (claim !== undefined && !isText(claims[claim], requestHash(request))) return false;
  if (bodyHash?.claim === undefined) return true;
  const { algorithm, digest } = bodyHash;
  const found = claims[bodyHash.claim];
  if (typeof found !== 'string') return false;
  const written = canonicalText(found, digest);
  return [request.sentBody, request.body].some(
    (body) => body !== undefined && isSameText(hash(algorithm, body, digest), written),
  );
}

function isText(found: unknown, expected: string): boolean {
  return typeof found === 'string' && isSameText(expected, found);
}
