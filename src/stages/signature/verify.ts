/**
 * Stage 4: proof of origin. In: a plan, a request of which nothing is believed, the secrets and the time. Out: which
 * secret proves it, or why it is refused. Never throws whatever arrives, and never says in a result what was expected.
 */
import { hash } from 'node:crypto';
import type { BodyPlan, SignaturePlan } from '../plans.ts';
import type { WebhookRequest } from '../request.ts';
import { type SecretLookup, secretName } from '../secrets.ts';
import { MAX_UNVERIFIED_JSON, parseForSignature } from './body-values.ts';
import { materialiseCertificate } from './certificate.ts';
import { canonicalText } from './encoding.ts';
import { materialiseJwt } from './jwt.ts';
import { type Key, readKey } from './keys.ts';
import { isProven, isSameText } from './proof.ts';
import { parametersOf } from './query.ts';
import { materialiseSignatures, materialiseTimestamp } from './read-proof.ts';
import { NO_REMOTE_KEYS } from './remote-keys.ts';
import { materialiseTemplate, type SignedParts } from './signed-text.ts';
import { parseTimestamp } from './timestamp.ts';
import { publicUrlsOf } from './url-port.ts';
import type { Verification, VerificationFailure, Verifier } from './verification.ts';

const JSON_BODIES: BodyPlan = { body: 'json' };

/** Turns a plan into its verifier; done once, on first use. `reading`: how values in the body are found. */
export function materialiseVerifier(plan: SignaturePlan, reading: BodyPlan = JSON_BODIES): Verifier {
  if (plan.type === 'jwt') return materialiseJwt(plan, reading);
  const verifier = new PlanVerifier(plan, reading);
  const { certificate } = plan;
  if (certificate === undefined) return verifier;
  const findKey = materialiseCertificate(certificate, reading);
  return {
    verify(request, _secrets, now, remote = NO_REMOTE_KEYS) {
      const found = findKey(request, now, remote);
      if (!found.ok) return found;
      const verdict = verifier.verifyWith([found.key], request, now, found.algorithm);
      if (verdict.ok) found.proven();
      return verdict.ok ? { ok: true, secret: found.address } : verdict;
    },
  };
}

/** True where the scheme signs the public URL, which only the deployment's configuration knows. */
export function needsPublicUrl(plan: SignaturePlan): boolean {
  return plan.template.some(({ kind }) => kind === 'url');
}

class PlanVerifier implements Verifier {
  readonly #plan: SignaturePlan;
  readonly #reading: BodyPlan;
  readonly #readSignatures: ReturnType<typeof materialiseSignatures>;
  readonly #readTimestamp: ReturnType<typeof materialiseTimestamp>;
  readonly #buildText: ReturnType<typeof materialiseTemplate>;
  /** The timestamp is neither signed by name nor in a header, so it is read from the body after that is proven. */
  readonly #timestampIsLate: boolean;
  readonly #anyCase: boolean;
  /** Of each reference the last texts and their key: as many as there are references, and no more. */
  readonly #keys: ({ readonly text: string; readonly user: string; readonly key: Key | null } | undefined)[] =
    [];

  constructor(plan: SignaturePlan, reading: BodyPlan) {
    this.#plan = plan;
    this.#reading = reading;
    this.#readSignatures = materialiseSignatures(plan);
    this.#readTimestamp = materialiseTimestamp(plan);
    this.#buildText = materialiseTemplate(plan.template);
    this.#anyCase = plan.template.some((token) => token.kind === 'query' && token.anyCase === true);
    this.#timestampIsLate =
      plan.timestamp?.body !== undefined && !plan.template.some(({ kind }) => kind === 'timestamp');
  }

