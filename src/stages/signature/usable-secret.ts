/**
 * Whether a secret's text would prove anything. In: the scheme, and the text behind one of its references. Out: yes or no,
 * by the same reading of keys that verification does. Never says what is wrong with the text: it would quote it.
 */
import type { SignaturePlan } from '../plans.ts';
import { type SecretReference, secretName } from '../secrets.ts';
import { readKey } from './keys.ts';

export function isUsableSecret(plan: SignaturePlan, reference: SecretReference, text: string): boolean {
  const proves = plan.secrets.some((one) => secretName(one) === secretName(reference));
  // What challenges are compared with may be any text.
  return proves ? readKey(plan, text) !== null : text !== '';
}

/** How the text has to be written, for people. */
export function describeSecretForm({ type, secretEncoding, secretPrefix }: SignaturePlan): string {
  if (type === 'ed25519' || type === 'ecdsa')
    return `a public key for ${type}: PEM, or the base64 of its DER form`;
  const coding = secretEncoding === 'utf8' || secretEncoding === 'sha1' ? 'a text' : secretEncoding;
  return secretPrefix === undefined ? coding : `${coding}, with or without "${secretPrefix}" before it`;
}
