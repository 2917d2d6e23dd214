/**
 * Stage 4: proof of origin. In: a plan, a request of which nothing is believed, the secrets and the time. Out: which
 * secret proves it, or why it is refused. Never throws whatever arrives, and never says in a result what was expected.
 */
import { hash } from 'node:crypto';
import type { SignaturePlan } from '../plans.ts';
import type { WebhookRequest } from '../request.ts';
import { type SecretLookup, secretName } from '../secrets.ts';
import { MAX_UNVERIFIED_JSON, parseForSignature } from './body-values.ts';
import { canonicalText } from './encoding.ts';
import { type Key, readKey } from './keys.ts';
import { isProven, isSameText } from './proof.ts';
import { materialiseSignatures, materialiseTimestamp } from './read-proof.ts';
import { materialiseTemplate, type SignedParts } from './signed-text.ts';
import { parseTimestamp } from './timestamp.ts';

export type Verification =
  /** `secret` is the secretName of the reference that matched. */
  { readonly ok: true; readonly secret: string } | { readonly ok: false; readonly code: VerificationFailure };

/**
 * signature-missing: what the scheme reads is not there. signature-mismatch: nobody with a secret sent this.
 * signature-stale: genuine, but too old or from the future. secret-missing: nothing matched, and a secret is missing,
 * empty, or not a key of the scheme: the deployment is to blame, not the sender.
 */
export type VerificationFailure =
  | 'signature-missing'
  | 'signature-mismatch'
  | 'signature-stale'
  | 'secret-missing';

export interface Verifier {
  /** `now` in milliseconds since the epoch. */
  verify(request: WebhookRequest, secrets: SecretLookup, now: number): Verification;
}

/** Turns a plan into its verifier; done once, on first use. */
export function materialiseVerifier(plan: SignaturePlan): Verifier {
  return new PlanVerifier(plan);
}

/** True where the scheme signs the public URL, which only the deployment's configuration knows. */
export function needsPublicUrl(plan: SignaturePlan): boolean {
  return plan.template.some(({ kind }) => kind === 'url');
}

class PlanVerifier implements Verifier {
  readonly #plan: SignaturePlan;
  readonly #readSignatures: ReturnType<typeof materialiseSignatures>;
  readonly #readTimestamp: ReturnType<typeof materialiseTimestamp>;
  readonly #buildText: ReturnType<typeof materialiseTemplate>;
  /** The timestamp is neither signed by name nor in a header, so it is read from the body after that is proven. */
  readonly #timestampIsLate: boolean;
  /** Of each reference the last text and its key: as many as there are references, and no more. */
  readonly #keys: ({ readonly text: string; readonly key: Key | null } | undefined)[] = [];

  constructor(plan: SignaturePlan) {
    this.#plan = plan;
    this.#readSignatures = materialiseSignatures(plan);
    this.#readTimestamp = materialiseTimestamp(plan);
    this.#buildText = materialiseTemplate(plan.template);
    this.#timestampIsLate =
      plan.timestamp?.body !== undefined && !plan.template.some(({ kind }) => kind === 'timestamp');
  }

  verify(request: WebhookRequest, secrets: SecretLookup, now: number): Verification {
    const keys = this.#plan.secrets.map((reference, index) => this.#key(index, secrets(reference)));
    if (keys.every((key) => key === null)) return refuse('secret-missing');

    const json = once(() => parseForSignature(request.body, MAX_UNVERIFIED_JSON));
    const signatures = this.#readSignatures(request.headers, json);
    if (!signatures.ok) return refuse(REASONS[signatures.reason]);

    let time: number | null = null;
    let timestamp: string | undefined;
    if (this.#readTimestamp !== null && !this.#timestampIsLate) {
      const found = this.#readTimestamp(request.headers, json);
      if (!found.ok) return refuse(REASONS[found.reason]);
      timestamp = found.value;
      time = parseTimestamp(timestamp);
      if (time === null) return refuse('signature-mismatch');
    }

    if (!hasBodyHash(this.#plan, request)) return refuse('signature-mismatch');
    const text = this.#buildText({ request, timestamp, json });
    if (!text.ok) return refuse(REASONS[text.reason]);

    const matched = keys.findIndex(
      (key) => key !== null && isProven(this.#plan, key, text.pieces, signatures.value),
    );
    const reference = this.#plan.secrets[matched];
    if (reference === undefined) return refuse(keys.includes(null) ? 'secret-missing' : 'signature-mismatch');

    if (this.#readTimestamp !== null && this.#timestampIsLate) {
      const found = this.#readTimestamp(request.headers, () =>
        parseForSignature(request.body, Number.POSITIVE_INFINITY),
      );
      if (!found.ok) return refuse(REASONS[found.reason]);
      time = parseTimestamp(found.value);
      if (time === null) return refuse('signature-mismatch');
    }
    if (time !== null && !this.#isFresh(time, now)) return refuse('signature-stale');
    return { ok: true, secret: secretName(reference) };
  }

  #isFresh(time: number, now: number): boolean {
    const tolerance = this.#plan.timestamp?.tolerance ?? 0;
    return tolerance === 0 || Math.abs(now - time) <= tolerance * 1000;
  }

  #key(index: number, text: string | undefined): Key | null {
    if (text === undefined || text === '') return null;
    const cached = this.#keys[index];
    if (cached?.text === text) return cached.key;
    const key = readKey(this.#plan, text);
    this.#keys[index] = { text, key };
    return key;
  }
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

/** True where the scheme has no body hash, or the query holds exactly one and it is the body's. */
export function hasBodyHash(plan: SignaturePlan, request: SignedParts): boolean {
  if (plan.bodyHash === undefined) return true;
  const { query, algorithm, digest } = plan.bodyHash;
  const [found, ...more] = queryOf(request.publicUrl ?? request.url).getAll(query);
  if (found === undefined || more.length > 0) return false;
  return isSameText(hash(algorithm, request.body, digest), canonicalText(found, digest));
}

function queryOf(url: string): URLSearchParams {
  const [, query = ''] = url.split('#', 1)[0]?.split(/\?(.*)/s) ?? [];
  return new URLSearchParams(query);
}
