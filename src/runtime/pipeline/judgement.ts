/**
 * In: what the stages made of a request's payloads. Out: the triggers to send, and what must be held. Shared by the
 * pipeline, test cards and replays, so that all three agree on what a batch is.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import type { OutgoingTrigger } from '../../outcomes/delivery.ts';
import type { IgnoreCode } from '../../outcomes/outcome.ts';
import type { ElementHeld, Evaluation } from '../../stages/evaluate.ts';
import type { Mode } from '../../stages/plans.ts';
import type { Difference } from '../../stages/shape/difference.ts';

/** A trigger and the element of the batch that it came from. */
export interface MappedElement {
  readonly index: number;
  readonly outgoing: OutgoingTrigger;
}

export interface HeldElements {
  /** The element that decides grade and code: the first of the worst grade. */
  readonly worst: ElementHeld;
  /** Indexes of all held elements; null: the request as a whole. */
  readonly elements: readonly number[] | null;
}

export interface Judgement {
  readonly mapped: readonly MappedElement[];
  readonly held: HeldElements | null;
  /** Elements that are nobody's business; the first one's code stands for all. */
  readonly ignored: { readonly code: IgnoreCode; readonly count: number } | null;
  /** Some were ignored because a member that leads to a recipient is missing, and nothing was mapped or held. */
  readonly isRecipientGone: boolean;
  /** The first payload that fits, but not quite; null when all fit entirely. */
  readonly drift: (() => readonly Difference[]) | null;
}

export interface JudgementContext {
  readonly plan: ConnectorPlan;
  readonly requestId: string;
  readonly mode: Mode;
  /** Names of flows and the ids they have in this deployment. */
  readonly flows: Readonly<Record<string, string>>;
  /** Indexes that were evaluated, where not all were. */
  readonly only?: readonly number[] | null;
}

const SEVERITY = { none: 0, hold: 1, pause: 2 } as const;

const NOTHING: Judgement = { mapped: [], held: null, ignored: null, isRecipientGone: false, drift: null };

export function judge(evaluation: Evaluation, context: JudgementContext): Judgement {
  if (evaluation.kind === 'ignored') return { ...NOTHING, ignored: { code: evaluation.code, count: 0 } };
  if (evaluation.kind === 'held') return { ...NOTHING, held: { worst: evaluation, elements: null } };
  const { plan, requestId, mode } = context;
  const actionFlow = flowId(plan.actionFlow, context.flows);
  const mapped: MappedElement[] = [];
  const heldIndexes: number[] = [];
  let worst: ElementHeld | null = null;
  let ignoredCode: IgnoreCode | null = null;
  let ignoredCount = 0;
  let isGone = false;
  let drift: Judgement['drift'] = null;
  for (const [position, result] of evaluation.elements.entries()) {
    const index = context.only?.[position] ?? position;
    if (result.kind === 'mapped') {
      const { flowInvocationId, trigger } = result;
      mapped.push({
        index,
        outgoing: { requestId, connector: plan.id, actionFlow, mode, flowInvocationId, trigger },
      });
      drift ??= result.drift;
    } else if (result.kind === 'held') {
      heldIndexes.push(index);
      if (worst === null || SEVERITY[result.grade] > SEVERITY[worst.grade]) worst = result;
    } else {
      ignoredCode ??= result.code;
      ignoredCount += 1;
      isGone ||= result.isGone === true;
    }
  }
  const elements = plan.split === null ? null : heldIndexes;
  return {
    mapped,
    held: worst === null ? null : { worst, elements },
    ignored: ignoredCode === null ? null : { code: ignoredCode, count: ignoredCount },
    isRecipientGone: isGone && mapped.length === 0 && worst === null,
    drift,
  };
}

function flowId(actionFlow: string, flows: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(flows, actionFlow) ? flows[actionFlow] : undefined) ?? actionFlow;
}

/** One sentence on a condition that cannot be judged. */
export function missingMessage(differences: readonly Difference[]): string {
  return `${differences[0]?.path ?? 'a value'} is missing, which every sample has`;
}

/** Where a script failed; null: no script did, or the place is not known. */
export function failurePlace({ worst }: HeldElements): string | null {
  return worst.file === undefined ? null : `${worst.file}:${worst.line}:${worst.column}`;
}

/** One sentence on why a request is held, with the place in the batch where there is one. */
export function heldMessage(held: HeldElements): string {
  const { message } = held.worst;
  if (held.elements === null) return message;
  return held.elements.length === 1
    ? `element ${held.elements[0]}: ${message}`
    : `${held.elements.length} elements, such as: ${message}`;
}
