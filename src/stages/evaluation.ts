/** What evaluating a request takes and gives: the part of a plan that judges and maps, a parsed request, and what becomes of each payload. */
import type { Trigger } from '../generated/trigger.ts';
import type { JsonValue } from './json/json-value.ts';
import type { ConditionPlan, IdempotencyPlan, MappingPlan, Mode, ShapePlan, SplitPlan } from './plans.ts';
import type { RequestHeaders } from './request.ts';
import type { ScriptRunner } from './script/script-runner.ts';
import type { Difference } from './shape/difference.ts';

/** The part of a connector's plan that judges and maps. */
export interface EvaluationPlan {
  readonly id: string;
  readonly actionFlow: string;
  readonly when: readonly ConditionPlan[];
  readonly testWhen: ConditionPlan | null;
  readonly split: string | SplitPlan | null;
  readonly shape: ShapePlan | null;
  readonly envelope?: ShapePlan;
  readonly mapping: MappingPlan;
  readonly idempotency: IdempotencyPlan;
}

export interface EvaluationInput {
  readonly requestId: string;
  readonly body: JsonValue;
  /** What of the decoded body belongs to the event, the same for every attempt of the sender. */
  readonly eventBody: () => Buffer;
  readonly headers: RequestHeaders;
  readonly method: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** It arrived at no time: what it maps does not expire. */
  readonly isSample?: true;
}

export type Selection =
  | { readonly kind: 'ours'; readonly mode: Mode }
  | { readonly kind: 'ignored'; readonly code: 'when-differs' }
  | {
      readonly kind: 'held';
      readonly code: 'when-missing';
      readonly differences: readonly Difference[];
    };

export type HoldReason =
  | 'no-sample'
  | 'when-missing'
  | 'shape-changed'
  | 'idempotency-missing'
  | 'mapping-failed'
  | 'trigger-invalid'
  | 'card-expired'
  | 'script-error'
  | 'script-timeout'
  | 'script-memory'
  | 'script-unavailable';

export interface ElementHeld {
  readonly kind: 'held';
  /** Where the shape says how bad it is; else the code does. */
  readonly grade?: 'pause' | 'hold';
  readonly code: HoldReason;
  /** One sentence for people; no payload values. */
  readonly message: string;
  readonly differences: readonly Difference[];
  /** Where a script failed, 1-based; the message says it too. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export type ElementResult =
  | {
      readonly kind: 'mapped';
      readonly trigger: Trigger;
      readonly flowInvocationId: string;
      /** An element that is the provider's own test is one whatever the request's mode is. */
      readonly mode: Mode;
      /** What drifted; null when the payload fits the shape entirely. Computed on call. */
      readonly drift: (() => readonly Difference[]) | null;
    }
  | {
      readonly kind: 'ignored';
      readonly code: 'when-differs' | 'no-targets' | 'script-ignored';
      /** The recipient is not null or empty, but gone: the payload lacks a member that would lead to it. */
      readonly isGone?: true;
    }
  | ElementHeld;

export type Evaluation =
  | { readonly kind: 'ignored'; readonly code: 'no-elements' }
  | ElementHeld
  | {
      readonly kind: 'judged';
      /** Of each element of the batch, or of the one payload; a script may make several triggers of one. */
      readonly elements: readonly ElementResult[];
      /** Which part each result is of, counted from 0: the element of a batch, or the place in what a script returned. */
      readonly indexes: readonly number[];
      /** The parts have fates of their own. */
      readonly isBatch: boolean;
    };

export interface Evaluator {
  /** Stage 9: is this event for us, and is it the provider's test traffic? `mode` is what the status asks for. */
  select(body: JsonValue, headers: RequestHeaders, mode: Mode): Selection;
  /** Stages 11 and 12. `only` limits a batch to some elements (indexes). Never rejects for anything the request holds. */
  evaluate(
    input: EvaluationInput,
    mode: Mode,
    scripts: ScriptRunner,
    only?: readonly number[],
  ): Promise<Evaluation>;
  /** The event's id, or null; of the request as a whole (for counting retries of held requests). */
  sourceId(input: EvaluationInput): string | null;
}
