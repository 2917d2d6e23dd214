/**
 * In: a request, or what a hold kept of one, and its parsed body. Out: what the stages that judge and map work on.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { EvaluationInput } from '../../stages/evaluate.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { WebhookRequest } from '../../stages/request.ts';
import { maskToken } from './mask-token.ts';

/** An event's id may be a digest of its body: that of the body as a hold keeps it, so that a replay finds the same one. */
export function evaluationInput(
  plan: ConnectorPlan,
  request: Pick<WebhookRequest, 'id' | 'body' | 'headers' | 'method' | 'receivedAt'>,
  body: JsonValue,
): EvaluationInput {
  const { id, headers, method, receivedAt } = request;
  const rawBody = plan.idempotency.kind === 'body' ? maskToken(plan, request.body) : request.body;
  return { requestId: id, body, rawBody, headers, method, receivedAt };
}
