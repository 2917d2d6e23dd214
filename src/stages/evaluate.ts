/**
 * Stages 9, 11 and 12: from a parsed body to triggers. The same function serves the runtime, `preview`, the cases and
 * the compiler's own checks, so that what a reviewer sees is what production does.
 */
import { createHash } from 'node:crypto';
import type { Trigger } from '../generated/trigger.ts';
import { checkTrigger } from './check-trigger.ts';
import type {
  ElementHeld,
  ElementResult,
  Evaluation,
  EvaluationInput,
  EvaluationPlan,
  Evaluator,
  HoldReason,
  Selection,
} from './evaluation.ts';
import { type IdempotencyReader, invocationId, materialiseIdempotency, namesElement } from './idempotency.ts';
import type { JsonValue } from './json/json-value.ts';
import { type MapResult, materialiseMapping, type StructuredMapper } from './mapping/map-structured.ts';
import { type ConditionMatcher, materialiseConditions } from './match-when.ts';
import type { Mode, SplitPlan } from './plans.ts';
import type { RequestHeaders } from './request.ts';
import { placeInScript } from './script/script-places.ts';
import { scriptRequest } from './script/script-request.ts';
import type { ScriptRunner } from './script/script-runner.ts';
import { findUnsafeValue } from './script/unsafe-value.ts';
import { materialiseAbsence, materialiseShape, type ShapeChecker } from './shape/check.ts';
import type { Difference } from './shape/difference.ts';
import { materialiseSplit, type Splitter, splitOf } from './split.ts';

/** Most elements of one batch. */
export const MAX_ELEMENTS = 10_000;
/** Most triggers that a script makes of one payload. */
const MAX_SCRIPT_TRIGGERS = 1_000;

export function materialiseEvaluator(plan: EvaluationPlan): Evaluator {
  return new PlanEvaluator(plan);
}

class PlanEvaluator implements Evaluator {
  readonly #plan: EvaluationPlan;
  readonly #when: ConditionMatcher;
  readonly #testWhen: ConditionMatcher | null;
  readonly #split: Splitter | null;
  readonly #elementWhen: ConditionMatcher | null;
  readonly #elementTestWhen: ConditionMatcher | null;
  readonly #shape: ShapeChecker | null;
  readonly #isRecipientGone: (payload: JsonValue, root: JsonValue) => boolean;
  readonly #envelope: ShapeChecker | null;
  readonly #structured: StructuredMapper | null;
  readonly #idempotency: IdempotencyReader;

  constructor(plan: EvaluationPlan) {
    this.#plan = plan;
    this.#when = materialiseConditions(plan.when);
    this.#testWhen = plan.testWhen === null ? null : materialiseConditions([plan.testWhen]);
    const split = plan.split === null ? null : splitOf(plan.split);
    this.#split = split === null ? null : materialiseSplit(split);
    const when = split?.when ?? [];
    this.#elementWhen = when.length === 0 ? null : materialiseConditions(when);
    const testWhen = split?.testWhen ?? null;
    this.#elementTestWhen = testWhen === null ? null : materialiseConditions([testWhen]);
    this.#shape = plan.shape === null ? null : materialiseShape(plan.shape);
    this.#isRecipientGone = plan.shape === null ? () => false : materialiseAbsence(plan.shape);
    this.#envelope = plan.envelope === undefined ? null : materialiseShape(plan.envelope);
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
      const elements = await this.#element(input.body, '', input, mode, scripts);
      const isBatch = Array.isArray(elements);
      if (!isBatch) return { kind: 'judged', elements: [elements as ElementResult], indexes: [0], isBatch };
      const parts = [...(elements as readonly ElementResult[]).entries()];
      const wanted = only === undefined ? parts : parts.filter(([index]) => only.includes(index));
      const indexes = wanted.map(([index]) => index);
      return { kind: 'judged', elements: wanted.map(([, result]) => result), indexes, isBatch };
    }
    const found = this.#split(input.body);
    if (found === null) {
      const { list } = splitOf(this.#plan.split as string | SplitPlan);
      const difference = { path: list, expected: 'list', found: 'something else' };
      return held('shape-changed', `${list} is not a list`, [difference], 'pause');
    }
    if (found.length === 0) return { kind: 'ignored', code: 'no-elements' };
    if (found.length > MAX_ELEMENTS) return held('shape-changed', `more than ${MAX_ELEMENTS} elements`);
    const envelope = this.#envelope?.(input.body) ?? null;
    if (envelope !== null && envelope.grade !== 'drift') {
      const differences = envelope.differences().map((one) => ({ ...one, path: `$${one.path}` }));
      return held('shape-changed', describe(differences), differences, envelope.grade);
    }
    const elements: ElementResult[] = [];
    const indexes: number[] = [];
    for (const index of only ?? found.keys().toArray()) {
      const element = found[index];
      if (element === undefined) continue;
      const results = [await this.#selected(element, index, input, mode, scripts)].flat();
      elements.push(...results);
      indexes.push(...results.map(() => index));
    }
    return { kind: 'judged', elements, indexes, isBatch: true };
  }

  sourceId(input: EvaluationInput): string | null {
    // The id of an element says nothing about its batch: the same body is the same batch.
    if (this.#split !== null && namesElement(this.#plan.idempotency)) {
      return createHash('sha256').update(input.eventBody()).digest('hex');
    }
    return this.#idempotency(input.body, input.headers, input.eventBody);
  }

  /** An element of a batch, if it is for the connector. */
  async #selected(
    element: JsonValue,
    index: number,
    input: EvaluationInput,
    mode: Mode,
    scripts: ScriptRunner,
  ): Promise<ElementResult | readonly ElementResult[]> {
    const match = this.#elementWhen?.(element, input.headers, input.body);
    if (match?.kind === 'differs') return { kind: 'ignored', code: 'when-differs' };
    if (match?.kind === 'missing') {
      const [first] = match.differences;
      const message = `${first?.path ?? 'a value'}: expected ${first?.expected}, found ${first?.found}`;
      return held('when-missing', message, match.differences);
    }
    const isTest =
      this.#elementTestWhen !== null &&
      this.#elementTestWhen(element, input.headers, input.body).kind !== 'differs';
    return this.#element(element, String(index), input, isTest ? 'test' : mode, scripts);
  }

