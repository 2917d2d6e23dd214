/**
 * By what a challenge is recognised. Prepare: conditions of the connector file in, plans out. Run: a challenge in, whether
 * all hold out. A token that must equal a secret is compared in constant time, and never equals a missing one.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Handshake } from '../../generated/connector.ts';
import { prepareCondition } from '../conditions/prepare-condition.ts';
import { materialiseConditions } from '../match-when.ts';
import type { HandshakeConditionPlan, SignaturePlan } from '../plans.ts';
import { pointerTo, type Report } from '../problem.ts';
import type { RequestHeaders } from '../request.ts';
import type { SecretLookup } from '../secrets.ts';
import type { Challenge } from './handshake-challenge.ts';

type ConditionSpec = NonNullable<Handshake['when']>[number];

/** A valid condition that compares nothing: where the real one is of a query parameter, which events do not have. */
const IN_HEADER = 'x-query-parameter';

/** Prepares conditions that are valid by their schema; those that were reported are left out. */
export function prepareHandshakeConditions(
  specs: readonly ConditionSpec[],
  pointer: string,
  report: Report,
): readonly HandshakeConditionPlan[] {
  return specs
    .map((spec, index) => prepareOne(spec, pointerTo(pointer, index), report))
    .filter((plan) => plan !== null);
}

function prepareOne(
  { query, equalsSecret, ...spec }: ConditionSpec,
  pointer: string,
  report: Report,
): HandshakeConditionPlan | null {
  const comparison = equalsSecret === undefined ? spec : { ...spec, exists: true };
  // Samples are events, not challenges: there is no telling from them what every challenge has.
  const plan = prepareCondition(
    query === undefined ? comparison : { ...comparison, header: IN_HEADER },
    pointer,
    [],
    report,
  );
  if (plan === null) return null;
  if (equalsSecret !== undefined && plan.path !== undefined) {
    const message = 'a secret is compared with a header or a query parameter; name one of these, not a path';
    report({ code: 'value-invalid', pointer: pointerTo(pointer, 'path'), message });
    return null;
  }
  const { header, exists, ...rest } = plan;
  return {
    ...rest,
    ...(query === undefined ? (header === undefined ? {} : { header }) : { query }),
    ...(equalsSecret !== undefined ? { equalsSecret } : exists === undefined ? {} : { exists }),
  };
}

export type ChallengeMatcher = (challenge: Challenge, secrets: SecretLookup) => boolean;

/** Makes the function that judges all conditions of one handshake. */
export function materialiseHandshakeConditions(
  plans: readonly HandshakeConditionPlan[],
  verifyToken: SignaturePlan['verifyToken'],
): ChallengeMatcher {
  const plain = plans.filter(({ equalsSecret }) => equalsSecret === undefined);
  const ofBodyAndHeaders = materialiseConditions(plain.filter(({ query }) => query === undefined));
  const ofQuery = plain.flatMap(({ query, ...plan }) =>
    query === undefined ? [] : [{ ...plan, header: query }],
  );
  const matchesQuery = ofQuery.length === 0 ? null : materialiseConditions(ofQuery);
  const tokens = plans.filter(({ equalsSecret }) => equalsSecret !== undefined);
  return (challenge, secrets) => {
    if (ofBodyAndHeaders(challenge.body, challenge.headers).kind !== 'match') return false;
    if (matchesQuery !== null && matchesQuery(null, parametersOf(challenge)).kind !== 'match') return false;
    return tokens.every(({ header, query }) => {
      const expected = verifyToken === undefined ? undefined : secrets(verifyToken);
      const values =
        query === undefined ? challenge.headers.all(header ?? '') : challenge.query().getAll(query);
      return isToken(expected, values);
    });
  };
}

/** Query parameters in the form of headers, so that both are compared by the same code. */
function parametersOf({ query }: Challenge): RequestHeaders {
  const parameters = query();
  return { all: (name) => parameters.getAll(name), entries: () => [...parameters] };
}

/** Compares through digests: the length of the token stays the operator's business. */
function isToken(expected: string | undefined, [found, ...more]: readonly string[]): boolean {
  if (expected === undefined || expected === '' || found === undefined || more.length > 0) return false;
  return timingSafeEqual(digestOf(expected), digestOf(found));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
