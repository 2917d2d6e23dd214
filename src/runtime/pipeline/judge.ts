/**
 * The judge. In: a connector's functions, a request that has arrived and was parsed, and what is allowed. Out: whether it is
 * the connector's, in which mode, and what becomes of each payload. Production, replays, test cards, previews, cases and
 * `drift` all ask here; nothing else decides what a status means. Sends, holds and pauses nothing.
 */
import type { ConnectorPlan } from '../../bundle/plan.ts';
import { type Grade, type HoldCode, type IgnoreCode, OUTCOME_CODES } from '../../outcomes/codes.ts';
import type { OutgoingTrigger } from '../../outcomes/delivery.ts';
import type {
  ElementHeld,
  ElementResult,
  Evaluation,
  EvaluationInput,
  Selection,
} from '../../stages/evaluation.ts';
import type { Mode } from '../../stages/plans.ts';
import type { ScriptRunner } from '../../stages/script/script-runner.ts';
import type { Difference } from '../../stages/shape/difference.ts';
import type { ConnectorRunner } from './connector.ts';

type Runner = Pick<ConnectorRunner, 'plan' | 'evaluator'>;

/** What `when` and `testWhen` say of a request. */
export interface Selected {
  /** The effective mode: live only where the connector, the deployment and the request all are. */
  readonly mode: Mode;
  readonly ignored: 'when-differs' | null;
  readonly held: Held | null;
}

export interface Allowed {
  /** test: nothing goes live, whatever the connector says. */
  readonly maxMode: Mode;
  readonly scripts: ScriptRunner;
  /** Names of flows and the ids they have in this deployment. */
  readonly flows?: Readonly<Record<string, string>>;
  /** Indexes of the elements to judge; null or absent: all of the batch. */
  readonly only?: readonly number[] | null;
}

/** A trigger and the element of the batch that it came from. */
export interface MappedElement {
  readonly index: number;
  readonly outgoing: OutgoingTrigger;
}

/** Why some of a request, or all, is kept: the first reason of the worst grade. */
export interface Held {
  readonly code: HoldCode;
  readonly grade: Grade;
  /** One sentence for people; no payload values. */
  readonly message: string;
  readonly differences: readonly Difference[];
  /** Indexes of all held elements; null: the request as a whole. */
  readonly elements: readonly number[] | null;
  /** Where a script failed: file, line and column; null: no script did, or the place is not known. */
  readonly at: string | null;
}

export interface Judgement {
  readonly mode: Mode;
  readonly mapped: readonly MappedElement[];
  readonly held: Held | null;
  /** Elements that are nobody's business; the first one's code stands for all. */
  readonly ignored: { readonly code: IgnoreCode; readonly count: number } | null;
  /** Some were ignored because a member that leads to a recipient is missing, and nothing was mapped or held. */
  readonly isRecipientGone: boolean;
  /** The first payload that fits, but not quite; null when all fit entirely. */
  readonly drift: (() => readonly Difference[]) | null;
  /** Payloads were judged and nothing is held: this ends a row of held requests. */
  readonly isFit: boolean;
  /** Its parts have fates of their own: elements of a batch, or triggers that a script made. */
  readonly isBatch: boolean;
  /** What the stages said of each payload, or of the request as a whole. */
  readonly results: readonly (ElementResult | Exclude<Evaluation, { kind: 'judged' }>)[];
}

const SEVERITY: Record<Grade, number> = { none: 0, hold: 1, pause: 2 };

const NOTHING = {
  mapped: [],
  held: null,
  ignored: null,
  drift: null,
  isFit: false,
  isRecipientGone: false,
  isBatch: false,
  results: [],
};

/** What a connector's requests may be at most; of a disabled one nobody asks. */
export function modeOf({ status }: Pick<ConnectorPlan, 'status'>, maxMode: Mode): Mode {
  return status === 'live' && maxMode === 'live' ? 'live' : 'test';
}

/** Stage 9. */
export function selectRequest(
  { plan, evaluator }: Runner,
  { body, headers }: Pick<EvaluationInput, 'body' | 'headers'>,
  maxMode: Mode,
): Selected {
  const allowed = modeOf(plan, maxMode);
  const selection = evaluator.select(body, headers, allowed);
  return {
    mode: selection.kind === 'ours' ? selection.mode : allowed,
    ignored: selection.kind === 'ignored' ? selection.code : null,
    held: selection.kind === 'held' ? heldAsMissing(selection) : null,
  };
}

