/**
 * A sample as the request that the stages see. In: a sample and the plan. Out: the input of an evaluation, the same on
 * every machine and at any time.
 */
import type { ConnectorPlan } from '../bundle/plan.ts';
import type { EvaluationInput } from '../stages/evaluation.ts';
import { idHeaders } from '../stages/idempotency.ts';
import { stringifyJson } from '../stages/json/json-text.ts';
import { headersFromRaw } from '../stages/request.ts';
import type { EvaluationSample } from '../stages/sample.ts';

/** When samples are received: milliseconds since the epoch. The same connectors give the same result. */
export const SAMPLE_TIME = Date.UTC(2025, 0, 1);

/** A sample may be the bare body: the header that identifies the event is then made up. */
export function sampleInput(
  sample: EvaluationSample,
  plan: Pick<ConnectorPlan, 'methods' | 'idempotency'>,
): EvaluationInput {
  const { idempotency } = plan;
  const missing = idHeaders(idempotency).filter((name) => sample.headers.all(name).length === 0);
  const raw = sample.headers.entries().flat();
  return {
    requestId: `sample-${sample.name}`,
    body: sample.body,
    eventBody: () => Buffer.from(stringifyJson(sample.body)),
    headers:
      missing.length === 0
        ? sample.headers
        : headersFromRaw([...raw, ...missing.flatMap((name) => [name, `sample-${sample.name}`])]),
    method: plan.methods[0] ?? 'POST',
    receivedAt: SAMPLE_TIME,
    isSample: true,
  };
}
