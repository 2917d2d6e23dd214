/**
 * In: a verified request and why it is not delivered. Out: the outcome "held" once every part is durably kept, or
 * "state-unavailable" when it is not: the sender must then send again. Decides nothing about pausing; the state does.
 */

import type { HoldCode } from '../../outcomes/codes.ts';
import type { Delivery, OutgoingTrigger } from '../../outcomes/delivery.ts';
import type { BatchCounts, Outcome } from '../../outcomes/outcome.ts';
import type { EvaluationInput } from '../../stages/evaluation.ts';
import type { Mode } from '../../stages/plans.ts';
import type { WebhookRequest } from '../../stages/request.ts';
import { DEFAULT_PAUSE_AFTER } from '../../stages/shape/check.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import { type KeepResult, MAX_ASIDE, type NewHold, type RuntimeState } from '../state/state.ts';
import { rejected } from './admission.ts';
import type { ConnectorRunner } from './connector.ts';
import { digestRequest } from './event-body.ts';
import type { MappedElement } from './judge.ts';
import { storeRequest } from './stored-request.ts';

/** What is being held, and which secret proved it. */
export interface HeldRequest {
  readonly runner: ConnectorRunner;
  readonly request: WebhookRequest;
  readonly input: EvaluationInput;
  readonly verifiedBy: string | null;
  readonly mode: Mode;
}

/** One hold to make. */
export interface HoldReason {
  readonly code: HoldCode;
  readonly grade: NewHold['grade'];
  /** One sentence for people; no payload values. */
  readonly message: string;
  readonly differences?: readonly Difference[];
  /** Elements of a batch; absent: the request as a whole. */
  readonly elements?: readonly number[] | null;
  /** What the target did not take. */
  readonly triggers?: readonly OutgoingTrigger[];
  /** When the target wants to be asked again, from now on. */
  readonly retryAfterMs?: number;
}

/** What became of the rest of a batch. */
export interface Rest {
  readonly triggers: readonly OutgoingTrigger[];
  readonly batch?: BatchCounts;
  /** Where a script failed. */
  readonly at?: string;
  /** Why the target did not take it. */
  readonly reason?: string;
}

export type Hold = (
  held: HeldRequest,
  reasons: readonly [HoldReason, ...HoldReason[]],
  rest?: Rest,
) => Promise<Outcome>;

/**
 * Ignores a request whose recipient is gone, and keeps it for a while: where many come in a row, the member may have been
 * renamed, and they are held.
 */
export function createSetAside(state: RuntimeState, now: () => number) {
  return async (job: HeldRequest, batch?: BatchCounts): Promise<Outcome> => {
    const { request, runner, mode } = job;
    const { plan } = runner;
    const recipients = (plan.shape?.reads ?? []).filter(({ whenMissing }) => whenMissing === 'ignore');
    const path = recipients[0]?.paths.join(' or ') ?? 'targetUserIds';
    const reason: HoldReason = {
      code: 'recipient-missing',
      grade: 'none',
      message: `${path} is missing in ${MAX_ASIDE} requests in a row: was it renamed, or is there nobody to tell?`,
      differences: [{ path: recipients[0]?.paths[0] ?? '$', expected: 'a recipient', found: 'missing' }],
    };
    const aside = await state.setAside(newHold(job, reason, now()));
    if (!aside.ok) return rejected(request.id, plan.id, 'state-unavailable');
    const common = { requestId: request.id, connector: plan.id };
    if (aside.holdId === null)
      return { ...common, outcome: 'ignored', code: 'no-targets', ...(batch && { batch }) };
    const { code, differences = [] } = reason;
    const { holdId } = aside;
    return { ...common, outcome: 'held', code, holdId, paused: false, differences, mode, triggers: [] };
  };
}

/** `now`: milliseconds since the epoch. */
export function createHolder(state: RuntimeState, now: () => number): Hold {
  return async (held, reasons, rest = { triggers: [] }) => {
    const kept = await Promise.all(reasons.map((reason) => state.keep(newHold(held, reason, now()))));
    const { request, runner, mode } = held;
    // One part that is not kept, and the sender must send all of it again: what was delivered keeps its invocation id.
    const lost = kept.find((result) => !result.ok);
    if (lost !== undefined) return rejected(request.id, runner.plan.id, 'state-unavailable');
    const [first, ...others] = kept as [Kept, ...Kept[]];
    return {
      requestId: request.id,
      connector: runner.plan.id,
      outcome: 'held',
      code: reasons[0].code,
      holdId: first.holdId,
      paused: first.paused || others.some((result) => result.paused),
      differences: reasons[0].differences ?? [],
      mode,
      ...rest,
    };
  };
}

type Kept = Extract<KeepResult, { ok: true }>;

function newHold(held: HeldRequest, reason: HoldReason, now: number): NewHold {
  const { runner, request, input, verifiedBy, mode } = held;
  const { plan, evaluator } = runner;
  const { code, grade, message, differences = [], elements = null, triggers = [], retryAfterMs } = reason;
  return {
    connector: plan.id,
    requestId: request.id,
    receivedAt: request.receivedAt,
    code,
    message,
    grade,
    pauseAfter: plan.shape?.pauseAfter ?? DEFAULT_PAUSE_AFTER,
    mode,
    behaviour: plan.behaviour,
    differences,
    sourceId: evaluator.sourceId(input),
    requestDigest: digestRequest(plan, request, input.eventBody()),
    verifiedBy,
    request: storeRequest(plan, request),
    elements,
    triggers,
    ...(retryAfterMs === undefined ? {} : { nextAttemptAt: now + Math.ceil(retryAfterMs) }),
  };
}

/** One hold for what the target may take later, one for what it never will. */
export function reasonsNotTaken(
  isBatch: boolean,
  mapped: readonly MappedElement[],
  deliveries: readonly Delivery[],
): readonly HoldReason[] {
  const reasons: HoldReason[] = [];
  for (const retry of [true, false]) {
    const failed = mapped.filter((_, index) => isFailed(deliveries[index], retry));
    if (failed.length === 0) continue;
    const first = deliveries.find((delivery) => isFailed(delivery, retry));
    const waits = deliveries.map((delivery) => (delivery?.ok === false && delivery.retryAfterMs) || 0);
    const retryAfterMs = Math.max(...waits);
    reasons.push({
      code: retry ? 'undelivered' : 'target-refused',
      grade: 'none',
      message: first?.ok === false ? first.reason : '',
      elements: isBatch ? failed.map(({ index }) => index) : null,
      triggers: failed.map(({ outgoing }) => outgoing),
      ...(retry && retryAfterMs > 0 ? { retryAfterMs } : {}),
    });
  }
  return reasons;
}

function isFailed(delivery: Delivery | undefined, retry: boolean): boolean {
  return delivery?.ok === false && delivery.retry === retry;
}
