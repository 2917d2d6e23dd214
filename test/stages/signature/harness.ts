/** Shortens what every signature test does: prepare a scheme, verify one request, collect problems. */
import type { BodyPlan, SignaturePlan } from '../../../src/stages/plans.ts';
import type { Problem } from '../../../src/stages/problem.ts';
import { headersFromObject, type WebhookRequest } from '../../../src/stages/request.ts';
import type { SecretLookup } from '../../../src/stages/secrets.ts';
import { prepareSignature } from '../../../src/stages/signature/prepare.ts';
import { PRESETS } from '../../../src/stages/signature/presets.ts';
import type { Verification } from '../../../src/stages/signature/verification.ts';
import { materialiseVerifier } from '../../../src/stages/signature/verify.ts';

export const POINTER = '/security/signature';
export const SECRET = { env: 'SLUICE_SECRET_TEST' };

/** 2025-10-09T08:53:20Z, in seconds. */
export const NOW = 1_760_000_000;

export function prepare(spec: object): {
  readonly plan: SignaturePlan | null;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const plan = prepareSignature(spec, POINTER, (problem) => problems.push(problem));
  return { plan, problems };
}

/** Keys that are fetched are no secret that a file could name. */
export function hasFetchedKeys({
  certificate,
  jwt,
}: {
  certificate?: object;
  jwt?: { keys?: string };
}): boolean {
  return certificate !== undefined || jwt?.keys !== undefined;
}

/** The plan of a scheme that must be without a problem; it gets a secret unless it names its own. */
export function planOf(spec: object): SignaturePlan {
  const { preset } = spec as { readonly preset?: string };
  const isFetched = hasFetchedKeys(PRESETS.get(preset ?? '')?.signature ?? spec);
  const { plan, problems } = prepare({ ...(isFetched ? {} : { sharedSecret: SECRET }), ...spec });
  if (plan === null || problems.length > 0) throw new Error(`not a scheme: ${JSON.stringify(problems)}`);
  return plan;
}

export interface Sent {
  readonly method?: string;
  readonly url?: string;
  readonly publicUrl?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
}

export function requestOf({ headers = {}, body = '', publicUrl, ...rest }: Sent): WebhookRequest {
  return {
    id: 'request_1',
    method: 'POST',
    url: '/c/test',
    ip: '203.0.113.9',
    receivedAt: NOW * 1000,
    ...rest,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    headers: headersFromObject(headers),
    body: Buffer.from(body),
  };
}

/** Verifies one request against one secret text, or against several by reference. `now` in seconds. */
export function verify(
  plan: SignaturePlan,
  sent: Sent,
  secret: string | undefined | SecretLookup,
  now = NOW,
  reading: BodyPlan = { body: 'json' },
): Verification {
  const lookup = typeof secret === 'function' ? secret : () => secret;
  const verification = materialiseVerifier(plan, reading).verify(requestOf(sent), lookup, now * 1000);
  if (verification instanceof Promise) throw new Error('this scheme is verified by a promise');
  return verification;
}

/** The outcome in one word: ok, or the code. */
export function judge(...parameters: Parameters<typeof verify>): string {
  const result = verify(...parameters);
  return result.ok ? 'ok' : result.code;
}
