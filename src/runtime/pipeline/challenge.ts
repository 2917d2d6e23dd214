/**
 * Stage 5 for challenges that are not proven like events: those that come by a method of their own, and those that an
 * operator waits for. In: an admitted request. Out: its outcome. Nothing else that such a request says is ever looked at.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { Outcome } from '../../outcomes/outcome.ts';
import { parseBody } from '../../stages/body/parse-body.ts';
import { type HandshakeAnswer, type Handshakes, handshakesOf } from '../../stages/handshake/handshake.ts';
import { challengeOf } from '../../stages/handshake/handshake-challenge.ts';
import type { WebhookRequest } from '../../stages/request.ts';
import type { SecretLookup } from '../../stages/secrets.ts';
import { MAX_UNVERIFIED_JSON } from '../../stages/signature/body-values.ts';
import type { RuntimeState } from '../state/state.ts';
import { rejected } from './admission.ts';
import type { ConnectorRunner } from './connector.ts';
import { storeRequest } from './stored-request.ts';

/** True for a method by which only challenges come. */
export function isChallengeMethod({ handshakes }: ConnectorRunner, method: string): boolean {
  return (handshakes?.methods as readonly string[] | undefined)?.includes(method) ?? false;
}

/** A GET, HEAD or OPTIONS. `now` in milliseconds since the epoch. */
export async function answerByMethod(
  { plan, verifier, handshakes }: ConnectorRunner,
  request: WebhookRequest,
  secrets: SecretLookup,
  now: number,
): Promise<Outcome> {
  const refuse = (code: Parameters<typeof rejected>[2]): Outcome => rejected(request.id, plan.id, code);
  // To a stranger a disabled connector does not exist.
  if (handshakes === null || plan.status === 'disabled') return refuse('connector-unknown');
  const challenge = challengeOf(request, null);
  if (verifier !== null && handshakes.usesSignature(request.method)) {
    const verdict = await verifier.verify(request, secrets, now);
    const answer = verdict.ok ? handshakes.answerVerified(challenge, verdict.secret, secrets) : null;
    if (answer !== null) return answered(plan, request, answer);
  }
  const result = handshakes.answerChallenge(challenge, false, secrets);
  if (!result.ok) return refuse(result.code);
  // Whoever asks by OPTIONS what it may send should hear it (RFC 9110, section 9.3.7).
  const allow =
    request.method === 'OPTIONS' ? { allow: [...plan.methods, ...handshakes.methods].join(', ') } : {};
  return answered(plan, request, { ...result.answer, headers: { ...result.answer.headers, ...allow } });
}

/**
 * A POST without any proof, before its type or its signature is judged: an unsigned ping. null: it is none, and is judged
 * like any other request.
 */
export function answerFirstContact(
  { plan, handshakes, firstContact }: ConnectorRunner,
  request: WebhookRequest,
  secrets: SecretLookup,
): Outcome | null {
  if (firstContact === null || handshakes === null || plan.status === 'disabled') return null;
  const body = firstContact(request);
  if (body === undefined) return null;
  const result = handshakes.answerChallenge(challengeOf(request, body), false, secrets);
  return result.ok ? answered(plan, request, result.answer) : null;
}

/**
 * A request that nothing proves, while an operator waits for the next one. It is answered only after it has been kept
 * for them to see: what it brings, a secret say, is used by nobody else. null: it is no challenge of that kind.
 */
export async function answerInWindow(
  { plan, handshakes }: ConnectorRunner,
  request: WebhookRequest,
  secrets: SecretLookup,
  state: RuntimeState,
  now: number,
): Promise<Outcome | null> {
  if (handshakes === null || !handshakes.hasWindow || plan.status === 'disabled') return null;
  const isSmall = request.body.length <= MAX_UNVERIFIED_JSON;
  const parsed = isSmall ? parseBody(plan, request.body) : null;
  const result = handshakes.answerChallenge(
    challengeOf(request, parsed?.ok ? parsed.value : null),
    true,
    secrets,
  );
  if (!result.ok || !result.window) return null;
  const { ok } = await state.capture(plan.id, storeRequest(plan, request, headersShown(plan)), now);
  return ok ? answered(plan, request, result.answer) : rejected(request.id, plan.id, 'state-unavailable');
}

/** Headers by which such a challenge is recognised: what the operator waits for may stand in one. */
function headersShown(plan: ConnectorPlan): readonly string[] {
  const handshakes = handshakesOf(plan).handshake.filter(({ proof }) => proof === 'window');
  return handshakes.flatMap(({ when }) =>
    when.flatMap(({ header }) => (header === undefined ? [] : [header])),
  );
}

/** The outcome of a request that was answered as a challenge. */
export function answered(plan: ConnectorPlan, request: WebhookRequest, answer: HandshakeAnswer): Outcome {
  return { requestId: request.id, connector: plan.id, outcome: 'answered', code: 'handshake', ...answer };
}

/** Answers a POST or PUT whose signature is right, if it is a challenge. */
export function answerVerified(
  handshakes: Handshakes,
  plan: ConnectorPlan,
  request: WebhookRequest,
  body: Parameters<typeof challengeOf>[1],
  verifiedBy: string,
  secrets: SecretLookup,
): Outcome | null {
  const answer = handshakes.answerVerified(challengeOf(request, body), verifiedBy, secrets);
  return answer === null ? null : answered(plan, request, answer);
}
