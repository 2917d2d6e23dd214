/**
 * A sample as its provider would send it: signed, to a connector's URL. In: the plan, the sample, where it goes, and where
 * secrets are. Out: method, headers and body, or why it cannot be signed. Sends nothing.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { headersFromObject } from '../../stages/request.ts';
import type { EvaluationSample } from '../../stages/sample.ts';
import { type SecretLookup, secretName } from '../../stages/secrets.ts';
import { bodyText, contentTypeOf } from './body-text.ts';
import { signRequest } from './sign.ts';

export type SignedRequest =
  | {
      readonly ok: true;
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    }
  /** The fact in lower case, then what to do. */
  | { readonly ok: false; readonly message: string };

/** `now` in milliseconds since the epoch. */
export function buildSignedRequest(
  plan: ConnectorPlan,
  sample: Pick<EvaluationSample, 'body' | 'headers'>,
  target: URL,
  secrets: SecretLookup,
  now: number,
): SignedRequest {
  const body = Buffer.from(bodyText(plan, sample.body));
  const method = plan.methods[0] ?? 'POST';
  const headers: Record<string, string> = {
    ...contentTypeOf(plan),
    ...Object.fromEntries(sample.headers.entries()),
  };
  if (plan.signature === null) return { ok: true, method, headers, body };
  const secret = plan.signature.secrets.map(secrets).find((one) => one !== undefined);
  if (secret === undefined) {
    const names = plan.signature.secrets.map(secretName).join(' or ');
    return { ok: false, message: `the secret ${names} is not set here` };
  }
  const url = target.pathname;
  const request = { method, url, publicUrl: target.href, headers: headersFromObject(headers), body };
  const { username } = plan.signature;
  const user = username === undefined ? undefined : secrets(username);
  const signed = signRequest(plan.signature, request, secret, now, 'genuine', user);
  if (!signed.ok) return { ok: false, message: `cannot sign for "${plan.id}": ${signed.reason}` };
  return { ok: true, method, headers: { ...headers, ...signed.headers }, body };
}