  verify(request: WebhookRequest, secrets: SecretLookup, now: number): Verification {
    const user = this.#plan.username === undefined ? undefined : secrets(this.#plan.username);
    const keys = this.#plan.secrets.map((reference, index) => this.#key(index, secrets(reference), user));
    return this.verifyWith(keys, request, now, this.#plan.algorithm);
  }

  /** `keys`: in the order of the plan's secrets, null for those that are none. */
  verifyWith(
    keys: readonly (Key | null)[],
    request: WebhookRequest,
    now: number,
    algorithm: SignaturePlan['algorithm'],
  ): Verification {
    if (keys.every((key) => key === null)) return refuse('secret-missing');
    const readable = request.fields ?? request.body;
    const signed = signedBodies(this.#plan, request);
    if (signed.length === 1)
      return this.#verifyBody(keys, request, signed[0] as Buffer, readable, now, algorithm);
    let verdict: Verification = refuse('signature-mismatch');
    for (const body of signed) {
      verdict = this.#verifyBody(keys, request, body, readable, now, algorithm);
      if (verdict.ok || verdict.code !== 'signature-mismatch') return verdict;
    }
    return verdict;
  }

  #verifyBody(
    keys: readonly (Key | null)[],
    request: WebhookRequest,
    body: Buffer,
    readable: Buffer,
    now: number,
    algorithm: SignaturePlan['algorithm'],
  ): Verification {
    const json = once(() => parseForSignature(this.#reading, readable, MAX_UNVERIFIED_JSON));
    const signatures = this.#readSignatures(request, json);
    if (!signatures.ok) return refuse(REASONS[signatures.reason]);

    let time: number | null | undefined;
    let timestamp: string | undefined;
    if (this.#readTimestamp !== null && !this.#timestampIsLate) {
      const found = this.#readTimestamp(request, json);
      if (!found.ok) return refuse(REASONS[found.reason]);
      timestamp = found.value;
      time = parseTimestamp(timestamp);
    }

    if (!hasBodyHash(this.#plan, { ...request, body })) return refuse('signature-mismatch');
    let matched = -1;
    for (const parts of this.#variants(request, body, readable)) {
      const text = this.#buildText({ request: parts, timestamp, json });
      if (!text.ok) return refuse(REASONS[text.reason]);
      const scheme = algorithm === this.#plan.algorithm ? this.#plan : { ...this.#plan, algorithm };
      matched = keys.findIndex((key) => key !== null && isProven(scheme, key, text.pieces, signatures.value));
      if (matched >= 0) break;
    }
    if (matched < 0) return refuse(keys.includes(null) ? 'secret-missing' : 'signature-mismatch');

    if (this.#readTimestamp !== null && this.#timestampIsLate) {
      const found = this.#readTimestamp(request, () =>
        parseForSignature(this.#reading, readable, Number.POSITIVE_INFINITY),
      );
      if (!found.ok) return refuse(REASONS[found.reason]);
      time = parseTimestamp(found.value);
    }
    if (time === null) return refuse('signature-time-unreadable');
    if (time !== undefined && !this.#isFresh(time, now)) return refuse('signature-stale');
    const reference = this.#plan.secrets[matched];
    return { ok: true, secret: reference === undefined ? '' : secretName(reference) };
  }

  /** The request as it may have been signed: its URL with and without a port, a value of its query in lower case. */
  #variants(request: WebhookRequest, body: Buffer, readable: Buffer): readonly SignedParts[] {
    const parts: SignedParts =
      body === request.body && readable === body ? request : { ...request, body, readable };
    const { publicUrl } = parts;
    const urls =
      this.#plan.urlPort === undefined || publicUrl === undefined
        ? [parts]
        : publicUrlsOf(publicUrl).map((one) => ({ ...parts, publicUrl: one }));
    return this.#anyCase ? urls.flatMap((one) => [one, { ...one, lowerCase: true }]) : urls;
  }

  #isFresh(time: number, now: number): boolean {
    const tolerance = this.#plan.timestamp?.tolerance ?? 0;
    return tolerance === 0 || Math.abs(now - time) <= tolerance * 1000;
  }

  #key(index: number, text: string | undefined, user: string | undefined): Key | null {
    if (text === undefined || text === '') return null;
    // What is missing is not the same as what is empty.
    if (this.#plan.username !== undefined && (user === undefined || user === '')) return null;
    const cached = this.#keys[index];
    if (cached?.text === text && cached.user === (user ?? '')) return cached.key;
    const key = readKey(this.#plan, text, user);
    this.#keys[index] = { text, user: user ?? '', key };
    return key;
  }
}

/** The bytes that a signature may be over: of a compressed body those that were sent, or those that they stand for. */
function signedBodies({ over }: SignaturePlan, { body, sentBody }: WebhookRequest): readonly Buffer[] {
  if (sentBody === undefined || over === 'decoded') return [body];
  return over === 'sent' ? [sentBody] : [sentBody, body];
}

const REASONS = { missing: 'signature-missing', unusable: 'signature-mismatch' } as const;

function refuse(code: VerificationFailure): Verification {
  return { ok: false, code };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** True where the query is not to hold a body hash, or it holds exactly one and it is the body's. */
export function hasBodyHash(plan: SignaturePlan, request: SignedParts): boolean {
  if (plan.bodyHash?.query === undefined) return true;
  const { query, algorithm, digest } = plan.bodyHash;
  const [found, ...more] = parametersOf(request.publicUrl ?? request.url).getAll(query);
  if (found === undefined || more.length > 0) return false;
  return isSameText(hash(algorithm, request.body, digest), canonicalText(found, digest));
}
