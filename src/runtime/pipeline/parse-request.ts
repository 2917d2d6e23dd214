/**
 * In: a request, or what a hold kept of one, and its parsed body. Out: what the stages that judge and map work on.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { EvaluationInput } from '../../stages/evaluation.ts';
import type { JsonValue } from '../../stages/json/json-value.ts';
import type { WebhookRequest } from '../../stages/request.ts';
import { eventBody } from './event-body.ts';

/** An event's id may be a digest of its body: that of what a hold keeps of it, so that a replay finds the same one. */
export function evaluationInput(
  plan: ConnectorPlan,
  request: Pick<WebhookRequest, 'id' | 'body' | 'headers' | 'method' | 'receivedAt'>,
  body: JsonValue,
): EvaluationInput {
  const { id, headers, method, receivedAt } = request;
  let ofEvent: Buffer | null = null;
  return {
    requestId: id,
    body,
    // Most events have an id of their own, and most requests are not held.
    eventBody() {
      ofEvent ??= eventBody(plan, request.body, body);
      return ofEvent;
    },
    headers,
    method,
    receivedAt,
  };
}