/** Stages 11 and 12, in the mode that stage 9 found, whatever else it found. */
export async function judgeSelected(
  { plan, evaluator }: Runner,
  input: EvaluationInput,
  { mode }: Pick<Selected, 'mode'>,
  { scripts, flows = {}, only = null }: Omit<Allowed, 'maxMode'>,
): Promise<Judgement> {
  const evaluation = await evaluator.evaluate(input, mode, scripts, only ?? undefined);
  if (evaluation.kind === 'ignored')
    return {
      ...NOTHING,
      mode,
      isBatch: true,
      ignored: { code: evaluation.code, count: 0 },
      results: [evaluation],
    };
  if (evaluation.kind === 'held')
    return {
      ...NOTHING,
      mode,
      isBatch: plan.split !== null,
      held: heldAs(evaluation, null),
      results: [evaluation],
    };
  const actionFlow = flowId(plan.actionFlow, flows);
  const mapped: MappedElement[] = [];
  const heldIndexes: number[] = [];
  let worst: ElementHeld | null = null;
  let ignoredCode: IgnoreCode | null = null;
  let ignoredCount = 0;
  let isGone = false;
  let drift: Judgement['drift'] = null;
  for (const [position, result] of evaluation.elements.entries()) {
    const index = evaluation.indexes[position] ?? position;
    if (result.kind === 'mapped') {
      const { flowInvocationId, trigger } = result;
      mapped.push({
        index,
        outgoing: {
          requestId: input.requestId,
          connector: plan.id,
          actionFlow,
          ...(plan.target === undefined ? {} : { target: plan.target }),
          mode: result.mode,
          flowInvocationId,
          trigger,
        },
      });
      drift ??= result.drift;
    } else if (result.kind === 'held') {
      if (heldIndexes.at(-1) !== index) heldIndexes.push(index);
      if (worst === null || SEVERITY[gradeOf(result)] > SEVERITY[gradeOf(worst)]) worst = result;
    } else {
      ignoredCode ??= result.code;
      ignoredCount += 1;
      isGone ||= result.isGone === true;
    }
  }
  return {
    mode,
    mapped,
    held: worst === null ? null : heldAs(worst, evaluation.isBatch ? heldIndexes : null),
    ignored: ignoredCode === null ? null : { code: ignoredCode, count: ignoredCount },
    drift,
    isFit: worst === null,
    isRecipientGone: isGone && mapped.length === 0 && worst === null,
    isBatch: evaluation.isBatch,
    results: evaluation.elements,
  };
}

/** Stages 9, 11 and 12. */
export async function judge(runner: Runner, input: EvaluationInput, allowed: Allowed): Promise<Judgement> {
  const { mode, ignored, held } = selectRequest(runner, input, allowed.maxMode);
  if (ignored !== null) return { ...NOTHING, mode, ignored: { code: ignored, count: 0 } };
  if (held !== null) return { ...NOTHING, mode, held };
  return judgeSelected(runner, input, { mode }, allowed);
}

/** What the table of codes says, unless the shape says otherwise. */
export function gradeOf({ code, grade }: Pick<ElementHeld, 'code' | 'grade'>): Grade {
  return grade ?? OUTCOME_CODES[code].grade;
}

function heldAsMissing({ code, differences }: Selection & { kind: 'held' }): Held {
  const { grade } = OUTCOME_CODES[code];
  const [first] = differences;
  const isThere = first !== undefined && first.found !== 'missing' && first.found !== 'null';
  const message = isThere
    ? `${first.path}: expected ${first.expected}, found ${first.found}`
    : `${first?.path ?? 'a value'} is missing, which every sample has`;
  return { code, grade, message, differences, elements: null, at: null };
}

function heldAs(worst: ElementHeld, elements: readonly number[] | null): Held {
  const { code, differences, message, file, line, column } = worst;
  const at = file === undefined ? null : `${file}:${line}:${column}`;
  return { code, grade: gradeOf(worst), message: messageOf(message, elements), differences, elements, at };
}

/** One sentence, with the place in the batch where there is one. */
function messageOf(message: string, elements: readonly number[] | null): string {
  if (elements === null) return message;
  return elements.length === 1
    ? `element ${elements[0]}: ${message}`
    : `${elements.length} elements, such as: ${message}`;
}

function flowId(actionFlow: string, flows: Readonly<Record<string, string>>): string {
  return (Object.hasOwn(flows, actionFlow) ? flows[actionFlow] : undefined) ?? actionFlow;
}
