/**
 * The test card. In: an example request. Out: what became of it, after stages 9, 11, 12 and 13 in test mode with a fresh
 * flow invocation id. Never goes live, never pauses, never holds, and needs no proof of origin: an operator asked for it.
 */
import { randomUUID } from 'node:crypto';
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { HoldCode, IgnoreCode } from '../../outcomes/codes.ts';
import type { OutgoingTrigger } from '../../outcomes/delivery.ts';
import { materialiseEvaluator } from '../../stages/evaluate.ts';
import { parseJsonBody } from '../../stages/json/json-text.ts';
import { headersFromObject } from '../../stages/request.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import { unwrapBody } from '../../stages/unwrap.ts';
import { type DeliveryDeps, deliver } from './deliver.ts';
import { judge } from './judge.ts';
import { evaluationInput } from './parse-request.ts';

export interface TestCard {
  readonly plan: ConnectorPlan;
  readonly sample: {
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
    /** JSON text; for a connector that takes forms, the form as JSON. */
    readonly body: string;
  };
  /** Gets the card instead of those whom the mapping names: the seed's "to yourself". */
  readonly to?: string;
}

export interface SendDeps extends DeliveryDeps {
  readonly scripts: ScriptRunner;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly flows?: Readonly<Record<string, string>>;
}

export type SendResult =
  | {
      readonly outcome: 'delivered';
      readonly code: 'delivered';
      readonly triggers: readonly OutgoingTrigger[];
    }
  | {
      readonly outcome: 'ignored' | 'held' | 'rejected';
      readonly code: HoldCode | IgnoreCode | 'body-malformed';
      /** Why, for the operator; no payload values. */
      readonly message: string;
      readonly differences: readonly Difference[];
      /** What was sent of a batch before the rest failed. */
      readonly triggers: readonly OutgoingTrigger[];
    };

export async function sendTestCard(card: TestCard, deps: SendDeps): Promise<SendResult> {
  const { plan, sample } = card;
  const body = Buffer.from(sample.body);
  const parsed = parseJsonBody(body);
  if (!parsed.ok) return failed('rejected', 'body-malformed', parsed.detail);
  unwrapBody(plan.unwrap, parsed.value);
  // The id comes from this sending, not from the sample: the same card can be sent again.
  const evaluator = materialiseEvaluator({ ...plan, idempotency: { kind: 'none' } });
  const headers = headersFromObject(sample.headers);
  const id = randomUUID();
  const method = plan.methods[0] ?? 'POST';
  const input = evaluationInput(plan, { id, body, headers, method, receivedAt: deps.now() }, parsed.value);
  const { scripts, flows = {} } = deps;
  const { mapped, held, ignored } = await judge({ plan, evaluator }, input, {
    maxMode: 'test',
    scripts,
    flows,
  });
  if (ignored?.code === 'when-differs')
    return failed('ignored', ignored.code, 'the sample does not match `when`');
  const outgoing = mapped.map((element) => freshTrigger(element.outgoing, card.to));
  const deliveries = outgoing.length === 0 ? [] : await deliver(outgoing, deps);
  const triggers = outgoing.filter((_, index) => deliveries[index]?.ok);
  const failure = deliveries.find((delivery) => !delivery.ok);
  if (failure !== undefined && !failure.ok) {
    return failed('held', failure.retry ? 'undelivered' : 'target-refused', failure.reason, [], triggers);
  }
  if (held !== null) return failed('held', held.code, held.message, held.differences, triggers);
  if (triggers.length > 0) return { outcome: 'delivered', code: 'delivered', triggers };
  return failed('ignored', ignored?.code ?? 'no-elements', 'the sample maps to nobody');
}

function freshTrigger(outgoing: OutgoingTrigger, to: string | undefined): OutgoingTrigger {
  const flowInvocationId = randomUUID();
  const trigger = { ...outgoing.trigger, flowInvocationId };
  if (to !== undefined) trigger.targetUserIds = [to];
  return { ...outgoing, flowInvocationId, trigger };
}

function failed(
  outcome: 'ignored' | 'held' | 'rejected',
  code: HoldCode | IgnoreCode | 'body-malformed',
  message: string,
  differences: readonly Difference[] = [],
  triggers: readonly OutgoingTrigger[] = [],
): SendResult {
  return { outcome, code, message, differences, triggers };
}
