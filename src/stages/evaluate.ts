/**
 * Stages 9, 11 and 12: from a parsed body to triggers. The same function serves the runtime, `preview`, the cases and
 * the compiler's own checks, so that what a reviewer sees is what production does.
 */
import { createHash } from 'node:crypto';
import type { Trigger } from '../generated/trigger.ts';
import { checkTrigger } from './check-trigger.ts';
import { type IdempotencyReader, invocationId, materialiseIdempotency } from './idempotency.ts';
import type { JsonValue } from './json/json-value.ts';
import { type MapResult, materialiseMapping, type StructuredMapper } from './mapping/map-structured.ts';
import { type ConditionMatcher, materialiseConditions } from './match-when.ts';
import type { ConditionPlan, IdempotencyPlan, MappingPlan, Mode, ShapePlan } from './plans.ts';
import type { RequestHeaders } from './request.ts';
import { placeInScript } from './script/script-places.ts';
import { scriptRequest } from './script/script-request.ts';
import type { ScriptRunner } from './script/script-runner.ts';
import { materialiseAbsence, materialiseShape, type ShapeChecker } from './shape/check.ts';
import type { Difference } from './shape/difference.ts';
import { materialiseSplit, type Splitter } from './split.ts';

/** The part of a connector's plan that judges and maps. */
export interface EvaluationPlan {
  readonly id: string;
  readonly actionFlow: string;
  readonly when: readonly ConditionPlan[];
  readonly testWhen: ConditionPlan | null;
  readonly split: string | null;
  readonly shape: ShapePlan | null;
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
  | 'shape-changed'
  | 'idempotency-missing'
  | 'mapping-failed'
  | 'trigger-invalid'
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
      /** What drifted; null when the payload fits the shape entirely. Computed on call. */
      readonly drift: (() => readonly Difference[]) | null;
    }
  | {
      readonly kind: 'ignored';
      readonly code: 'no-targets' | 'script-ignored';
      /** The recipient is not null or empty, but gone: the payload lacks a member that would lead to it. */
      readonly isGone?: true;
    }
  | ElementHeld;

export type Evaluation =
  | { readonly kind: 'ignored'; readonly code: 'no-elements' }
  | ElementHeld
  /** One result per element of the batch, or exactly one without split. */
  | { readonly kind: 'judged'; readonly elements: readonly ElementResult[] };

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

/** Most elements of one batch. */
export const MAX_ELEMENTS = 10_000;

export function materialiseEvaluator(plan: EvaluationPlan): Evaluator {
  return new PlanEvaluator(plan);
}

class PlanEvaluator implements Evaluator {
  readonly #plan: EvaluationPlan;
  readonly #when: ConditionMatcher;
  readonly #testWhen: ConditionMatcher | null;
  readonly #split: Splitter | null;
  readonly #shape: ShapeChecker | null;
  readonly #isRecipientGone: (payload: JsonValue) => boolean;
  readonly #structured: StructuredMapper | null;
  readonly #idempotency: IdempotencyReader;

  constructor(plan: EvaluationPlan) {
    this.#plan = plan;
    this.#when = materialiseConditions(plan.when);
    this.#testWhen = plan.testWhen === null ? null : materialiseConditions([plan.testWhen]);
    this.#split = plan.split === null ? null : materialiseSplit(plan.split);
    this.#shape = plan.shape === null ? null : materialiseShape(plan.shape);
    this.#isRecipientGone = plan.shape === null ? () => false : materialiseAbsence(plan.shape);
    this.#structured = plan.mapping.kind === 'structured' ? materialiseMapping(plan.mapping) : null;
    this.#idempotency = materialiseIdempotency(plan.idempotency);
  }

  select(body: JsonValue, headers: RequestHeaders, mode: Mode): Selection {
    const match = this.#when(body, headers);
    if (match.kind === 'differs') return { kind: 'ignored', code: 'when-differs' };
    if (match.kind === 'missing')
      return { kind: 'held', code: 'when-missing', differences: match.differences };
    const isTestTraffic = this.#testWhen !== null && this.#testWhen(body, headers).kind !== 'differs';
    return { kind: 'ours', mode: isTestTraffic ? 'test' : mode };
  }