  /** One result; or several, where a script made a list of triggers. */
  async #element(
    payload: JsonValue,
    elementId: string,
    input: EvaluationInput,
    mode: Mode,
    scripts: ScriptRunner,
  ): Promise<ElementResult | readonly ElementResult[]> {
    const verdict = (this.#shape as ShapeChecker)(payload, input.body);
    if (verdict !== null && verdict.grade !== 'drift') {
      const differences = verdict.differences();
      return held('shape-changed', describe(differences), differences, verdict.grade);
    }
    const mapped = this.#structured
      ? this.#structured(payload, input.headers, input.body)
      : await this.#runScript(payload, input, scripts);
    if (
      mapped.kind === 'ignored' &&
      mapped.code === 'no-targets' &&
      this.#isRecipientGone(payload, input.body)
    )
      return { ...mapped, isGone: true };
    if (mapped.kind !== 'mapped') return mapped;
    const drift = verdict === null ? null : () => verdict.differences();
    const finish = (value: unknown, position: string): ElementResult =>
      this.#finish(value, { payload, elementId, position, input, mode, drift });
    if (this.#structured !== null || !Array.isArray(mapped.value)) return finish(mapped.value, '');
    const triggers: readonly unknown[] = mapped.value;
    if (triggers.length === 0) return { kind: 'ignored', code: 'script-ignored' };
    if (triggers.length > MAX_SCRIPT_TRIGGERS)
      return held('trigger-invalid', `the script returned more than ${MAX_SCRIPT_TRIGGERS} triggers`);
    return triggers.map((value, index) => finish(value, `#${index}`));
  }

  /** A mapped value as a trigger with its invocation id. */
  #finish(value: unknown, part: Part): ElementResult {
    const unsafe = this.#structured === null ? findUnsafeValue(value) : null;
    if (unsafe !== null) return held('trigger-invalid', unsafe);
    const checked = checkTrigger(value);
    if (!checked.ok) return held('trigger-invalid', checked.message);
    const expires = checked.trigger.cardOptions?.expires;
    if (expires !== undefined && !part.input.isSample && Date.parse(expires) <= part.input.receivedAt)
      return held(
        'card-expired',
        'cardOptions.expires was past when the request arrived: nobody would see the card',
      );
    const flowInvocationId = this.#invocationId(checked.trigger, part);
    if (flowInvocationId === null) {
      return held('idempotency-missing', 'the event id that `idempotency` names is missing');
    }
    const trigger = { ...checked.trigger, flowInvocationId };
    return { kind: 'mapped', trigger, flowInvocationId, mode: part.mode, drift: part.drift };
  }

  async #runScript(
    payload: JsonValue,
    input: EvaluationInput,
    scripts: ScriptRunner,
  ): Promise<MapResult | ElementHeld | { kind: 'ignored'; code: 'script-ignored' }> {
    const mapping = this.#plan.mapping;
    if (mapping.kind !== 'script') throw new Error('a structured mapping has no script');
    const result = await scripts.run(this.#plan.id, mapping, scriptRequest(payload, input, input.body));
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

  #invocationId(trigger: Trigger, { payload, elementId, position, input, mode }: Part): string | null {
    if (trigger.flowInvocationId !== undefined) return trigger.flowInvocationId;
    const idempotency = this.#plan.idempotency;
    // Without an event id every request is an event of its own.
    const sourceId =
      idempotency.kind === 'none'
        ? input.requestId
        : this.#idempotency(payload, input.headers, input.eventBody, input.body);
    if (sourceId === null) return null;
    // An id inside the element names it wherever it stands in a batch; otherwise its position tells it apart.
    const element = namesElement(idempotency) ? position : `${elementId}${position}`;
    return invocationId([this.#plan.id, this.#plan.actionFlow, mode, sourceId, element]);
  }
}

/** What one trigger was made of. */
interface Part {
  readonly payload: JsonValue;
  readonly elementId: string;
  /** In what a script returned; empty: it is the only one. */
  readonly position: string;
  readonly input: EvaluationInput;
  readonly mode: Mode;
  readonly drift: (() => readonly Difference[]) | null;
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
