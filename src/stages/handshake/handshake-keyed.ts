/**
 * Answers that only a holder of the secret can give, as Zoom wants them. In: a short text of a request that the secret has
 * just proven. Out: its digest under that secret. Never signs anything that could pass as a signature of the scheme.
 */
import type { SignaturePlan, TemplateToken } from '../plans.ts';
import { type SecretLookup, secretName } from '../secrets.ts';
import { readKey } from '../signature/keys.ts';
import { keyedDigest } from '../signature/proof.ts';

/** All that a digest is given of. */
const CHALLENGE = /^[A-Za-z0-9_-]{1,128}$/;
const NOT_OF_A_CHALLENGE = /[^A-Za-z0-9_-]/;

/** Why a scheme can give no keyed answers without becoming an oracle; null when it can. */
export function checkKeyedScheme(
  type: SignaturePlan['type'],
  template: readonly TemplateToken[],
): string | null {
  if (type !== 'hmac') return `a keyed answer needs a scheme of type hmac; this one is of type ${type}`;
  if (template.some(separates)) return null;
  return 'with this template a challenge could be all that is signed, so its answer would be a valid signature; a keyed answer needs a template with something that is no letter, digit, _ or -, such as "v0:[timestamp]:[payload]"';
}

/** A piece that is in every signed text, and in no challenge. */
function separates(token: TemplateToken): boolean {
  // A public URL has its scheme, a path begins with a slash.
  return (
    token.kind === 'url' ||
    token.kind === 'path' ||
    (token.kind === 'text' && NOT_OF_A_CHALLENGE.test(token.text))
  );
}

/** `verifiedBy` is the secretName of the secret that proved the request. null: nothing is to be signed here. */
export type KeyedDigest = (challenge: unknown, verifiedBy: string, secrets: SecretLookup) => string | null;

/** Throws for a scheme that checkKeyedScheme refuses: the compiler lets none through. */
export function materialiseKeyedDigest(plan: SignaturePlan): KeyedDigest {
  const problem = checkKeyedScheme(plan.type, plan.template);
  if (problem !== null) throw new Error(`a plan was used unchecked: ${problem}`);
  return (challenge, verifiedBy, secrets) => {
    if (typeof challenge !== 'string' || !CHALLENGE.test(challenge)) return null;
    const reference = plan.secrets.find((one) => secretName(one) === verifiedBy);
    const text = reference === undefined ? undefined : secrets(reference);
    const key = text === undefined || text === '' ? null : readKey(plan, text);
    return key === null ? null : keyedDigest(plan, key, [challenge]);
  };
}