  async evaluate(
    input: EvaluationInput,
    mode: Mode,
    scripts: ScriptRunner,
    only?: readonly number[],
  ): Promise<Evaluation> {
    if (this.#shape === null)
      return held('no-sample', 'the connector has no sample yet: add one, then replay');
    if (this.#split === null) {
      return { kind: 'judged', elements: [await this.#element(input.body, '', input, mode, scripts)] };
    }
    const found = this.#split(input.body);
    if (found === null) {
      const path = this.#plan.split as string;
      const difference = { path, expected: 'list', found: 'something else' };
      return held('shape-changed', `${path} is not a list`, [difference], 'pause');
    }
    if (found.length === 0) return { kind: 'ignored', code: 'no-elements' };
    if (found.length > MAX_ELEMENTS) return held('shape-changed', `more than ${MAX_ELEMENTS} elements`);
    const chosen = only ?? found.keys().toArray();
    const elements: ElementResult[] = [];
    for (const index of chosen) {
      const element = found[index];
      if (element !== undefined)
        elements.push(await this.#element(element, String(index), input, mode, scripts));
    }
    return { kind: 'judged', elements };
  }

  sourceId(input: EvaluationInput): string | null {
    // The id of an element says nothing about its batch: the same body is the same batch.
    if (this.#split !== null && this.#plan.idempotency.kind === 'path') {
      return createHash('sha256').update(input.eventBody()).digest('hex');
    }
    return this.#idempotency(input.body, input.headers, input.eventBody);
  }

  async #element(
    payload: JsonValue,
    elementId: string,
    input: EvaluationInput,
    mode: Mode,
    scripts: ScriptRunner,
  ): Promise<ElementResult> {
    const verdict = (this.#shape as ShapeChecker)(payload);
    if (verdict !== null && verdict.grade !== 'drift') {
      const differences = verdict.differences();
      return held('shape-changed', describe(differences), differences, verdict.grade);
    }
    const mapped = this.#structured
      ? this.#structured(payload, input.headers)
      : await this.#runScript(payload, input, scripts);
    if (mapped.kind === 'ignored' && mapped.code === 'no-targets' && this.#isRecipientGone(payload))
      return { ...mapped, isGone: true };
    if (mapped.kind !== 'mapped') return mapped;
    const checked = checkTrigger(mapped.value);
    if (!checked.ok) return held('trigger-invalid', checked.message);
    const flowInvocationId = this.#invocationId(checked.trigger, payload, elementId, input, mode);
    if (flowInvocationId === null) {
      return held('idempotency-missing', 'the event id that `idempotency` names is missing');
    }
    return {
      kind: 'mapped',
      trigger: { ...checked.trigger, flowInvocationId },
      flowInvocationId,
      drift: verdict === null ? null : () => verdict.differences(),
    };
  }

  async #runScript(
    payload: JsonValue,
    input: EvaluationInput,
    scripts: ScriptRunner,
  ): Promise<MapResult | ElementHeld | { kind: 'ignored'; code: 'script-ignored' }> {
    const mapping = this.#plan.mapping;
    if (mapping.kind !== 'script') throw new Error('a structured mapping has no script');
    const result = await scripts.run(this.#plan.id, mapping, scriptRequest(payload, input));
    if (!result.ok) {
      const { code, message, line, column = 1 } = result;
      const place = line === undefined ? null : placeInScript(mapping, line, column);
      if (place === null) return held(code, message);
      const where = `${place.file}:${place.line}:${place.column}`;
      return { ...held(code, `${message} (${where})`), ...place };
    }
    if (result.value === null) return { kind: 'ignored', code: 'script-ignored' };
    return { kind: 'mapped', value: result.value };
  }

  #invocationId(
    trigger: Trigger,
    payload: JsonValue,
    elementId: string,
    input: EvaluationInput,
    mode: Mode,
  ): string | null {
    if (trigger.flowInvocationId !== undefined) return trigger.flowInvocationId;
    const idempotency = this.#plan.idempotency;
    // Without an event id every request is an event of its own.
    const sourceId =
      idempotency.kind === 'none'
        ? input.requestId
        : this.#idempotency(payload, input.headers, input.eventBody);
    if (sourceId === null) return null;
    // An id inside the element names it wherever it stands in a batch; otherwise its position tells it apart.
    const element = idempotency.kind === 'path' ? '' : elementId;
    return invocationId([this.#plan.id, this.#plan.actionFlow, mode, sourceId, element]);
  }
}

function held(
  code: HoldReason,
  message: string,
  differences: readonly Difference[] = [],
  grade?: ElementHeld['grade'],
): ElementHeld {
  const held: ElementHeld = { kind: 'held', code, message, differences };
  return grade === undefined ? held : { ...held, grade };
}

function describe(differences: readonly Difference[]): string {
  const first = differences[0];
  if (first === undefined) return 'the payload does not look like the samples';
  const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : '';
  return `${first.path}: expected ${first.expected}, found ${first.found}${more}`;
}
